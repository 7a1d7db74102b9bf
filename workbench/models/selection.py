"""Which paragraphs to tag next. Pure.

A batch has two parts. The audit slice is drawn at random (see `audit`), so that
figures on how often a code occurs rest on it alone; the rest goes where the next
labels teach most. Of near duplicates one is chosen, and none where one is tagged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UsageError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: What a user may ask for.
STRATEGIES = ("mixed", "uncertain", "diverse", "rare", "random")
#: `mixed` takes turns between these.
MIX = ("uncertain", "spread", "uncertain", "rare")
_REASONS = {"spread": "uncertain and diverse"}


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Paragraphs to choose from, and those tagged or sent already, one row each.

    `open_` (rows,) says which may be chosen; the others only repel. `scores`
    (rows, codes) are the labeller's, `thresholds` (codes,) from which score a
    code is given. `features` (rows, any) has rows of length 1 (see
    `build_space`). `clusters` (rows,) is equal for near duplicates.
    `positives` (codes,) counts the paragraphs known to carry each code.
    """

    open_: np.ndarray
    scores: np.ndarray
    thresholds: np.ndarray
    features: "csr_matrix"
    clusters: np.ndarray
    positives: np.ndarray


class Draw:
    """A choice in progress: what may still be taken, and how far it is from what is."""

    def __init__(self, pool: Pool, seed: int) -> None:
        self.pool = pool
        self.random = np.random.default_rng(seed)
        self.free = pool.open_ & ~np.isin(pool.clusters, pool.clusters[~pool.open_])
        self.doubt = measure_doubt(pool.scores, pool.thresholds)
        self.positives = pool.positives.astype(float)
        # Ties are broken at random: the order of the reports must not decide.
        self.turn = self.random.permutation(len(pool.open_))
        self._similar: np.ndarray | None = None
        self._taken: list[int] = []

    def take(self, row: int) -> None:
        """Choose a row; its near duplicates are out, its expected codes are counted."""
        self.free &= self.pool.clusters != self.pool.clusters[row]
        self.positives += self.pool.scores[row]
        self._taken.append(row)
        if self._similar is not None:
            self._approach(self.pool.features[[row]])

    def best(self, values: np.ndarray) -> int:
        """The free row with the highest of `values` (rows,)."""
        free = np.flatnonzero(self.free)
        return int(free[np.lexsort((self.turn[free], -values[free]))[0]])

    def distances(self) -> np.ndarray:
        """The squared distance of each row from the nearest one chosen or tagged, (rows,).

        For rows of length 1 it is 2 - 2 times the cosine; 2 where there is none.
        """
        if self._similar is None:
            self._similar = np.zeros(len(self.free))
            held = np.flatnonzero(~self.pool.open_).tolist() + self._taken
            for start in range(0, len(held), 256):
                self._approach(self.pool.features[held[start : start + 256]])
        return 2 - 2 * np.clip(self._similar, 0, 1)

    def _approach(self, rows: "csr_matrix") -> None:
        met = (self.pool.features @ rows.T).max(axis=1)
        self._similar = np.maximum(self._similar, met.toarray().ravel())


def choose_rows(pool: Pool, strategy: str, number: int, seed: int) -> list[int]:
    """At most `number` open rows of `pool`, in the order in which they were chosen.

    Fewer where fewer are left that are no near duplicates. The same pool and
    seed give the same rows. Raises UsageError for a strategy that is not in
    STRATEGIES.
    """
    if strategy not in STRATEGIES:
        raise UsageError(f"no strategy {strategy!r}", f"choose from: {', '.join(STRATEGIES)}")
    steps = [_STEPS[name] for name in (MIX if strategy == "mixed" else (strategy,))]
    draw = Draw(pool, seed)
    chosen: list[int] = []
    while len(chosen) < number and draw.free.any():
        row = steps[len(chosen) % len(steps)](draw)
        draw.take(row)
        chosen.append(row)
    return chosen


def explain_choice(strategy: str, place: int) -> str:
    """Why a row was chosen, in a word or three: that at `place` (from 0) of `choose_rows`."""
    steps = MIX if strategy == "mixed" else (strategy,)
    step = steps[place % len(steps)]
    return _REASONS.get(step, step)


def measure_doubt(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """How near each row is to a decision that could fall either way, 0 to 1, (rows,).

    Per code 1 at the threshold, 0 at the ends of the scale, linear between; of
    a row the mean over codes of its square, so that one open question counts
    for more than a little doubt about every code.
    """
    if not scores.size:
        return np.zeros(len(scores))
    below = scores / np.maximum(thresholds, 1e-9)
    above = (1 - scores) / np.maximum(1 - thresholds, 1e-9)
    return np.mean(np.clip(np.where(scores < thresholds, below, above), 0, 1) ** 2, axis=1)


def build_space(texts: Sequence[str]) -> "csr_matrix":
    """Rows of length 1 in which distances tell how different `texts` are: TF-IDF of their words.

    Learned from these texts alone, labelled or not, so that it neither needs a
    model nor inherits what a model does not see.
    """
    # Imported here: every push offers to draw, few do.
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(sublinear_tf=True, max_df=0.5, token_pattern=r"[^\W\d_]{2,}")
    try:
        return vectorizer.fit_transform(texts)
    except ValueError:  # no word is left: all texts are the same, or have none
        return csr_matrix((len(texts), 1))


def _take_uncertain(draw: Draw) -> int:
    return draw.best(draw.doubt)


def _take_random(draw: Draw) -> int:
    return int(draw.random.choice(np.flatnonzero(draw.free)))


def _take_rare(draw: Draw) -> int:
    """The likeliest paragraph of the code with the fewest positives, expected ones included."""
    if not len(draw.positives):
        return _take_random(draw)
    return draw.best(draw.pool.scores[:, int(draw.positives.argmin())])


def _take_diverse(draw: Draw) -> int:
    """k-means++ seeding (Arthur and Vassilvitskii 2007), from what is tagged already."""
    return _sample(draw, draw.distances())


def _take_spread(draw: Draw) -> int:
    """k-means++ seeding with each paragraph weighed by its doubt.

    In the spirit of BADGE (Ash et al. 2020), which samples so among gradients.
    """
    return _sample(draw, draw.distances() * draw.doubt)


def _sample(draw: Draw, weights: np.ndarray) -> int:
    weights = np.where(draw.free, weights, 0.0)
    total = weights.sum()
    if total <= 0:
        return _take_random(draw)
    return int(draw.random.choice(len(weights), p=weights / total))


_STEPS: dict[str, Callable[[Draw], int]] = {
    "uncertain": _take_uncertain,
    "diverse": _take_diverse,
    "rare": _take_rare,
    "random": _take_random,
    "spread": _take_spread,
}
