"""`workbench init`."""

from pathlib import Path

import click

from workbench.cli.output import tell
from workbench.config import FILE_NAME, new_workspace_text
from workbench.errors import WorkspaceError
from workbench.taxonomy.codebook import default_codebook_text

_GITIGNORE = """\
# The database and the local Label Studio server
.workbench/
# Secrets never belong here; these lines are a safety net
*.token
.env
"""


@click.command(short_help="Make a workspace.", epilog="Example: workbench init my-study")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option("--name", help="The workspace's name; the Label Studio project is called so.")
def command(folder: Path, name: str | None) -> None:
    """Make a workspace in DIR (default: here).

    Writes workbench.toml, taxonomy/rights.yaml, annotations/, models/, exports/ and a .gitignore.
    Files that are there already are kept, so running it twice is safe.
    """
    root = folder.expanduser().resolve()
    title = (name or root.name.replace("-", " ").replace("_", " ").strip() or "workbench")[:50]
    if len(title) < 3:  # Label Studio wants three characters
        title = f"workbench {title}"
    files = {
        root / FILE_NAME: new_workspace_text(title),
        root / "taxonomy" / "rights.yaml": default_codebook_text(),
        root / ".gitignore": _GITIGNORE,
    }
    try:
        for room in ("annotations", "models", "exports", "taxonomy"):
            (root / room).mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            if file.exists():
                tell(f"kept     {file}")
            else:
                file.write_text(text, encoding="utf-8")
                tell(f"written  {file}")
    except OSError as error:
        raise WorkspaceError(
            f"{error.filename or root}: {error.strerror}", "choose a folder that you may write to"
        ) from error
    click.echo(f"workspace ready: {root}")
