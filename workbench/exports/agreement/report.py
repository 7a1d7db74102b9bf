"""What an agreement report is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from workbench.annotations.breakdowns import Breakdown
from workbench.annotations.coderagreement import CoderAgreement
from workbench.annotations.comparisons import GroupComparison
from workbench.annotations.disagreement import ConfusedPair, DisputedParagraph
from workbench.annotations.figures import Agreement, Figure, Interval
from workbench.annotations.needs import Need
from workbench.annotations.prelabelling import PrelabelEffect
from workbench.annotations.standards import StandardComparison
from workbench.records import Paragraph

#: What computes the figures, by the name under which it is installed.
SOFTWARE = "workbench"
#: The standard that adjudicators set.
GOLD = "the gold"


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Figures, disagreements, and the paragraphs by id, as far as they are to be shown.

    `breakdowns` are by report, source, section and week, `coders` each coder
    against the others, `calibration` the paragraphs that all coded against the
    rest, `standards` the coders against gold and a model, `needs` how many more
    paragraphs each code takes. `with_text` False: neither the paragraphs' text
    nor the coders' comments, which may quote it, leave with the report.
    """

    title: str
    made_at: datetime
    agreement: Agreement
    disputed: tuple[DisputedParagraph, ...] = ()
    confused: tuple[ConfusedPair, ...] = ()
    paragraphs: Mapping[str, Paragraph] = field(default_factory=dict)
    with_text: bool = True
    breakdowns: tuple[Breakdown, ...] = ()
    coders: tuple[CoderAgreement, ...] = ()
    calibration: GroupComparison | None = None
    prelabels: PrelabelEffect | None = None
    standards: tuple[StandardComparison, ...] = ()
    needs: tuple[Need, ...] = ()

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
