"""Is a report like the training data? Pure.

It is compared in three ways, each against what the training reports show of one
another while each is held out: who published it, its words, and the labeller's
scores. A model meets every country for the first time, so unknown words alone say
little; the frequencies of common words tell one publisher's style from another's.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

#: Labels of its own from which a report, or a publisher, counts as known; half of all is enough.
LEAST_LABELS = 30
#: Fewer running words than these say nothing of a style.
LEAST_WORDS = 300
#: How many of the commonest words make a style.
_COMMON = 200
# How far beyond the farthest training report another may lie: the style's distance
# by this factor, shares of unknown words and of doubtful paragraphs by factor and more.
# Chosen so that one publisher's reports on five countries are like each other.
_STYLE_FACTOR = 1.4
_SHARE_FACTOR, _SHARE_MORE = 2.0, 0.05
#: From this closeness to a threshold (see `selection.measure_doubt`, per code) on is doubt.
DOUBT = 0.5

# Words with a capital are left out: names, and what begins a sentence.
_WORD = re.compile(r"(?<![\w'\u2019])[a-z\u00df-\u00f6\u00f8-\u00ff][^\W\d_]+")


@dataclass(frozen=True, slots=True)
class ReportWords:
    """A report's common words, counted per paragraph; `source` is who published it."""

    report_id: str
    source: str | None
    paragraphs: tuple[Counter[str], ...]

    def count(self, first: int = 0, step: int = 1) -> Counter[str]:
        """The words of every `step`th paragraph from `first` on."""
        total: Counter[str] = Counter()
        for paragraph in self.paragraphs[first::step]:
            total.update(paragraph)
        return total


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why a report is unlike the training data, in plain words; no reason: it is like them."""

    report_id: str
    reasons: tuple[str, ...]

    @property
    def like(self) -> bool:
        return not self.reasons


def choose_known(own: Mapping[str, int], paragraphs: Mapping[str, int]) -> frozenset[str]:
    """Which reports, or which publishers, a model has learned enough of to know them.

    `own` counts the labels of each, twins' not included, `paragraphs` what there is
    of it to be coded. Known are those with LEAST_LABELS or with half of
    their paragraphs coded; where none is, those with the most labels.
    """
    coded = {name: number for name, number in own.items() if number}
    known = {n for n, m in coded.items() if m >= min(LEAST_LABELS, paragraphs.get(n, 0) / 2)}
    if not known and coded:
        most = max(coded.values())
        known = {name for name, number in coded.items() if number == most}
    return frozenset(known)


def read_words(report_id: str, source: str | None, texts: Iterable[str]) -> ReportWords:
    """The words of a report's paragraphs, without those that have a capital."""
    counts = tuple(Counter(_WORD.findall(text)) for text in texts)
    return ReportWords(report_id, source, counts)


class Yardstick:
    """The reports of `training`, to judge by them whether others are like them.

    `publishers` are those that count as known, where not just those of these reports.
    """

    def __init__(
        self, training: Sequence[ReportWords], publishers: Collection[str] | None = None
    ) -> None:
        self._training = tuple(training)
        self._ids = {report.report_id for report in training}
        theirs = {report.source for report in training if report.source}
        self._sources = theirs if publishers is None else set(publishers)
        self._whole = [report.count() for report in training]
        self._together = sum(self._whole, Counter())
        self._usual: dict[int, tuple[float, float]] = {}

    def judge(
        self,
        report: ReportWords,
        *,
        doubtful: float | None = None,
        doubtful_held_out: float | None = None,
    ) -> Likeness:
        """Compare `report` with the training reports.

        `doubtful` is the share of the report's paragraphs on which the labeller is
        in doubt (see `share_doubtful`), `doubtful_held_out` that of the training
        paragraphs while they were held out; None where they are not known. A report of
        the training data itself is like it. Of fewer than LEAST_WORDS words only the
        publisher is compared.
        """
        if not self._training or report.report_id in self._ids:
            return Likeness(report.report_id, ())
        reasons = self._compare_source(report)
        if (size := report.count().total()) < LEAST_WORDS:
            return Likeness(report.report_id, tuple(reasons))
        reasons += self._compare_words(report, size)
        if doubtful is not None and doubtful_held_out is not None:
            limit = _SHARE_FACTOR * doubtful_held_out + _SHARE_MORE
            if doubtful > limit:
                reasons.append(
                    f"{doubtful:.0%} of its paragraphs score near a threshold,"
                    f" {doubtful_held_out:.0%} in held-out training reports"
                )
        return Likeness(report.report_id, tuple(reasons))

    def _compare_source(self, report: ReportWords) -> list[str]:
        known = self._sources
        if not known or report.source is None or report.source in known:
            return []
        theirs = ", ".join(sorted(known))
        return [f"its publisher ({report.source}) is not one of theirs ({theirs})"]

    def _compare_words(self, report: ReportWords, size: int) -> list[str]:
        own = report.count()
        unknown, style = _unknown(own, self._together), _distance(own, self._together)
        usual_unknown, usual_style = self._measure_usual(size)
        reasons = []
        if unknown > _SHARE_FACTOR * usual_unknown + _SHARE_MORE:
            reasons.append(
                f"{unknown:.0%} of its words are not in them, {usual_unknown:.0%} at most"
                " between themselves"
            )
        if style > _STYLE_FACTOR * usual_style:
            reasons.append(
                "it is written in another style: its common words differ"
                f" {style / max(usual_style, 1e-9):.1f} times as much as theirs do between"
                " themselves"
            )
        return reasons

    def _measure_usual(self, size: int) -> tuple[float, float]:
        """The most that training reports differ in, unknown words and style.

        Small samples differ by chance: pieces of about as many words are compared.
        """
        # To a factor of the root of 2, so that reports of one length are measured once.
        step = round(2 * math.log2(size))
        if step not in self._usual:
            self._usual[step] = self._measure_pieces(2 ** (step / 2))
        return self._usual[step]

    def _measure_pieces(self, size: float) -> tuple[float, float]:
        alone = len(self._training) == 1
        unknown = style = 0.0
        for other, counts in zip(self._training, self._whole, strict=True):
            pieces = max(2 if alone else 1, round(counts.total() / size))
            rest = self._together - counts
            for first in range(min(pieces, len(other.paragraphs))):
                piece = other.count(first, pieces)
                if alone:
                    rest = self._together - piece
                if piece and rest:
                    unknown = max(unknown, _unknown(piece, rest))
                    style = max(style, _distance(piece, rest))
        return unknown, style


def share_doubtful(scores: np.ndarray, thresholds: np.ndarray) -> float:
    """The share of rows with a score near a threshold; `scores` (rows, codes)."""
    if not scores.size:
        return 0.0
    below = scores / np.maximum(thresholds, 1e-9)
    above = (1 - scores) / np.maximum(1 - thresholds, 1e-9)
    return float((np.where(scores < thresholds, below, above) >= DOUBT).any(axis=1).mean())


def _unknown(words: Counter[str], known: Counter[str]) -> float:
    """The share of running words that `known` does not hold."""
    return sum(n for word, n in words.items() if word not in known) / words.total()


def _distance(words: Counter[str], reference: Counter[str]) -> float:
    """The Hellinger distance, 0 to 1, over the commonest words of `reference`."""
    common = [word for word, _ in sorted(reference.items(), key=lambda x: (-x[1], x[0]))[:_COMMON]]
    ours = np.array([words[word] for word in common]) / words.total()
    theirs = np.array([reference[word] for word in common]) / reference.total()
    return float(np.sqrt(((np.sqrt(ours) - np.sqrt(theirs)) ** 2).sum() / 2))
