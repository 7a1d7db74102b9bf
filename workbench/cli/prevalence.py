"""`workbench prevalence`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import click

from workbench.annotations.consensus import share_consensus
from workbench.cli.app import App
from workbench.cli.options import json_option, report_option
from workbench.cli.output import emit_json, print_table, tell
from workbench.errors import UsageError
from workbench.models.audit import NOWHERE, bounds_of, number_of
from workbench.models.prevalence import LEVEL, Prevalence, Stratum, estimate_prevalence
from workbench.records import CodedParagraph, Paragraph
from workbench.store.annotations import list_annotations
from workbench.store.reports import choose_reports, iterate_paragraphs
from workbench.store.selections import list_batches


@dataclass(frozen=True, slots=True)
class _Audit:
    """The audit of some reports: by bound their paragraphs, and which of them are in it."""

    population: Mapping[str, Sequence[Paragraph]]
    sample: Mapping[str, Sequence[Paragraph]]


@click.command(
    short_help="Estimate how often each code occurs.",
    epilog="Example: workbench prevalence --report kazakhstan-2018-state",
)
@report_option
@json_option
@click.pass_obj
def command(app: App, wanted: tuple[str, ...], as_json: bool) -> None:
    """Estimate how often each code occurs in all paragraphs of the reports, with 95 % intervals.

    From the audit alone: the paragraphs that `workbench push --n` drew at random. What was chosen
    for tagging in any other way would bias the figures, and what a model predicts does not count.
    """
    with app.database.session() as session:
        reports = [report.report_id for report in choose_reports(session, wanted)]
        batches = list_batches(session)
        paragraphs = list(iterate_paragraphs(session, kinds=("text",)))
        coded = share_consensus(paragraphs, list_annotations(session)).coded
    bounds = bounds_of((b.reports, b.audited_to) for b in batches)
    audited = [r for r in reports if bounds.get(r, NOWHERE) != NOWHERE]
    if not audited:
        raise UsageError(
            "no paragraph of these reports was drawn at random yet",
            "run `workbench push --select mixed --n 50` and have them tagged",
        )
    audit = _gather(paragraphs, {r: bounds[r] for r in audited}, batches[0].audit_seed)
    by_id = {item.paragraph.paragraph_id: item for item in coded}
    figures = {code: _estimate(audit, by_id, code) for code in app.codebook.code_names}
    drawn = [p for part in audit.sample.values() for p in part]
    waiting = sum(1 for p in drawn if p.paragraph_id not in by_id)
    if as_json:
        emit_json(
            {
                "reports": audited,
                "not_audited": [r for r in reports if r not in audited],
                "population": sum(map(len, audit.population.values())),
                "drawn": len(drawn),
                "waiting": waiting,
                "level": LEVEL,
                "method": "stratified random sample; Wilson, finite population correction",
                "codes": {code: found and asdict(found) for code, found in figures.items()},
            }
        )
        return
    click.echo(
        f"{len(drawn)} of {sum(map(len, audit.population.values()))} paragraphs of"
        f" {len(audited)} reports were drawn at random; {len(drawn) - waiting} of them are coded"
    )
    print_table(
        ("code", "in the audit", "share", "from", "to", "paragraphs", "from", "to"),
        [_row(code, found) for code, found in figures.items()],
    )
    if waiting:
        tell(f"{waiting} drawn paragraphs are not coded yet: do not print these figures before")
    if len(audited) < len(reports):
        left = ", ".join(r for r in reports if r not in audited)
        tell(f"nothing of {left} was drawn at random: the figures do not speak of it")


def _gather(paragraphs: Sequence[Paragraph], bounds: Mapping[str, str], seed: int) -> _Audit:
    population: dict[str, list[Paragraph]] = {}
    sample: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs:
        bound = bounds.get(paragraph.report_id)
        if bound is None:
            continue
        population.setdefault(bound, []).append(paragraph)
        sample.setdefault(bound, [])
        if number_of(paragraph.paragraph_id, seed) <= bound:
            sample[bound].append(paragraph)
    return _Audit(population, sample)


def _estimate(audit: _Audit, coded: Mapping[str, CodedParagraph], code: str) -> Prevalence | None:
    """The figure of a code; a paragraph on which its coders are tied counts as not coded."""
    strata = []
    for bound, population in audit.population.items():
        items = [coded[p.paragraph_id] for p in audit.sample[bound] if p.paragraph_id in coded]
        decided = [item for item in items if code not in item.tied]
        positives = sum(1 for item in decided if code in item.codes)
        strata.append(Stratum(len(population), len(decided), positives))
    return estimate_prevalence(strata)


def _row(code: str, found: Prevalence | None) -> tuple[object, ...]:
    if found is None:
        return (code, "too few coded", *("" for _ in range(6)))
    shares = (found.share, found.low, found.high)
    return (
        code,
        f"{found.positives} of {found.sample}",
        *(f"{share:.1%}" for share in shares),
        *(round(share * found.population) for share in shares),
    )
