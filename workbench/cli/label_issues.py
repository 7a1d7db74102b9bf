"""`workbench label-issues`."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from workbench.annotations.address import studio_address
from workbench.annotations.codings import codings_from
from workbench.cli.app import App
from workbench.cli.labels import Labels, gather_labels
from workbench.cli.options import json_option
from workbench.cli.output import Lines, emit_json, print_table, tell
from workbench.cli.training import train_on, training_options
from workbench.errors import StudioError
from workbench.models.doubts import Doubt, find_doubts
from workbench.models.evaluation import HELD_OUT
from workbench.models.heldout import arrange_held_out
from workbench.store.tasks import list_projects, tasks_of

# Characters of a paragraph in the table; the file has the whole.
_SHOWN = 60


@click.command(
    short_help="List annotations that the model doubts.",
    epilog="Example: workbench label-issues -n 30 -o exports/recheck.jsonl",
)
@training_options
@click.option("-n", "--number", type=click.IntRange(1), default=20, help="How many (else 20).")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write them here, as JSONL.")
@json_option
@click.pass_obj
def command(
    app: App,
    wanted: tuple[str, ...],
    method: str,
    embeddings: str | None,
    names: str | None,
    number: int,
    seed: int | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """List the annotations to look at again, the most doubtful first.

    A decision on a code is doubted where a model that has not seen the paragraph's report is as
    sure of the opposite as it usually is of paragraphs that have it. First come those that the
    other coders contradict too. The model may be wrong: this is a list to recheck, not to correct.
    """
    app.use(seed=seed, names=names)
    found = gather_labels(app, wanted, method)
    trained = train_on(app, found, method, embeddings)
    held = arrange_held_out(trained.metrics[HELD_OUT], found.coded, trained.codes)
    scores = dict(zip(held.paragraph_ids, held.answers.scores.tolist(), strict=True))
    doubts = find_doubts(codings_from(found.annotations), scores, trained.codes)
    records = list(_describe(doubts[:number], found, _links(app)))
    if output:
        with Lines(output) as file:
            for record in records:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    if as_json:
        emit_json({"doubted": len(doubts), **_count(doubts), "issues": records})
    else:
        _print(doubts, records)
    if output:
        tell(f"{len(records)} of {len(doubts)} doubted decisions written to {output}")


def _describe(
    doubts: Sequence[Doubt], found: Labels, links: dict[str, str]
) -> Iterator[dict[str, Any]]:
    paragraphs = {item.paragraph.paragraph_id: item for item in found.coded}
    given = {(c.unit, c.coder): sorted(c.codes) for c in codings_from(found.annotations)}
    for doubt in doubts:
        item = paragraphs[doubt.paragraph_id]
        yield {
            **asdict(doubt),
            "quality": round(doubt.quality, 4),
            "codes": given[doubt.paragraph_id, doubt.coder],
            "consensus": list(item.codes),
            "report_id": item.paragraph.report_id,
            "section": list(item.paragraph.section),
            "text": item.paragraph.text,
            "link": links.get(doubt.paragraph_id),
        }


def _links(app: App) -> dict[str, str]:
    """Where each pushed paragraph is in Label Studio, by its id; nothing asks the server."""
    try:
        url = studio_address(app.workspace)
    except StudioError:
        return {}
    with app.database.session() as session:
        return {
            paragraph_id: f"{url}/projects/{project.studio_id}/data?task={task}"
            for project in list_projects(session, url)
            for paragraph_id, task in tasks_of(session, project.project_id).items()
        }


def _count(doubts: Sequence[Doubt]) -> dict[str, dict[str, int]]:
    coders = Counter(doubt.coder for doubt in doubts)
    codes = Counter(doubt.code for doubt in doubts)
    return {"by_coder": dict(coders.most_common()), "by_code": dict(codes.most_common())}


def _print(doubts: Sequence[Doubt], records: Sequence[dict[str, Any]]) -> None:
    if not doubts:
        click.echo("the model doubts no annotation")
        return
    print_table(
        ("coder", "code", "decided", "score", "others agree", "paragraph", "text"),
        [
            (
                record["coder"],
                record["code"],
                "given" if record["given"] else "not given",
                f"{record['score']:.2f}",
                f"{record['agreeing']} of {record['others']}",
                record["paragraph_id"],
                _shorten(record["text"]),
            )
            for record in records
        ],
    )
    click.echo(f"\n{len(records)} of {len(doubts)} doubted decisions")
    for name, counts in _count(doubts).items():
        told = ", ".join(f"{key} {count}" for key, count in counts.items())
        click.echo(f"{name.replace('_', ' ')}: {told}")


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"
