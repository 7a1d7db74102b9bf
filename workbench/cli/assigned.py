"""What `workbench assign` did, as a table or as JSON."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

import click

from workbench.annotations.overlap import Overlap
from workbench.cli.output import emit_json, print_table, tell
from workbench.cli.sharing import Stock
from workbench.records import Assignment
from workbench.store.assignments import Draw


def print_assigned(
    draw: Draw, stock: Stock, made: Sequence[Assignment], *, dry_run: bool, as_json: bool
) -> None:
    """All assignments by coder and report, those `made` now among them."""
    held = [*stock.existing, *made]
    new = Counter(a.coder for a in made)
    everything = Counter(a.coder for a in held)
    shared = Counter(a.coder for a in held if a.shared)
    by_report = Counter((a.coder, stock.report_of.get(a.paragraph_id)) for a in held)
    people = sorted(everything.keys() | draw.weights.keys())
    reports = sorted({report for _, report in by_report if report} | stock.paragraphs.keys())
    number_shared = len({a.paragraph_id for a in held if a.shared})
    if as_json:
        rows = [
            {
                "coder": name,
                "weight": draw.weights.get(name),
                "assigned": everything[name],
                "new": new[name],
                "shared": shared[name],
                "reports": {report: by_report[name, report] for report in reports},
            }
            for name in people
        ]
        head = {"one_project": False, "dry_run": dry_run, "seed": draw.seed}
        numbers = {"per_paragraph": draw.per_paragraph, "shared": number_shared, "new": len(made)}
        emit_json({**head, **numbers, "coders": rows})
        return
    if made:
        paragraphs = len({a.paragraph_id for a in made})
        would = "would be given out" if dry_run else "given out"
        click.echo(f"{len(made)} assignments of {paragraphs} paragraphs {would}, seed {draw.seed}")
    else:
        click.echo("nothing new to give out")
    print_table(
        ("paragraphs", *people),
        [
            *((report, *(by_report[name, report] for name in people)) for report in reports),
            ("all", *(everything[name] for name in people)),
            ("shared", *(shared[name] for name in people)),
            ("new", *(new[name] for name in people)),
        ],
    )
    if number_shared < draw.shared:
        tell(f"{number_shared} are shared, not {draw.shared}: all others are given out already")
    if made and not dry_run:
        click.echo("send them with `workbench push`")


def print_overlap(draw: Draw, title: str, done: Overlap, *, dry_run: bool, as_json: bool) -> None:
    """What Label Studio's own overlap is set to."""
    if as_json:
        emit_json({"one_project": True, "dry_run": dry_run, "seed": draw.seed, **asdict(done)})
        return
    click.echo(
        f"project {title!r}: {done.tasks} tasks for {draw.per_paragraph} coders each,"
        f" {done.shared} of them for all {len(draw.weights)}"
    )
    if done.shared < draw.shared:
        tell(f"{done.shared} are shared, not {draw.shared}: all other tasks are begun")
    if done.begun:
        tell(f"{done.begun} shared tasks were begun for fewer or more coders: left as they are")
    tell("in one project coders can open each other's work")
