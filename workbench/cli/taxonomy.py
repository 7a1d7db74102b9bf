"""`workbench taxonomy`."""

from pathlib import Path

import click

from workbench.cli.app import App
from workbench.cli.options import json_option
from workbench.cli.output import emit_json, print_table
from workbench.taxonomy.codebook import Codebook, load_codebook
from workbench.taxonomy.labelconfig import render_label_config


@click.group(short_help="Show or check the codebook.", epilog="Example: workbench taxonomy check")
def command() -> None:
    """Show or check the codebook, taxonomy/rights.yaml."""


@command.command(epilog="Example: workbench taxonomy show --label-config > page.xml")
@click.option("--label-config", is_flag=True, help="Print the Label Studio labelling page instead.")
@json_option
@click.pass_obj
def show(app: App, label_config: bool, as_json: bool) -> None:
    """Print the codes as a table, or the Label Studio configuration."""
    codebook = app.codebook
    if label_config:
        click.echo(render_label_config(codebook))
    elif as_json:
        emit_json(_summary(codebook))
    else:
        click.echo(f"{codebook.name}, version {codebook.version}: {codebook.title}\n")
        print_table(
            ("key", "code", "name", "phrases", "instruments"),
            [
                (c.hotkey, c.code, c.name, len(c.phrases), ", ".join(c.instruments))
                for c in codebook.codes
            ],
        )
        for code in codebook.codes:
            click.echo(f"\n{code.code}: {code.definition}")
            for title, items in (("code", code.include), ("do not code", code.exclude)):
                for item in items:
                    click.echo(f"  {title}: {item}")


@command.command(epilog="Example: workbench taxonomy check my-codebook.yaml")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def check(app: App, file: Path | None, as_json: bool) -> None:
    """Check the workspace's codebook, or FILE; an error names the field."""
    codebook = load_codebook(file) if file else app.codebook
    if as_json:
        emit_json(_summary(codebook))
    else:
        names = ", ".join(codebook.code_names)
        click.echo(f"good: {codebook.name}, version {codebook.version}, codes {names}")


def _summary(codebook: Codebook) -> dict[str, object]:
    return {
        "name": codebook.name,
        "version": codebook.version,
        "sha256": codebook.sha256,
        "codes": [
            {
                "code": c.code,
                "name": c.name,
                "definition": c.definition,
                "instruments": list(c.instruments),
                "phrases": len(c.phrases),
                "hotkey": c.hotkey,
                "colour": c.colour,
            }
            for c in codebook.codes
        ],
    }
