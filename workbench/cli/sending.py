"""What `push` and `sync` share: their options, the push itself, and how it is told."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from threading import Thread
from typing import Any, TypeVar

import click

from workbench.annotations.consensus import share_consensus
from workbench.annotations.context import keep_settled
from workbench.annotations.push import ProjectPushed, Pushed, push_paragraphs
from workbench.cli.app import App
from workbench.cli.labeller import choose_labeller
from workbench.cli.options import dry_run_option, model_option, report_option, studio_options
from workbench.cli.output import print_table, tell, track
from workbench.cli.recovering import settle_assignments
from workbench.cli.selecting import ALL, Drawing, Drawn, Wish, select_options, tell_drawn
from workbench.cli.unlike import Counting, take_care
from workbench.errors import UsageError
from workbench.records import Assignment
from workbench.store.annotations import list_annotations
from workbench.store.reports import choose_reports, iterate_paragraphs, list_reports

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Sending:
    """What the options of a push asked for; settings are None where not given."""

    wanted: tuple[str, ...]
    wish: Wish
    model: str | None
    all_duplicates: bool
    context: bool
    hidden_share: float | None
    dry_run: bool
    url: str | None
    project: str | None

    def settings(self) -> dict[str, Any]:
        """Those that are settings of the workspace."""
        return {"url": self.url, "project": self.project, "hidden_share": self.hidden_share}


def push_options(command: F) -> F:
    """Every option of a push, gathered into one `Sending`."""

    @wraps(command)
    def gathered(
        *,
        wanted: tuple[str, ...],
        strategy: str | None,
        number: int | None,
        seed: int | None,
        model: str | None,
        all_duplicates: bool,
        no_context: bool,
        hidden_share: float | None,
        dry_run: bool,
        url: str | None,
        project: str | None,
        **others: Any,
    ) -> Any:
        sending = Sending(
            wanted=wanted,
            wish=Wish(strategy, number, seed),
            model=model,
            all_duplicates=all_duplicates,
            context=not no_context,
            hidden_share=hidden_share,
            dry_run=dry_run,
            url=url,
            project=project,
        )
        return command(sending=sending, **others)

    options = (
        report_option,
        select_options,
        model_option,
        click.option(
            "--all-duplicates", is_flag=True, help="Tag each of the paragraphs with the same words."
        ),
        click.option(
            "--no-context",
            is_flag=True,
            help="Do not show the codes of an earlier year's near copy.",
        ),
        click.option(
            "--hidden-share",
            type=click.FloatRange(0, 1),
            metavar="SHARE",
            help="Of new tasks, the share shown without pre-labels, to measure their effect"
            " (else label_studio.hidden_share).",
        ),
        dry_run_option,
        studio_options,
    )
    made: Any = gathered
    for option in reversed(options):
        made = option(made)
    return made


def push(app: App, sending: Sending) -> tuple[Pushed, Drawn | None]:
    """Push the wanted reports' paragraphs (all where none is named); what was drawn for it.

    Those that the wish draws, and once anything was drawn no others; to the
    coders they are assigned to, once any are.
    """
    # Finding phrases needs it, and its import takes a second: it goes on while the server is asked.
    Thread(target=import_module, args=("spacy",)).start()
    wish = sending.wish
    if wish.strategy == ALL and wish.number is not None:
        raise UsageError("--select all draws nothing", "leave --n away")
    with app.database.session() as session:
        held_reports = {report.report_id: report for report, _ in list_reports(session)}
        chosen = {report.report_id for report in choose_reports(session, sending.wanted)}
        held = [
            (p, held_reports[p.report_id]) for p in iterate_paragraphs(session, kinds=("text",))
        ]
        annotations = list_annotations(session)
    if not held:
        raise UsageError("there are no paragraphs to push", "run `workbench ingest PATH` first")
    assignments = settle_assignments(app, dry_run=sending.dry_run)
    labeller = choose_labeller(app, sending.model)
    careful = take_care(app, labeller, [held_reports[report_id] for report_id in sorted(chosen)])
    paragraphs = [paragraph for paragraph, _ in held]
    consensus = share_consensus(paragraphs, annotations)
    shown = keep_settled(consensus.coded, annotations, assignments, paragraphs)
    counting = Counting(careful)
    drawing = Drawing(
        app,
        wish,
        careful,
        held,
        chosen,
        annotations,
        consensus.coded,
        all_duplicates=sending.all_duplicates,
        record=not sending.dry_run,
    )
    pushed = push_paragraphs(
        app.gateway,
        app.database,
        app.plan(),
        held,
        frozenset(p.paragraph_id for p, _ in held if p.report_id in chosen),
        counting.predict,
        labeller.version,
        track,
        coded=shown if sending.context else (),
        all_duplicates=sending.all_duplicates,
        narrow=drawing.narrow,
        assignments=assignments,
        hidden_share=app.workspace.share("hidden_share"),
        dry_run=sending.dry_run,
    )
    tell_drawn(drawing.drawn)
    counting.tell()
    _tell_kept(pushed, assignments)
    return pushed, drawing.drawn


def _tell_kept(pushed: Pushed, assignments: Sequence[Assignment]) -> None:
    """Say of a coder whose project was made anew what is not to be coded again."""
    done = Counter(assignment.coder for assignment in assignments if assignment.done)
    for project in pushed.projects:
        if project.project_made and project.coder is not None and done[project.coder]:
            tell(
                f"the project of {project.coder} was gone: {done[project.coder]} paragraphs that "
                f"{project.coder} coded there are kept here, and are no tasks again"
            )


def project_url(app: App, studio_id: int | None) -> str | None:
    """Where a person goes on tagging; None where a dry run found no project."""
    if studio_id is None:
        return None
    return f"{app.gateway.url}/projects/{studio_id}/data?labeling=1"


def print_pushed(app: App, pushed: Pushed) -> None:
    """What a push did, for a person."""
    for project in pushed.projects:
        click.echo(_describe(project, pushed.dry_run))
    for number, one, several in (
        (
            pushed.repeated,
            "paragraph repeats the words of another: coded once",
            "paragraphs repeat the words of another: coded once",
        ),
        (
            pushed.with_context,
            "task shows how an earlier year's near copy was coded",
            "tasks show how an earlier year's near copy was coded",
        ),
        (
            pushed.hidden,
            "task shows no pre-labels, so that their effect can be measured",
            "tasks show no pre-labels, so that their effect can be measured",
        ),
    ):
        if number:
            click.echo(f"{number} {one if number == 1 else several}")
    if pushed.dry_run:
        click.echo(f"pre-labels of {pushed.version} to give: {pushed.prelabelled} tasks")
    elif pushed.prelabelled:
        click.echo(f"pre-labels of {pushed.version} on {pushed.prelabelled} tasks, checked:")
        codes = [c for c in (*app.codebook.code_names, "none") if c in pushed.prelabels]
        print_table(("code", "tasks"), [(code, pushed.prelabels[code]) for code in codes])
    else:
        click.echo(f"pre-labels of {pushed.version} are in place")
    _print_remarks(pushed)
    for project in pushed.projects:
        if project.coder is None and len(pushed.projects) > 1:
            continue  # those who have projects of their own do not go on in that for all
        if (url := project_url(app, project.studio_id)) is not None:
            whose = f" ({project.coder})" if project.coder else ""
            click.echo(f"tag at {url}{whose}")


def _describe(project: ProjectPushed, dry_run: bool) -> str:
    made = ("to be made" if dry_run else "made") if project.project_made else "found"
    done = "to create" if dry_run else "created"
    text = f"project {project.title!r} {made}: {project.created} tasks {done}, "
    text += f"{project.present} already there"
    if project.updated:
        text += f", {project.updated} {'to update' if dry_run else 'updated'}"
    if project.relabelled:
        renewed = "to get new pre-labels" if dry_run else "with new pre-labels"
        text += f", {project.relabelled} {renewed}"
    if project.removed:
        text += f", {project.removed} {'to remove' if dry_run else 'removed'} (orphaned or doubled)"
    return text


def _print_remarks(pushed: Pushed) -> None:
    if pushed.silent:
        titles = ", ".join(map(repr, pushed.silent))
        done = "a push will disconnect them" if pushed.dry_run else "disconnected, stored ones show"
        tell(
            f"the live pre-labels of {titles} did not answer, so that coders saw none: {done} "
            "(`workbench serve --connect` brings live ones back)"
        )
    if pushed.unassigned:
        tell(
            f"{pushed.unassigned} paragraphs are assigned to nobody and were not sent; "
            "run `workbench assign`"
        )
    if pushed.orphaned:
        tell(
            f"{pushed.orphaned} tasks are of paragraphs that are not to be coded there any more; "
            "coders worked on them, so they stay"
        )
    for key in pushed.doubled[:10]:
        tell(f"coders annotated more than one task of {key}; both stay")
    if pushed.strange:
        tell(f"{pushed.strange} tasks of the project are not this workspace's; left alone")
