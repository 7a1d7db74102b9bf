"""Whether a score of 0.7 is right in 70 of 100 cases: Brier score and reliability. Pure.

Brier 1950, "Verification of forecasts expressed in terms of probability". Scores must be those of
paragraphs that the model had not seen.
"""

from collections.abc import Sequence

import numpy as np

from workbench.models.classifier import MIN_EXAMPLES, UNDECIDED
from workbench.models.figures import Answers, describe
from workbench.models.resampling import draw_groups, sum_groups

#: Equal parts of the scores from 0 to 1 in a reliability table.
BINS = 5
# The normal quantile of a two-sided interval of 95 %.
_Z = 1.959964


def measure_calibration(
    answers: Answers, codes: Sequence[str], seed: int, groups: np.ndarray
) -> dict[str, object]:
    """Per code: `brier`, `brier_of_share`, `error`, `insufficient` and `bins`.

    `brier` is the mean of (score - label)², with its interval over `groups`
    (see `figures.compute_figures`); lower is better. `brier_of_share` is that
    of giving every paragraph the share of those that carry the code, p(1 - p):
    what knows nothing of the paragraphs scores that. `error` is the expected
    calibration error, the mean distance of a bin's score from its share,
    weighted by its paragraphs. A bin has `low`, `high`, `paragraphs`, the mean
    `score`, the `share` that carries the code and its Wilson interval
    `share_low`, `share_high`; empty ones are left out.
    """
    draw = np.random.default_rng(seed)
    distinct, group = np.unique(groups, return_inverse=True)
    known = answers.labels != UNDECIDED
    squares = np.where(known, (answers.scores - (answers.labels == 1)) ** 2, 0.0)
    # Paragraphs that are drawn together are added up once, not for each resample.
    total, count = (sum_groups(group, len(distinct), table) for table in (squares, known))
    spread = np.concatenate(
        [_mean(drawn @ total, drawn @ count) for drawn in draw_groups(len(distinct), draw)]
    )
    exact = _mean(squares.sum(axis=0), known.sum(axis=0))
    return {
        code: {
            "brier": describe(exact[k], spread[:, k]),
            "insufficient": bool((answers.labels[:, k] == 1).sum() < MIN_EXAMPLES),
            **_describe_code(answers.labels[known[:, k], k] == 1, answers.scores[known[:, k], k]),
        }
        for k, code in enumerate(codes)
    }


def _describe_code(truth: np.ndarray, scores: np.ndarray) -> dict[str, object]:
    if not len(truth):
        return {"brier_of_share": None, "error": None, "bins": []}
    share = float(truth.mean())
    bins = _fill_bins(truth, scores)
    error = sum(b["paragraphs"] * abs(b["score"] - b["share"]) for b in bins) / len(truth)
    return {"brier_of_share": round(share * (1 - share), 4), "error": round(error, 4), "bins": bins}


def _fill_bins(truth: np.ndarray, scores: np.ndarray) -> list[dict[str, float]]:
    # A score of exactly 1 belongs to the last bin.
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    bins = []
    for number in np.unique(place):
        inside = place == number
        low, high = _wilson(int(truth[inside].sum()), int(inside.sum()))
        bins.append(
            {
                "low": round(number / BINS, 4),
                "high": round((number + 1) / BINS, 4),
                "paragraphs": int(inside.sum()),
                "score": round(float(scores[inside].mean()), 4),
                "share": round(float(truth[inside].mean()), 4),
                "share_low": round(low, 4),
                "share_high": round(high, 4),
            }
        )
    return bins


def _wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    share, z2 = hits / count, _Z**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    spread = share * (1 - share) / count + z2 / (4 * count**2)
    half = _Z * float(np.sqrt(spread)) / (1 + z2 / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def _mean(total: np.ndarray, count: np.ndarray) -> np.ndarray:
    out = np.full(np.shape(total), np.nan)
    return np.divide(total, count, out=out, where=np.asarray(count) > 0)
