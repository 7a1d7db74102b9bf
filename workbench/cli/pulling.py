"""What `pull` and `sync` share: the pull itself, and how it is told."""

import click

from workbench.annotations.pull import Pulled, pull_annotations
from workbench.cli.app import App
from workbench.cli.output import tell, track

#: Remarks that are printed; --json has all.
_REMARKS = 20


def pull(app: App, *, dry_run: bool = False) -> Pulled:
    """Pull the annotations and write the snapshot."""
    return pull_annotations(
        app.gateway,
        app.database,
        app.plan(),
        app.workspace.folder("annotations"),
        app.now(),
        track,
        dry_run=dry_run,
    )


def print_pulled(pulled: Pulled) -> None:
    """What a pull brought, for a person."""
    changes = pulled.changes
    would = "to fetch: " if pulled.dry_run else ""
    click.echo(
        f"{pulled.on_server} annotations on the server: {would}{changes.created} new, "
        f"{changes.changed} changed, {changes.unchanged} unchanged, {changes.deleted} deleted"
    )
    if len(pulled.projects) > 1:
        for project in pulled.projects:
            new = project.changes
            click.echo(
                f"  {project.coder or project.title}: {project.on_server} annotations, "
                f"{new.created} new, {new.changed} changed, {new.deleted} deleted"
            )
    if seen := changes.kept + changes.corrected:
        click.echo(f"of {seen} made from a pre-label {changes.kept} kept its codes")
    for remark in pulled.remarks[:_REMARKS]:
        tell(remark)
    if len(pulled.remarks) > _REMARKS:
        tell(f"... and {len(pulled.remarks) - _REMARKS} more remarks (--json has all)")
    if pulled.strange:
        tell(f"{pulled.strange} annotations are on tasks of no ingested paragraph; not stored")
    if not pulled.dry_run:
        click.echo(f"snapshot written to {pulled.snapshot}")
