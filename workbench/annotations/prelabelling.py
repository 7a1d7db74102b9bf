"""What pre-labels do to coding: how often they are kept, and whether they inflate agreement. Pure.

A coder who sees a proposal may keep it for want of time; two who see the same
one then agree with it, not with each other. Agreement where pre-labels were
shown is therefore compared with agreement where none were.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.annotations.codings import arrange_codings, codings_from, standing
from workbench.annotations.comparisons import GroupComparison, compare_groups
from workbench.annotations.figures import Figure
from workbench.records import Annotation

NONE_SHOWN = "no coder saw a pre-label"
ALL_SHOWN = "no coding is known to have been made without a pre-label"


@dataclass(frozen=True, slots=True)
class PrelabelCode:
    """One code over the codings made with a pre-label on the page.

    `proposed` of them proposed it: `kept` or `removed` by the coder. It was
    `added` to others, which did not propose it.
    """

    code: str
    proposed: int
    kept: int
    removed: int
    added: int
    kept_share: Figure
    added_share: Figure


@dataclass(frozen=True, slots=True)
class PrelabelCoder:
    """One coder: of the `shown` codings, how many left the pre-label's codes as they were."""

    coder: str
    shown: int
    kept: int
    kept_share: Figure


@dataclass(frozen=True, slots=True)
class PrelabelEffect:
    """Codings made with pre-labels shown and hidden by design; `unknown` are all others.

    `kept` of the shown left all codes as proposed, `changed` did not.
    `comparison` sets paragraphs all of whose codings saw one (first) against
    those none of whose codings did; None, with a `reason`, where a side is
    missing. `mixed` paragraphs are neither.
    """

    shown: int
    hidden: int
    unknown: int
    kept: int
    changed: int
    kept_share: Figure
    codes: tuple[PrelabelCode, ...]
    coders: tuple[PrelabelCoder, ...]
    mixed: int
    comparison: GroupComparison | None
    reason: str


def measure_prelabels(
    annotations: Iterable[Annotation],
    codes: Sequence[str],
    *,
    reports: Mapping[str, str] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> PrelabelEffect:
    """What coders did with pre-labels, from the annotations that count.

    Raises AgreementError for a code outside `codes`.
    """
    counted = standing(annotations)
    shown = [a for a in counted if a.prelabel is not None]
    hidden = [a for a in counted if a.hidden and a.prelabel is None]
    known = shown + hidden
    per_coder = Counter(a.coder for a in shown)
    kept = Counter(a.coder for a in shown if _same(a))
    seen = Counter(a.paragraph_id for a in shown)
    every = Counter(a.paragraph_id for a in known)
    with_one = frozenset(unit for unit, number in every.items() if seen[unit] == number)
    without = frozenset(unit for unit in every if not seen[unit])
    reason = NONE_SHOWN if not shown else ALL_SHOWN if not hidden else ""
    comparison = None
    if not reason:
        comparison = compare_groups(
            arrange_codings(codings_from(known), codes),
            with_one,
            without,
            ("pre-labels shown", "pre-labels hidden"),
            reports=reports,
            resamples=resamples,
            seed=seed,
        )
    total = sum(kept.values())
    return PrelabelEffect(
        shown=len(shown),
        hidden=len(hidden),
        unknown=len(counted) - len(known),
        kept=total,
        changed=len(shown) - total,
        kept_share=_share(total, len(shown), NONE_SHOWN),
        codes=tuple(_on_code(code, shown) for code in codes),
        coders=tuple(
            PrelabelCoder(coder, number, kept[coder], _share(kept[coder], number, NONE_SHOWN))
            for coder, number in sorted(per_coder.items())
        ),
        mixed=len(every) - len(with_one) - len(without),
        comparison=comparison,
        reason=reason,
    )


def _same(annotation: Annotation) -> bool:
    proposal = annotation.prelabel
    return proposal is not None and set(proposal.codes) == set(annotation.codes)


def _on_code(code: str, shown: Sequence[Annotation]) -> PrelabelCode:
    found = Counter(
        (a.prelabel is not None and code in a.prelabel.codes, code in a.codes) for a in shown
    )
    kept, removed, added = found[True, True], found[True, False], found[False, True]
    proposed = kept + removed
    return PrelabelCode(
        code=code,
        proposed=proposed,
        kept=kept,
        removed=removed,
        added=added,
        kept_share=_share(kept, proposed, "it was never proposed"),
        added_share=_share(added, len(shown) - proposed, "it was always proposed"),
    )


def _share(part: int, whole: int, reason: str) -> Figure:
    return Figure(part / whole) if whole else Figure(None, reason)
