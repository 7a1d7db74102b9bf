"""`workbench train`."""

from dataclasses import asdict, replace

import click

from workbench.annotations.codings import codings_from
from workbench.cli.app import App
from workbench.cli.labels import Labels, gather_labels
from workbench.cli.models import print_model
from workbench.cli.options import json_option
from workbench.cli.output import emit_json, tell, track
from workbench.cli.training import train_on, training_options
from workbench.errors import TrainingError
from workbench.models.ceiling import measure_ceiling
from workbench.models.curve import measure_curve_of
from workbench.models.registry import read_meta, save_model
from workbench.models.shelf import survey_models
from workbench.models.training import TrainedModel
from workbench.store.models import save_model_info

#: Draws of the learning curve that is kept with a model; `workbench learning-curve` makes more.
_DRAWS = 3


@click.command(
    short_help="Train a model on the consensus labels.",
    epilog="Example: workbench train --report kazakhstan-2012-state --report kazakhstan-2018-state",
)
@training_options
@click.option("--no-curve", is_flag=True, help="Leave out the learning curve, which takes longest.")
@json_option
@click.pass_obj
def command(
    app: App,
    wanted: tuple[str, ...],
    method: str,
    embeddings: str | None,
    names: str | None,
    seed: int | None,
    no_curve: bool,
    as_json: bool,
) -> None:
    """Train a model on the consensus labels, evaluate it honestly and register it.

    The label of a paragraph is what an adjudicator decided, else what more than half of its coders
    chose, or all of them weighed by how reliable they are (--labels). Each report is predicted by
    a model that has not seen it, and paragraphs carried over from a report in training are scored
    apart: the figures for new text are the ones to print. Beside them stand simpler methods on the
    same paragraphs, and the coders' own agreement in the same units.
    """
    app.use(seed=seed, names=names)
    found = gather_labels(app, wanted, method)
    folder = app.workspace.folder("models")
    shelf = survey_models(folder)
    for error in shelf.broken.values():
        tell(f"{error.message}; {error.mend}")
    trained = train_on(app, found, method, embeddings)
    trained = _add_measures(trained, found, no_curve)
    remarks: list[str] = []
    info = save_model(
        folder,
        trained,
        app.codebook,
        trained_at=app.now(),
        coded=found.coded,
        remark=remarks.append,
    )
    for text in remarks:
        tell(text)
    if not remarks and info.model_id in {known.model_id for known in shelf.models}:
        tell(
            f"{info.model_id} is registered already: its folder, figures and card are left as they"
            f" are; `latest` is {survey_models(folder).models[-1].model_id}"
        )
    with app.database.session() as session:
        save_model_info(session, info)
    if as_json:
        emit_json(read_meta(info))
    else:
        print_model(info)


def _add_measures(trained: TrainedModel, found: Labels, no_curve: bool) -> TrainedModel:
    """`trained` with the coders' own agreement and the learning curve among its metrics."""
    metrics = dict(trained.metrics)
    ids = {item.paragraph.paragraph_id for item in found.coded}
    codings = [c for c in codings_from(found.annotations) if c.unit in ids]
    if ceiling := measure_ceiling(codings, trained.codes, trained.seed):
        metrics["ceiling"] = ceiling
    if not no_curve:
        try:
            curve = measure_curve_of(trained, draws=_DRAWS, seed=trained.seed, progress=track)
            metrics["learning_curve"] = asdict(curve)
        except TrainingError as error:
            tell(f"no learning curve: {error.message}")
    return replace(trained, metrics=metrics)
