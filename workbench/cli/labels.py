"""The consensus labels, as the commands that use them get them and speak of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from workbench.annotations.consensus import (
    DAWID_SKENE,
    LABELS,
    MAJORITY,
    Consensus,
    is_moved,
    share_consensus,
)
from workbench.annotations.reliability import ENOUGH_SHARED, FEWEST_CODERS
from workbench.cli.app import App
from workbench.cli.output import tell
from workbench.errors import AnnotationError
from workbench.records import KINDS, Annotation, CodedParagraph
from workbench.store.annotations import list_annotations
from workbench.store.reports import choose_reports, iterate_paragraphs

F = TypeVar("F", bound=Callable[..., Any])
_NO_TEXT = tuple(kind for kind in KINDS if kind != "text")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of some reports, and the annotations of all of them that they come from.

    `sources` has the publisher of each report by its id.
    """

    consensus: Consensus
    annotations: tuple[Annotation, ...]
    sources: Mapping[str, str | None]

    @property
    def coded(self) -> tuple[CodedParagraph, ...]:
        """The paragraphs with their labels."""
        return self.consensus.coded

    @property
    def carried(self) -> frozenset[str]:
        """The ids of those whose label is a twin's."""
        return self.consensus.carried


def labels_option(command: F) -> F:
    """--labels, as `method`: how disputed codes are decided."""
    return click.option(
        "--labels",
        "method",
        type=click.Choice(LABELS),
        default=MAJORITY,
        show_default=True,
        help="How codes on which coders differ are decided; adjudication stands over either.",
    )(command)


def gather_labels(app: App, wanted: Sequence[str], method: str = MAJORITY) -> Labels:
    """The labels of the wanted reports (all where none is named), with remarks on them.

    `method` is one of `consensus.LABELS`. AnnotationError where there are no
    labels, or too little for `method`.
    """
    with app.database.session() as session:
        others = {p.paragraph_id: p.report_id for p in iterate_paragraphs(session, kinds=_NO_TEXT)}
        sources = {report.report_id: report.source for report in choose_reports(session, wanted)}
        paragraphs = iterate_paragraphs(session, kinds=("text",))
        annotations = tuple(list_annotations(session))
        # Of all reports: what was decided in another one may carry over into these.
        everything = share_consensus(paragraphs, annotations, method)
    consensus = everything.of_reports(sources)
    if not consensus.coded:
        raise AnnotationError(
            "no paragraph of these reports has an annotation",
            "run `workbench pull`, or `workbench annotations import FILE`",
        )
    _remark(consensus, method)
    _remark_on_others(annotations, others, sources)
    return Labels(consensus, annotations, sources)


def _remark(consensus: Consensus, method: str) -> None:
    coded = consensus.coded
    tell(f"{len(coded)} coded paragraphs of {len({c.paragraph.report_id for c in coded})} reports")
    if settled := sum(item.provenance.decided == "adjudicated" for item in coded):
        tell(f"{settled} of them are adjudicated, which stands over the coders' own decisions")
    if consensus.carried:
        tell(
            f"{len(consensus.carried)} of them have the codes of a paragraph with the same words; "
            "evaluation counts each decision once"
        )
    if tied := sum(bool(item.tied) for item in coded):
        tell(
            f"{tied} of them are tied on a code and teach nothing about it (awaiting adjudication)"
        )
    if method == DAWID_SKENE:
        _remark_on_reliability(consensus)
    elif consensus.shared >= ENOUGH_SHARED and _count_coders(consensus) >= FEWEST_CODERS:
        tell(
            f"{consensus.shared} paragraphs were coded by two coders or more: enough for "
            f"`--labels {DAWID_SKENE}`, which weighs each coder by how reliable they are"
        )


def _remark_on_others(
    annotations: Sequence[Annotation], others: Mapping[str, str], wanted: Collection[str]
) -> None:
    """Say which labels are left out: `others` has the report of each paragraph that is no text."""
    left_out = {a.paragraph_id for a in annotations if others.get(a.paragraph_id) in wanted}
    if left_out:
        tell(
            f"{len(left_out)} labelled paragraphs are left out: they are no text to code (cross"
            " references, remarks on the report itself)"
        )


def _remark_on_reliability(consensus: Consensus) -> None:
    moved = sum(is_moved(c) for c in consensus.coded if c.provenance.decided == DAWID_SKENE)
    tell(f"{moved} of them have other codes than those of more than half of their coders")
    if consensus.shared < ENOUGH_SHARED:
        tell(
            f"only {consensus.shared} paragraphs were coded by two coders or more: below "
            f"{ENOUGH_SHARED} the coders' reliability is known but roughly"
        )
    if consensus.reliability and consensus.reliability.unfinished:
        codes = ", ".join(consensus.reliability.unfinished)
        tell(f"the estimates of the coders' reliability have not come to rest for {codes}")


def _count_coders(consensus: Consensus) -> int:
    return len({coder for item in consensus.coded for coder in item.coders})
