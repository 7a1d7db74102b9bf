"""What the codebook's phrases and hints say of a code in general. Pure.

A find speaks for its code much as finds of other codes speak for theirs. So how much is learned
from all codes together, and each code's own weights start from there: from few labels, and where
a publisher's words are new, the model then leans on the codebook.
"""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from workbench.models.features import PhraseFeatures
from workbench.models.hints import HintFeatures

#: How much the common answer counts as a column, beside a phrase's 1. More makes the model lean
#: on the codebook even where it has labels enough; chosen on leave-one-report-out figures.
SCALE = 1.0


def find_own_columns(features: FeatureUnion, codes: Sequence[str]) -> np.ndarray:
    """The columns of each code's own phrases and hints in a union, (codes, kinds).

    The kinds are the same for all: those of `PhraseFeatures`, then the hints.
    No kinds where `features` has no phrases, or lacks one of `codes`.
    """
    kinds: list[list[int]] = []
    end = 0
    for _, part in getattr(features, "transformer_list", ()):
        start, end = end, end + part.width_
        if isinstance(part, PhraseFeatures):
            known, width = list(part.codes), part.WIDTH
        elif isinstance(part, HintFeatures):
            known, width = list(part.hints), 1
        else:
            continue
        if not set(codes) <= set(known):
            return np.zeros((len(codes), 0), dtype=int)
        firsts = [start + width * known.index(code) for code in codes]
        kinds += [[first + k for first in firsts] for k in range(width)]
    return np.array(kinds, dtype=int).reshape(len(kinds), len(codes)).T


def learn_prior(
    table: sp.csr_matrix, labels: np.ndarray, weights: np.ndarray, own: np.ndarray
) -> np.ndarray | None:
    """What each column adds to the log-odds of a code in general: (columns, codes), times SCALE.

    Only the code's `own` columns (see `find_own_columns`) add anything. A
    logistic regression over the labels of all codes, `labels` and `weights` of
    the shape (rows, codes), gives one weight for each kind of column. None
    where nothing is found of any code, or it speaks neither for nor against.
    Codes of which nothing is found have no part in it.
    """
    found = [k for k, columns in enumerate(own) if table[:, columns].nnz]
    if not found:
        return None
    known = {k: np.flatnonzero(labels[:, k] >= 0) for k in found}
    finds = sp.vstack([table[known[k]][:, own[k]] for k in found]).tocsr()
    given = np.concatenate([labels[known[k], k] for k in found])
    if len(np.unique(given)) < 2:
        return None
    regression = LogisticRegression(max_iter=1000)
    regression.fit(
        finds, given, sample_weight=np.concatenate([weights[known[k], k] for k in found])
    )
    prior = np.zeros((table.shape[1], len(own)))
    for k, columns in enumerate(own):
        prior[columns, k] = SCALE * regression.coef_[0]
    return prior
