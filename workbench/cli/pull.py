"""`workbench pull`."""

from dataclasses import asdict

import click

from workbench.cli.app import App
from workbench.cli.options import json_option, studio_options
from workbench.cli.output import emit_json
from workbench.cli.sync import print_pulled, pull


@click.command(
    short_help="Fetch annotations from Label Studio.", epilog="Example: workbench pull --json"
)
@studio_options
@json_option
@click.pass_obj
def command(app: App, url: str | None, project: str | None, as_json: bool) -> None:
    """Store what coders did: created, changed, skipped and deleted annotations.

    The history of each is kept; annotations/annotations.jsonl holds those that stand, sorted.
    """
    app.use(url=url, project=project)
    pulled = pull(app)
    if as_json:
        emit_json(asdict(pulled))
    else:
        print_pulled(pulled)
