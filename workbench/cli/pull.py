"""`workbench pull`."""

from dataclasses import asdict

import click

from workbench.cli.app import App
from workbench.cli.options import dry_run_option, json_option, studio_options
from workbench.cli.output import emit_json
from workbench.cli.pulling import print_pulled, pull


@click.command(
    short_help="Fetch annotations from Label Studio.", epilog="Example: workbench pull --json"
)
@dry_run_option
@studio_options
@json_option
@click.pass_obj
def command(app: App, dry_run: bool, url: str | None, project: str | None, as_json: bool) -> None:
    """Store what coders did: created, changed, skipped and deleted annotations.

    What changed since the last pull is fetched, from all projects of the workspace. Then the
    annotations that Label Studio counts are held against those stored; where the numbers differ,
    everything is fetched, and a difference that is left is an error.

    The history of each is kept; annotations/annotations.jsonl holds those that stand, sorted.
    """
    app.use(url=url, project=project)
    pulled = pull(app, dry_run=dry_run)
    if as_json:
        emit_json(asdict(pulled))
    else:
        print_pulled(pulled)
