"""What an agreement report is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from workbench.annotations.disagreement import ConfusedPair, DisputedParagraph
from workbench.annotations.figures import Agreement, Figure, Interval
from workbench.records import Paragraph


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Figures, disagreements, and the paragraphs by id, as far as they are to be shown.

    `with_text` False: neither the paragraphs' text nor the coders' comments,
    which may quote it, leave with the report.
    """

    title: str
    made_at: datetime
    agreement: Agreement
    disputed: tuple[DisputedParagraph, ...] = ()
    confused: tuple[ConfusedPair, ...] = ()
    paragraphs: Mapping[str, Paragraph] = field(default_factory=dict)
    with_text: bool = True

    def shown_disputed(self) -> tuple[DisputedParagraph, ...]:
        """The disputed paragraphs, without their comments where text is left out."""
        if self.with_text:
            return self.disputed
        return tuple(
            replace(item, choices=tuple(replace(choice, comment="") for choice in item.choices))
            for item in self.disputed
        )


def show_figure(figure: Figure) -> str:
    """A coefficient to three places, or "undefined"."""
    return "undefined" if figure.value is None else f"{figure.value:.3f}"


def show_percent(figure: Figure) -> str:
    """A proportion as a percentage to one place, or "undefined"."""
    return "undefined" if figure.value is None else f"{figure.value * 100:.1f} %"


def show_interval(interval: Interval) -> str:
    """An interval's ends in brackets; empty where it has none."""
    if interval.low is None or interval.high is None:
        return ""
    return f"[{interval.low:.3f}, {interval.high:.3f}]"
