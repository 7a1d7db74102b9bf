"""Writes docs/cli.md from the commands' own --help.

Run it after changing a command: python docs/make_cli_reference.py
(a test fails while docs/cli.md is stale).
"""

from collections.abc import Iterator
from pathlib import Path

import click

from workbench.cli import COMMANDS, workbench

TARGET = Path(__file__).with_name("cli.md")


def render_reference() -> str:
    """The reference page: one section a command, subcommands below theirs."""
    parts = [
        "# Commands",
        "",
        "Made from `--help` by `python docs/make_cli_reference.py`.",
        "",
        "Exit codes: 0 done; 1 a known error, or a check that failed; 2 a command line that",
        "cannot be read; 3 a bug in workbench; 130 interrupted.",
    ]
    for level, path, text in _helps():
        parts += ["", f"{'#' * level} {path}", "", "```", text.rstrip(), "```"]
    return "\n".join(parts) + "\n"


def _helps() -> Iterator[tuple[int, str, str]]:
    settings = {**workbench.context_settings, "terminal_width": 100, "max_content_width": 100}
    root = click.Context(workbench, info_name="workbench", **settings)
    yield 2, "workbench", workbench.get_help(root)
    for name in COMMANDS:
        command = workbench.get_command(root, name)
        context = click.Context(command, info_name=name, parent=root, **settings)
        yield 2, f"workbench {name}", command.get_help(context)
        if isinstance(command, click.Group):
            for sub, subcommand in command.commands.items():
                below = click.Context(subcommand, info_name=sub, parent=context, **settings)
                yield 3, f"workbench {name} {sub}", subcommand.get_help(below)


if __name__ == "__main__":
    TARGET.write_text(render_reference(), encoding="utf-8")
    print(f"written: {TARGET}")
