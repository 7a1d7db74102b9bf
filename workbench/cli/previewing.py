"""What a push would draw, told without Label Studio."""

from workbench.annotations.consensus import share_consensus
from workbench.cli.app import App
from workbench.cli.labeller import choose_labeller
from workbench.cli.selecting import Drawing, Drawn, tell_drawn
from workbench.cli.sending import Sending
from workbench.cli.unlike import take_care
from workbench.errors import UsageError
from workbench.store.annotations import list_annotations
from workbench.store.reports import choose_reports, iterate_paragraphs, list_reports
from workbench.store.tasks import hidden_tasks


def preview(app: App, sending: Sending) -> Drawn | None:
    """The draw that a push would make, by what the store knows of tasks; nothing is kept."""
    with app.database.session() as session:
        reports = {report.report_id: report for report, _ in list_reports(session)}
        chosen = {report.report_id for report in choose_reports(session, sending.wanted)}
        held = [(p, reports[p.report_id]) for p in iterate_paragraphs(session, kinds=("text",))]
        annotations = list_annotations(session)
        tasks = frozenset(hidden_tasks(session))
    if not held:
        raise UsageError("there are no paragraphs to push", "run `workbench ingest PATH` first")
    labeller = choose_labeller(app, sending.model)
    drawing = Drawing(
        app,
        sending.wish,
        take_care(app, labeller, [reports[report_id] for report_id in sorted(chosen)]),
        held,
        chosen,
        annotations,
        share_consensus((p for p, _ in held), annotations).coded,
        all_duplicates=sending.all_duplicates,
        record=False,
    )
    drawing.narrow(tasks)
    tell_drawn(drawing.drawn)
    return drawing.drawn
