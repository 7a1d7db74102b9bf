"""`workbench annotations`."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from workbench.annotations.codings import adjudications, standing
from workbench.annotations.matching import (
    Matched,
    mark_adjudicated,
    match_records,
    read_records,
)
from workbench.annotations.origins import ADJUDICATION
from workbench.annotations.snapshot import write_snapshot
from workbench.cli.app import App
from workbench.cli.labels import gather_labels, labels_option
from workbench.cli.options import json_option, output_option, report_option
from workbench.cli.output import Lines, emit_json, print_table, tell
from workbench.errors import AnnotationError, UsageError
from workbench.exports.labels import label_record, summarise_labels
from workbench.records import Annotation
from workbench.store.annotations import list_annotations
from workbench.store.history import Event, paragraph_history
from workbench.store.reports import choose_reports, iterate_paragraphs, list_reports
from workbench.store.saving import AnnotationChanges, save_annotations
from workbench.store.tasks import known_paragraphs


@click.group(
    short_help="Import or export annotations as JSONL.",
    epilog="Example: workbench annotations import labels.jsonl",
)
def command() -> None:
    """Import or export annotations as JSONL."""


@command.command("import", epilog="Example: workbench annotations import labels.jsonl")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--adjudicator",
    "adjudicators",
    multiple=True,
    metavar="NAME",
    help="This annotator saw the others' codes and decided: it stands over theirs; repeatable.",
)
@json_option
@click.pass_obj
def import_(app: App, file: Path, adjudicators: tuple[str, ...], as_json: bool) -> None:
    """Import records of `report, section, text, annotator, codes`, one a line.

    A record is matched to a paragraph of its report by its text, else by the best overlap of words.
    Those that match nothing are listed. Importing a file again changes nothing.

    A record with `"adjudicated": true`, or by an --adjudicator, is no coder's own decision: it is
    the paragraph's label, whatever the coders chose, and agreement leaves it out.
    """
    try:
        with file.open(encoding="utf-8-sig") as lines:
            records = list(read_records(lines, app.codebook.code_names, str(file)))
    except OSError as error:
        raise AnnotationError(
            f"{file}: cannot be read: {error.strerror}", "name a file of JSONL records"
        ) from error
    except UnicodeDecodeError as error:
        raise AnnotationError(
            f"{file}: is not UTF-8 text at byte {error.start}", "save the file as UTF-8"
        ) from error
    if not records:
        raise AnnotationError(f"{file}: holds no record", "write one JSON object a line")
    records = mark_adjudicated(records, adjudicators, str(file))
    now = app.now()
    with app.database.session() as session:
        reports = [report for report, _ in list_reports(session)]
        matched = match_records(records, reports, iterate_paragraphs(session), now)
        changes = save_annotations(session, matched.annotations, now)
        held = list_annotations(session)
        write_snapshot(app.workspace.folder("annotations"), held)
    both = _count_twofold(held, {a.coder for a in adjudications(matched.annotations)})
    if as_json:
        emit_json(_as_json(matched, changes))
        return
    coders = len({a.coder for a in matched.annotations})
    click.echo(
        f"{len(records)} records: {matched.exact} matched by text, "
        f"{matched.by_overlap} by overlap, {len(matched.unmatched)} unmatched"
    )
    click.echo(
        f"{len(matched.annotations)} annotations by {coders} coders: {changes.created} new, "
        f"{changes.changed} changed, {changes.unchanged} unchanged"
    )
    if both:
        tell(
            f"{both} paragraphs have a decision of their adjudicator as a coder too, which goes on "
            "counting as one coder's"
        )
    for record in matched.merged:
        codes = ", ".join(record.codes) or "none"
        tell(
            f"{file}, line {record.line}: {record.annotator} has coded this paragraph before "
            f"in the file; {codes} united with that"
        )
    for item in matched.unmatched:
        tell(f"{file}, line {item.record.line}: {item.reason}: {item.record.text[:70]!r}")
    if not matched.annotations:
        raise AnnotationError(
            f"{file}: no record found its paragraph",
            "ingest the reports that it names (`workbench reports` lists those that are there)",
        )


@command.command(epilog="Example: workbench annotations export -o labels.jsonl")
@report_option
@output_option
@click.pass_obj
def export(app: App, wanted: tuple[str, ...], output: Path | None) -> None:
    """Write the annotations as records that `import` reads; skipped ones are left out.

    An adjudicator's decision has `"adjudicated": true`.
    """
    number = 0
    with app.database.session() as session:
        reports = {r.report_id: r for r in choose_reports(session, wanted)}
        paragraphs = {p.paragraph_id: p for p in iterate_paragraphs(session, list(reports))}
        with Lines(output) as file:
            for annotation in list_annotations(session, list(reports)):
                if annotation.skipped:
                    continue
                paragraph = paragraphs[annotation.paragraph_id]
                record = {
                    "paragraph_id": paragraph.paragraph_id,
                    "report": Path(reports[paragraph.report_id].file).name,
                    "section": list(paragraph.section),
                    "text": paragraph.text,
                    "annotator": annotation.coder,
                    "codes": list(annotation.codes),
                    "comment": annotation.comment,
                }
                if annotation.origin == ADJUDICATION:
                    record["adjudicated"] = True
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                number += 1
    if output:
        tell(f"{number} annotations written to {output}")


@command.command(epilog="Example: workbench annotations consensus -o exports/labels.jsonl")
@report_option
@labels_option
@output_option
@json_option
@click.pass_obj
def consensus(
    app: App, wanted: tuple[str, ...], method: str, output: Path | None, as_json: bool
) -> None:
    """Write the consensus labels as JSONL: codes, tied codes, coders and how it was decided.

    They are what `train` learns from. Every record fits the JSON Schema that the package ships
    (workbench/exports/label.schema.json). With --json a summary is printed instead; the labels go
    to the file then, if one is named.
    """
    labels = gather_labels(app, wanted, method)
    if output or not as_json:
        with Lines(output) as file:
            for coded in labels.coded:
                file.write(json.dumps(label_record(coded), ensure_ascii=False) + "\n")
    if as_json:
        emit_json({"labels": method, **summarise_labels(labels.consensus)})
    elif output:
        tell(f"{len(labels.coded)} labels written to {output}")


@command.command(epilog="Example: workbench annotations history tavaria-2018-state.0a1b2c3d4e5f")
@click.argument("paragraph")
@json_option
@click.pass_obj
def history(app: App, paragraph: str, as_json: bool) -> None:
    """Show what happened to the annotations of PARAGRAPH (its id), oldest first.

    Each line is a state as a pull or an import found it: when it was changed, by the server's clock
    (of a deletion when it was found), what happened, whose annotation it is, who did it ("?" where
    that is not known), the codes. Of a deletion Label Studio tells only who changed the task last.
    """
    with app.database.session() as session:
        events = paragraph_history(session, paragraph)
        is_known = paragraph in known_paragraphs(session)
    if not is_known:
        raise UsageError(f"no paragraph {paragraph!r}", "list them with `workbench paragraphs`")
    if as_json:
        emit_json([asdict(event) for event in events])
    elif events:
        print_table(("when", "what", "whose", "by", "codes", "comment"), map(_event_row, events))
    else:
        click.echo("nobody has annotated it")


def _event_row(event: Event) -> tuple[str, ...]:
    told = None if event.action == "deleted" else event.changed_at
    moment = told or event.seen_at
    whose = event.coder
    if event.project_of not in (None, event.coder):
        whose += f" (in the project of {event.project_of})"
    codes = "skipped" if event.skipped else ", ".join(event.codes) or "none"
    comment = " ".join(event.comment.split())
    return f"{moment:%Y-%m-%d %H:%M:%S}", event.action, whose, event.by or "?", codes, comment


def _count_twofold(annotations: Sequence[Annotation], adjudicators: set[str]) -> int:
    """On how many paragraphs an adjudicator decided as a coder too."""
    coded = {(a.paragraph_id, a.coder) for a in standing(annotations)}
    settled = {(a.paragraph_id, a.coder) for a in adjudications(annotations)}
    return len({paragraph for paragraph, coder in coded & settled if coder in adjudicators})


def _as_json(matched: Matched, changes: AnnotationChanges) -> dict[str, object]:
    return {
        "matched_by_text": matched.exact,
        "matched_by_overlap": matched.by_overlap,
        "merged": [
            {"line": r.line, "annotator": r.annotator, "codes": list(r.codes)}
            for r in matched.merged
        ],
        "created": changes.created,
        "changed": changes.changed,
        "unchanged": changes.unchanged,
        "unmatched": [
            {
                "line": u.record.line,
                "report": u.record.report,
                "text": u.record.text,
                "reason": u.reason,
            }
            for u in matched.unmatched
        ],
    }
