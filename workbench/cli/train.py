"""`workbench train`."""

import click

from workbench.annotations.consensus import share_consensus
from workbench.cli.app import App
from workbench.cli.models import print_model
from workbench.cli.options import json_option, report_option
from workbench.cli.output import emit_json, tell, track
from workbench.errors import TrainingError
from workbench.models.registry import list_models, read_meta, save_model
from workbench.models.training import train_model
from workbench.store.annotations import list_annotations
from workbench.store.models import save_model_info
from workbench.store.reports import choose_reports, iterate_paragraphs


@click.command(
    short_help="Train a model on the consensus labels.",
    epilog="Example: workbench train --report kazakhstan-2012-state --report kazakhstan-2018-state",
)
@report_option
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="The seed (else train.seed).")
@json_option
@click.pass_obj
def command(app: App, wanted: tuple[str, ...], seed: int | None, as_json: bool) -> None:
    """Train a model on the consensus labels, evaluate it honestly and register it.

    The label of a paragraph is what more than half of its coders chose. Each report is predicted by
    a model that has not seen it, and paragraphs carried over from a report in training are scored
    apart: the figures for new text are the ones to print.
    """
    app.use(seed=seed)
    with app.database.session() as session:
        reports = [report.report_id for report in choose_reports(session, wanted)]
        paragraphs = iterate_paragraphs(session, kinds=("text",))
        # Of all reports: what was decided in another one may carry over into these.
        everything = share_consensus(paragraphs, list_annotations(session))
    consensus = everything.of_reports(reports)
    coded = consensus.coded
    if not coded:
        raise TrainingError(
            "no paragraph of these reports has an annotation",
            "run `workbench pull`, or `workbench annotations import FILE`",
        )
    tied = sum(1 for item in coded if item.tied)
    tell(f"{len(coded)} coded paragraphs of {len({c.paragraph.report_id for c in coded})} reports")
    if consensus.carried:
        tell(
            f"{len(consensus.carried)} of them have the codes of a paragraph with the same words; "
            "evaluation counts each decision once"
        )
    if tied:
        tell(
            f"{tied} of them are tied on a code and teach nothing about it (awaiting adjudication)"
        )
    folder = app.workspace.folder("models")
    list_models(folder)  # a damaged model is named now, not after the training
    trained = train_model(
        coded,
        app.codebook,
        seed=app.workspace.number("seed"),
        progress=track,
        carried=consensus.carried,
    )
    info = save_model(folder, trained, app.codebook, trained_at=app.now())
    with app.database.session() as session:
        save_model_info(session, info)
    if as_json:
        emit_json(read_meta(info))
    else:
        print_model(info)
