"""Which labeller a command uses: a registered model, or the codebook's phrases."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from workbench.cli.app import App
from workbench.models.coldstart import ColdStart, LabellerInfo
from workbench.models.prediction import LoadedModel, Text
from workbench.models.registry import find_model, list_models, load_model
from workbench.records import ModelInfo, Prediction

#: Says that the codebook's phrases should label, even where there is a model.
CODEBOOK = "codebook"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A labeller ready for use; `model` and `loaded` are None for the codebook's phrases."""

    version: str
    info: ModelInfo | LabellerInfo
    thresholds: Mapping[str, float]
    model: ModelInfo | None
    predict_rows: Callable[..., Iterator[Prediction]]
    loaded: LoadedModel | None = None

    def predict(self, rows: Iterable[Text], *, evidence: bool = True) -> Iterator[Prediction]:
        """A prediction for each row, a paragraph or another text, in order."""
        return self.predict_rows(rows, evidence=evidence)


def choose_labeller(app: App, wanted: str | None) -> Chosen:
    """The model `wanted`, else the latest, else the codebook's phrases.

    Raises ModelError where the model is not there, or was trained with another
    taxonomy than the workspace's.
    """
    folder = app.workspace.folder("models")
    if wanted == CODEBOOK or (wanted is None and not list_models(folder)):
        cold = ColdStart(app.codebook)
        return Chosen(cold.version, cold.info, cold.thresholds, None, cold.predict)
    info = find_model(folder, wanted or "latest")
    model = load_model(info, app.codebook)
    return Chosen(info.model_id, info, info.thresholds, info, model.predict, model)
