"""Assignments that were lost with the database, brought back before a push."""

from workbench.annotations.recovering import Recovered, recover_assignments
from workbench.cli.app import App
from workbench.cli.output import tell
from workbench.records import Assignment, Coder
from workbench.store.annotations import save_coder
from workbench.store.assignments import Draw, list_assignments, list_draws, save_draw
from workbench.store.tasks import known_paragraphs, list_projects


def settle_assignments(app: App, *, dry_run: bool = False) -> list[Assignment]:
    """Who codes what, by the store; where it knows of no draw, by the coders' own projects.

    What is found there is stored, as a draw, unless it is a `dry_run`.
    """
    with app.database.session() as session:
        held, drawn = list_assignments(session), list_draws(session)
        known = known_paragraphs(session)
        projects = list_projects(session, app.gateway.url)
    # A database that is not new knows from pushes that there are no projects of single coders.
    if drawn or (projects and not any(project.coder for project in projects)):
        return held
    found = recover_assignments(app.gateway, app.workspace.workspace_id, known)
    if not found.assignments:
        return held
    _tell(found)
    if dry_run:
        return list(found.assignments)
    draw = Draw(
        seed=app.workspace.number("seed"),
        weights=dict.fromkeys(found.coders, 1.0),
        per_paragraph=found.per_paragraph,
        shared=found.shared,
        reports=(),
        drawn_at=app.now(),
    )
    with app.database.session() as session:
        for name in found.coders:
            save_coder(session, Coder(name))
        save_draw(session, draw, found.assignments)
        return list_assignments(session)


def _tell(found: Recovered) -> None:
    tell(
        f"this database knows of no assignments: {len(found.assignments)} were read off the"
        f" projects of {', '.join(found.coders)}, {found.shared} paragraphs for all of them;"
        " name each coder's account again with `workbench coders add NAME --email ...`, and who"
        " has left with `workbench coders remove NAME`; weights and seed are not written there:"
        " give --weights and --seed again with the next `workbench assign`"
    )
    if found.unknown:
        tell(f"{found.unknown} tasks there are of paragraphs that are not ingested")
