"""The help of every command, and the reference page that is made from it."""

import re

import click
import pytest

from tests.conftest import ROOT
from workbench.cli import COMMANDS, run, workbench


def all_commands() -> list[tuple[str, click.Command]]:
    found = []
    for name in COMMANDS:
        command = workbench.get_command(click.Context(workbench), name)
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", c) for sub, c in command.commands.items()]
    return found


@pytest.mark.parametrize(("name", "command"), all_commands(), ids=[n for n, _ in all_commands()])
def test_every_command_has_help_with_an_example(name: str, command: click.Command, capsys) -> None:
    assert run([*name.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    example = re.search(r"Example: workbench ([a-z -]+)", shown)
    assert example, shown
    assert example.group(1).startswith(name.split()[0])
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"


def test_the_short_help_of_the_list_is_that_of_the_command() -> None:
    for name, text in COMMANDS.items():
        assert workbench.get_command(click.Context(workbench), name).short_help == text


def test_reference_page_is_up_to_date() -> None:
    import runpy

    made = runpy.run_path(str(ROOT / "docs" / "make_cli_reference.py"))["render_reference"]()
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == made, (
        "stale: run python docs/make_cli_reference.py"
    )


def test_an_unknown_command_is_a_usage_error(capsys) -> None:
    assert run(["frobnicate"]) == 2
    assert "No such command" in capsys.readouterr().err


def test_a_bug_is_exit_code_3_and_an_interrupt_130(monkeypatch, cli) -> None:
    import workbench.cli.reports as module

    def fail(*args: object) -> None:
        raise RuntimeError("a bug")

    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "list_reports", fail)
    cli("reports", code=3)
    assert "this is a bug in workbench" in cli.err
    monkeypatch.setattr(module, "list_reports", interrupt)
    cli("reports", code=130)
