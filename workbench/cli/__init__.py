"""The command line: one file per command, one handler for errors.

Exit codes: 0 done; 1 a known error, or a check that failed; 2 a command line
that cannot be read; 3 a bug in workbench; 130 interrupted.
"""

import gc
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from workbench import __version__
from workbench.cli.app import App
from workbench.errors import WorkbenchError

#: Every command and what it does. Its module in this package, imported when needed, has its name
#: (with _ for -).
COMMANDS: dict[str, str] = {
    "init": "Make a workspace.",
    "doctor": "Check the set-up and say what to mend.",
    "ingest": "Read report files into paragraphs.",
    "reports": "List the ingested reports.",
    "paragraphs": "Write paragraphs as JSONL.",
    "source": "Show what a paragraph was in its file.",
    "duplicates": "List paragraphs that repeat each other.",
    "compare": "Show what changed between two reports.",
    "taxonomy": "Show or check the codebook.",
    "studio": "Run the local Label Studio server.",
    "coders": "Add coders, see how far they are.",
    "assign": "Share out paragraphs among coders.",
    "push": "Send paragraphs and pre-labels to Label Studio.",
    "pull": "Fetch annotations from Label Studio.",
    "sync": "Pull, then push.",
    "annotations": "Import or export annotations as JSONL.",
    "agreement": "Measure how far coders agree.",
    "adjudicate": "Send what coders differ on to an adjudicator.",
    "rulings": "Show why coders differed, by code.",
    "prevalence": "Estimate how often each code occurs.",
    "train": "Train a model on the consensus labels.",
    "models": "List, show or compare registered models.",
    "evaluate": "Score a model on gold paragraphs.",
    "learning-curve": "Show whether more labels still pay.",
    "label-issues": "List annotations that the model doubts.",
    "predict": "Write predictions as JSONL.",
    "serve": "Give live pre-labels to Label Studio.",
}


class Commands(click.Group):
    """Loads a command's module only when it is asked for, so that --help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        # Modules stay: to look for garbage among them takes a third of the time of their import.
        gc.disable()
        try:
            return import_module(f"workbench.cli.{name.replace('-', '_')}").command
        finally:
            gc.enable()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `workbench init`, then `workbench doctor`.",
)
@click.version_option(__version__, prog_name="workbench")
@click.option(
    "-w",
    "--workspace",
    type=click.Path(path_type=Path),
    help="The workspace folder (else WORKBENCH_WORKSPACE, this folder or one above).",
)
@click.pass_context
def workbench(ctx: click.Context, workspace: Path | None) -> None:
    """From human rights reports to coded, countable, defensible data.

    Example: workbench ingest reports/ && workbench push
    """
    ctx.obj = App(workspace)
    ctx.call_on_close(ctx.obj.close)


def main(args: Sequence[str] | None = None) -> None:
    """The console script: run a command, turn every outcome into an exit code."""
    # Large lists of records are no garbage: to look among them every 700 objects takes long.
    gc.set_threshold(50_000, 20, 50)
    # Ended from outside, a command cleans up as when interrupted by hand.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    code = run(args)
    # Python would search all that was imported for garbage once more.
    gc.freeze()
    sys.exit(code)


def run(args: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; prints errors in one line."""
    try:
        code = workbench.main(args, prog_name="workbench", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except WorkbenchError as error:
        click.echo(f"error: {error}", err=True)
        return 1
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; what was finished is kept", err=True)
        return 130
    except BrokenPipeError:
        # The reader (`| head`) has gone; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        click.echo(f"error: {named}{error.strerror or error}; see space and rights there", err=True)
        return 1
    except Exception:
        traceback.print_exc()
        click.echo("this is a bug in workbench; please report the lines above", err=True)
        return 3
