"""Each coder's sensitivity and specificity per code, and what their decisions then amount to. Pure.

The model is Dawid and Skene's (see `dawid_skene.py`), fitted for each code by
itself: a paragraph has the code or has it not. It takes the coders' errors for
independent of each other, which they are not where a paragraph is hard.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from workbench.annotations.dawid_skene import DawidSkene, fit_dawid_skene
from workbench.errors import AnnotationError
from workbench.records import Annotation

#: Two coders are not enough to tell who errs: five unknowns, three things to be seen.
FEWEST_CODERS = 3
#: Below this many paragraphs that two or more coded, the estimates swing more than they help.
FEWEST_SHARED = 300
#: From here on a sensitivity is right to about 0.05 where one paragraph in twenty has the code.
ENOUGH_SHARED = 1000


@dataclass(frozen=True, slots=True)
class Settled:
    """What an adjudicator settled of a paragraph: the codes it has, those still tied."""

    codes: Collection[str]
    tied: Collection[str]


@dataclass(frozen=True, slots=True)
class CoderQuality:
    """How a coder uses a code: estimates from 0 to 1, and on how many paragraphs they rest.

    `sensitivity` is how often the coder gives the code where it applies,
    `specificity` how often they withhold it where it does not.
    """

    coder: str
    code: str
    sensitivity: float
    specificity: float
    paragraphs: int


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """The fitted models. `shared` is the number of paragraphs that two coders or more coded."""

    coders: tuple[str, ...]
    models: Mapping[str, DawidSkene]
    decisions: tuple[int, ...]
    shared: int
    _places: Mapping[str, int] = field(repr=False)

    def judge(self, votes: Sequence[Annotation]) -> dict[str, float]:
        """The probability of each code that these coders' decisions on one paragraph name."""
        given = sorted({code for vote in votes for code in vote.codes})
        probabilities = {}
        for code in given:
            counts = np.zeros((1, len(self.coders), 2))
            for vote in votes:
                counts[0, self._places[vote.coder], int(code in vote.codes)] += 1
            probabilities[code] = float(self.models[code].judge(counts)[0, 1])
        return probabilities

    @property
    def qualities(self) -> tuple[CoderQuality, ...]:
        """Every coder's use of every code, in order of code and coder."""
        return tuple(
            CoderQuality(coder, code, float(rates[1, 1]), float(rates[0, 0]), decisions)
            for code, model in self.models.items()
            for coder, rates, decisions in zip(
                self.coders, model.rates, self.decisions, strict=True
            )
        )

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The codes whose estimates had not come to rest."""
        return tuple(code for code, model in self.models.items() if not model.converged)


def measure_reliability(
    votes: Mapping[str, Sequence[Annotation]], settled: Mapping[str, Settled]
) -> Reliability:
    """Fit a model for each code that a coder gave.

    `votes` are the coders' decisions by paragraph id (each coder once), `settled`
    what adjudicators decided, which is taken for the truth. Raises
    AnnotationError where there are too few coders or shared paragraphs.
    """
    shared = {key for key, given in votes.items() if len(given) > 1}
    coders = tuple(sorted({vote.coder for given in votes.values() for vote in given}))
    comparable = {vote.coder for key in shared for vote in votes[key]}
    if len(comparable) < FEWEST_CODERS or len(shared) < FEWEST_SHARED:
        raise AnnotationError(
            f"Dawid-Skene labels need {FEWEST_CODERS} coders and {FEWEST_SHARED} paragraphs that "
            f"two or more of them coded; there are {len(comparable)} and {len(shared)}",
            "take the majority's labels, or have more paragraphs coded twice",
        )
    places = {coder: place for place, coder in enumerate(coders)}
    # In order of the ids, so that the order of reading does not move the last digit.
    rows = {key: row for row, key in enumerate(sorted(votes))}
    present = np.zeros((len(rows), len(coders)))
    given: dict[str, np.ndarray] = {}
    for key, row in rows.items():
        for vote in votes[key]:
            place = (row, places[vote.coder])
            present[place] += 1
            for code in vote.codes:
                given.setdefault(code, np.zeros_like(present))[place] += 1
    models = {}
    for code, gave in sorted(given.items()):
        known = np.full(len(rows), -1)
        for key, ruling in settled.items():
            if key in rows and code not in ruling.tied:
                known[rows[key]] = int(code in ruling.codes)
        models[code] = fit_dawid_skene(np.stack([present - gave, gave], axis=2), known)
    decisions = tuple(int(number) for number in present.sum(axis=0))
    return Reliability(coders, models, decisions, len(shared), places)
