"""`workbench learning-curve`."""

from dataclasses import asdict
from pathlib import Path

import click

from workbench.cli.app import App
from workbench.cli.figuretables import COUNTED
from workbench.cli.labels import gather_labels
from workbench.cli.options import json_option
from workbench.cli.output import Lines, emit_json, print_table, tell, track
from workbench.cli.training import train_on, training_options
from workbench.models.charts import draw_chart
from workbench.models.curve import DRAWS, measure_curve_of
from workbench.models.plots import chart_learning_curve


@click.command(
    short_help="Show whether more labels still pay.",
    epilog="Example: workbench learning-curve -o exports/learning-curve.svg",
)
@training_options
@click.option(
    "--draws", type=click.IntRange(2, 50), default=DRAWS, help="Random subsets at each size."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Draw the curve (SVG) here.")
@json_option
@click.pass_obj
def command(
    app: App,
    wanted: tuple[str, ...],
    method: str,
    embeddings: str | None,
    names: str | None,
    draws: int,
    seed: int | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Measure the F1 on held-out reports as the number of labels grows, doubling by doubling.

    Every point is measured on the same paragraphs, each report held out once, and a larger training
    set holds the smaller ones. Says what the last doubling brought, and whether more labels still
    pay. Nothing is registered.
    """
    app.use(seed=seed, names=names)
    found = gather_labels(app, wanted, method)
    trained = train_on(app, found, method, embeddings)
    curve = measure_curve_of(trained, draws=draws, seed=trained.seed, progress=track)
    result = asdict(curve)
    if output:
        with Lines(output) as file:
            file.write(draw_chart(chart_learning_curve(result["points"])))
    if as_json:
        emit_json(result)
    else:
        click.echo(
            f"held out: {curve.scheme}; every point on the same {curve.paragraphs} paragraphs"
        )
        print_table(
            ("training paragraphs", "micro-F1 (lowest to highest)", "macro-F1 (lowest to highest)"),
            [
                (
                    point.size,
                    f"{point.micro_f1:.2f} ({point.micro_low:.2f} to {point.micro_high:.2f})",
                    f"{point.macro_f1:.2f} ({point.macro_low:.2f} to {point.macro_high:.2f})",
                )
                for point in curve.points
            ],
        )
        click.echo(curve.words)
        click.echo(f"interval: bootstrap over {COUNTED[curve.unit]} and {curve.draws} draws")
    if output:
        tell(f"written: {output}")
