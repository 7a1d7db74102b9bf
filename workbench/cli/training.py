"""What the commands that train have in common: their options, and the training."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import click

from workbench.cli.app import App
from workbench.cli.labels import Labels, labels_option
from workbench.cli.options import report_option
from workbench.cli.output import track
from workbench.models.training import TrainedModel, train_model

F = TypeVar("F", bound=Callable[..., Any])


def training_options(command: F) -> F:
    """--report, --labels, --embeddings, --names and --seed: `wanted`, `method`, their names."""
    seed = click.option(
        "--seed", type=click.IntRange(0, 2**32 - 1), help="The seed (else train.seed)."
    )
    embeddings = click.option(
        "--embeddings",
        metavar="MODEL",
        help="Learn from the sentence embeddings of this model too: a folder, a file or a name.",
    )
    names = click.option(
        "--names",
        metavar="PIPELINE",
        help="Find names of people and places, which are not learned from, with this spaCy"
        " pipeline: an installed one or a folder (else train.names).",
    )
    return report_option(labels_option(embeddings(names(seed(command)))))


def train_on(app: App, found: Labels, method: str, embeddings: str | None) -> TrainedModel:
    """Train and evaluate on the labels found, with progress; errors as `train_model`.

    How the labels were decided and which embeddings were used are among the metrics.
    """
    trained = train_model(
        found.coded,
        app.codebook,
        seed=app.workspace.number("seed"),
        progress=track,
        carried=found.carried,
        embeddings=embeddings,
        sources=found.sources,
        names=app.workspace.names_pipeline,
    )
    return replace(trained, metrics={**trained.metrics, "labels": method, "embeddings": embeddings})
