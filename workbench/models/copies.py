"""Which texts are new, and which are copies of others, edited ones too. Pure.

`folds` tells near duplicates (NEAR), which are not learned from while one of them is
held out. Text that was edited more than that is learned from, so it is no new text either:
it must not stand in the figures for new text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from workbench.reports.nearest import find_near
from workbench.reports.shingles import ROUNDING
from workbench.reports.words import normalise

#: A text is new where its Jaccard similarity (word 3-shingles) to every other is below this.
NEW_BELOW = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """How like each other texts are.

    `variant` (texts,) numbers their different wordings, `alike` (variants, variants) has
    the similarity of those with NEW_BELOW or more; of each with itself it is 1.
    """

    variant: np.ndarray
    alike: csr_matrix

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Copies":
        """The copies among `texts`."""
        rows: dict[str, int] = {}
        variant = [rows.setdefault(normalise(text), len(rows)) for text in texts]
        wordings = list(rows)
        pairs = [*find_near(wordings, wordings, NEW_BELOW)]
        pairs += [(row, row, 1.0) for row in range(len(rows))]
        left, right, similarity = zip(*pairs, strict=True) if pairs else ((), (), ())
        shape = (len(rows), len(rows))
        alike = csr_matrix((np.array(similarity, dtype=float), (left, right)), shape=shape)
        return cls(np.array(variant, dtype=np.intp), alike)

    def measure(self, asked: np.ndarray, others: np.ndarray) -> np.ndarray:
        """For each place of `asked` how like it the likest of `others` is, 0 below NEW_BELOW.

        Both are places in the texts.
        """
        there = np.zeros(self.alike.shape[0], dtype=bool)
        there[self.variant[others]] = True
        columns = self.alike[:, np.flatnonzero(there)]
        if not columns.shape[1]:
            return np.zeros(len(asked))
        return columns[self.variant[asked]].max(axis=1).toarray().ravel()


def is_copy(similarity: np.ndarray, least: float = NEW_BELOW) -> np.ndarray:
    """Whether similarities reach `least`, rounding forgiven."""
    return similarity >= least - ROUNDING
