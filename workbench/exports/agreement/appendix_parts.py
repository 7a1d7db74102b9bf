"""What the text for an appendix says of pre-labels, the gold and a model. Pure."""

from collections.abc import Iterable, Sequence

from workbench.annotations.comparisons import HIGHER, LOWER, UNCLEAR
from workbench.annotations.prelabelling import PrelabelEffect
from workbench.annotations.standards import AgainstStandard, StandardComparison
from workbench.exports.agreement.phrases import Name, capital, count, join, with_interval
from workbench.exports.agreement.report import GOLD, show_figure, show_percent

_VERDICTS = {
    HIGHER: "agreement was higher with pre-labels, which raises the figures for all paragraphs",
    LOWER: "agreement was lower with pre-labels",
    UNCLEAR: "no clear difference was found",
}


def say_prelabels(effect: PrelabelEffect | None) -> str:
    """How often pre-labels were kept, and whether they inflate agreement; empty without any."""
    if effect is None or not effect.shown:
        return ""
    known = effect.shown + effect.hidden
    made = "decision was" if effect.shown == 1 else "decisions were"
    text = (
        f"{effect.shown:,} {made} made with a pre-label on the page, of which "
        f"{show_percent(effect.kept_share)} kept exactly its codes"
    )
    if effect.hidden:
        share = f"{effect.hidden / known * 100:.1f} %"
        text += f"; {effect.hidden:,} ({share}) were made on paragraphs shown without one by design"
    if effect.unknown:
        text += f"; of {effect.unknown:,} it is not known"
    if effect.comparison is None:
        return f"{text}. Whether pre-labels inflate agreement was not measured ({effect.reason})."
    difference = effect.comparison.differences[-1]
    if difference.value.value is None:
        return f"{text}. Whether they inflate agreement cannot be said ({difference.reason})."
    verdict = _VERDICTS.get(difference.verdict)
    said = (
        f"{text}. Over sets of codes alpha was {show_figure(effect.comparison.first.masi)} "
        f"where pre-labels were shown and {show_figure(effect.comparison.second.masi)} where they "
        f"were hidden"
    )
    if verdict is None:
        return f"{said}, on too few paragraphs to judge the difference."
    shown = with_interval(difference.value, difference.interval)
    return f"{said}: the difference is {shown} (interval after Zou and Donner 2008), {verdict}."


def say_standards(standards: Sequence[StandardComparison], name: Name) -> Iterable[str]:
    """A sentence for the gold and one for the model, as far as coders coded their paragraphs."""
    for standard in standards:
        coders = [coder for coder in standard.coders if coder.paragraphs]
        if not coders:
            continue
        if standard.name == GOLD:
            one = standard.paragraphs == 1
            yield (
                f"{capital(count(standard.paragraphs, 'paragraph'))} {'was' if one else 'were'} "
                f"adjudicated; the coders had exactly the adjudicated codes in "
                f"{_exact(coders, name)}. As far as only paragraphs on which coders differed were "
                "adjudicated, these shares are low by design."
            )
        else:
            yield (
                f"Compared with {standard.name}, the coders had exactly the same codes in "
                f"{_exact(coders, name)}."
            )


def _exact(coders: Sequence[AgainstStandard], name: Name) -> str:
    return join(
        [
            f"{show_percent(coder.exact)} of {coder.paragraphs:,} ({name(coder.coder)})"
            for coder in coders
        ]
    )
