"""`workbench duplicates`."""

from pathlib import Path

import click

from workbench.cli.app import App
from workbench.cli.options import json_option, report_option
from workbench.cli.output import Lines, emit_json, print_table
from workbench.exports.duplicates import cluster_record, cluster_rows, write_clusters
from workbench.reports.duplicates import find_clusters
from workbench.store.reports import choose_reports, iterate_paragraphs


@click.command(
    short_help="List paragraphs that repeat each other.",
    epilog="Example: workbench duplicates --threshold 0.9",
)
@report_option
@click.option(
    "--threshold",
    type=click.FloatRange(0.5, 1),
    default=0.8,
    show_default=True,
    help="The similarity (Jaccard, of runs of three words) of near duplicates.",
)
@click.option(
    "--min-size",
    type=click.IntRange(2),
    default=2,
    show_default=True,
    help="Only clusters of this many paragraphs or more.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file for the clusters as JSONL, in place of the table.",
)
@json_option
@click.pass_obj
def command(
    app: App,
    wanted: tuple[str, ...],
    threshold: float,
    min_size: int,
    output: Path | None,
    as_json: bool,
) -> None:
    """List clusters of exact and near duplicates across reports and years.

    A cluster's first paragraph represents it. The others are its exact copies, but for case,
    quotation marks and dashes, or near duplicates. Paragraphs that only point to another text are
    left out.
    """
    with app.database.session() as session:
        chosen = [report.report_id for report in choose_reports(session, wanted)]
        paragraphs = {
            p.paragraph_id: p for p in iterate_paragraphs(session, chosen, kinds=("text",))
        }
    found = find_clusters([(key, p.text) for key, p in paragraphs.items()], threshold)
    clusters = [cluster for cluster in found if len(cluster.members) >= min_size]
    if output is not None:
        with Lines(output) as file:
            write_clusters(file, clusters, paragraphs)
    if as_json:
        emit_json([cluster_record(cluster, paragraphs) for cluster in clusters])
        return
    if output is None and clusters:
        header, *rows = cluster_rows(clusters, paragraphs)
        print_table(header, rows)
        click.echo()
    members = sum(len(cluster.members) for cluster in clusters)
    exact = sum(cluster.exact for cluster in clusters)
    click.echo(
        f"{len(clusters)} clusters, {exact} of them exact, "
        f"hold {members} of {len(paragraphs)} paragraphs"
    )
    if output is not None:
        click.echo(f"written: {output}")
