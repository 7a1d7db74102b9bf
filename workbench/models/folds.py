"""Which paragraphs are held out together, and what may be learned from meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.reports.linking import link_texts
from workbench.reports.shingles import ShingleTable
from workbench.reports.words import normalise

#: Folds where paragraphs, or several reports, have to share one.
FOLDS = 5
#: As in `carried_over`: the Jaccard similarity from which two texts are near duplicates.
NEAR = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """One fold, as places of paragraphs: judged are the `held`, learned from is the `rest`.

    `others` are all paragraphs of other folds: the `rest` and those left out of
    it because they are duplicates, near ones too, of something held.
    """

    held: np.ndarray
    rest: np.ndarray
    others: np.ndarray


def split_folds(folds: np.ndarray, duplicates: np.ndarray, judged: np.ndarray) -> Iterator[Split]:
    """The folds in which anything is judged, in order; no cluster is on both sides of one.

    `folds` has the fold of each paragraph, `duplicates` its cluster (see
    `group_duplicates`), `judged` whether it is held out at all.
    """
    for number in np.unique(folds[judged]):
        held = (folds == number) & judged
        others = folds != number
        rest = others & ~np.isin(duplicates, duplicates[held])
        yield Split(np.flatnonzero(held), np.flatnonzero(rest), np.flatnonzero(others))


def fold_by_report(reports: Sequence[str]) -> np.ndarray:
    """The fold of each paragraph, one fold per report, in the order of the report ids."""
    return np.unique(np.asarray(reports, dtype=str), return_inverse=True)[1]


def fold_within(reports: Sequence[str], duplicates: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """At most `FOLDS` folds that cut no report in two, or with one report no near duplicates.

    With one report: one in which anything is `judged`. `duplicates` is what
    `group_duplicates` gave for the same paragraphs.
    """
    by_report = fold_by_report(reports)
    several = len(np.unique(by_report[judged])) > 1
    return _share_out(by_report if several else duplicates, judged)


def group_duplicates(texts: Sequence[str]) -> np.ndarray:
    """A number per text, the same for near duplicates, and for what they link to.

    Near duplicates share `NEAR` or more of their word 3-shingles (Jaccard).
    """
    rows: dict[str, int] = {}
    row = np.array([rows.setdefault(normalise(text), len(rows)) for text in texts], dtype=np.intp)
    return link_texts(ShingleTable.of(rows), NEAR)[row]


def _share_out(groups: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """Whole groups into at most `FOLDS` folds of about as many judged, largest groups first.

    Groups of equal size come in an order drawn by chance, always the same: in
    the order of the text a code that returns every few paragraphs, or every
    few years, could end up in one fold.
    """
    groups = np.unique(groups, return_inverse=True)[1]
    sizes = np.bincount(groups, weights=judged)
    shuffled = np.random.default_rng(0).permutation(len(sizes))
    filled = np.zeros(min(FOLDS, int(np.count_nonzero(sizes)) or 1))
    fold_of_group = np.zeros(len(sizes), dtype=int)
    for group in shuffled[np.argsort(-sizes[shuffled], kind="stable")]:
        fold_of_group[group] = filled.argmin()
        filled[fold_of_group[group]] += sizes[group]
    return fold_of_group[groups]
