"""How well the coders do themselves, in the units in which a model is judged. Pure.

Each coder is judged against the majority of the others, as if it were a method and they the truth.
A model that learns from these coders cannot be expected to do better, and where it seems to, its
figure says no more than that it is as good as a coder.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

import numpy as np

from workbench.models.classifier import UNDECIDED
from workbench.models.figures import Answers, compute_figures


class Coding(Protocol):
    """One coder's decision on one paragraph (`unit`)."""

    @property
    def unit(self) -> str: ...
    @property
    def coder(self) -> str: ...
    @property
    def codes(self) -> Collection[str]: ...


def measure_ceiling(
    codings: Iterable[Coding], codes: Sequence[str], seed: int
) -> dict[str, object] | None:
    """The figures of `compute_figures` for one coder against the others; None without two.

    Only paragraphs with two coders or more count, each once for each of its
    coders; all decisions on a paragraph are drawn together for the intervals.
    Where exactly half of the others gave a code, the truth is undecided. Added
    are `coders` (F1 and decisions of each against the others) and `paragraphs`,
    which counts paragraphs and not decisions.
    """
    by_unit: dict[str, list[Coding]] = defaultdict(list)
    for coding in codings:
        by_unit[coding.unit].append(coding)
    shared = {unit: by_unit[unit] for unit in sorted(by_unit) if len(by_unit[unit]) > 1}
    if not shared:
        return None
    labels, given, groups, coders = [], [], [], []
    for number, decisions in enumerate(shared.values()):
        table = np.array([[code in coding.codes for code in codes] for coding in decisions])
        others = table.sum(axis=0) - table
        half = (len(decisions) - 1) / 2
        truth = np.where(others == half, UNDECIDED, (others > half).astype(int))
        labels.append(truth)
        given.append(table)
        groups += [number] * len(decisions)
        coders += [coding.coder for coding in decisions]
    answers = Answers(np.vstack(labels), np.vstack(given).astype(float), np.vstack(given))
    figures = compute_figures(answers, codes, seed, np.array(groups))
    names = np.array(coders)
    figures["coders"] = {
        name: {
            "decisions": int((names == name).sum()),
            **{
                part: compute_figures(answers.keep(names == name), codes, seed)[part]
                for part in ("micro_f1", "macro_f1")
            },
        }
        for name in sorted(set(coders))
    }
    figures["paragraphs"] = len(shared)
    return figures
