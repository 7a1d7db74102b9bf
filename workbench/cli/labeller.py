"""Which labeller a command uses: a registered model, or the codebook's phrases."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.cli.app import App
from workbench.models.coldstart import ColdStart, LabellerInfo
from workbench.models.folders import list_ids
from workbench.models.rows import Text
from workbench.records import ModelInfo, Prediction

if TYPE_CHECKING:
    from workbench.models.prediction import LoadedModel

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
    loaded: "LoadedModel | None" = None

    def predict(self, rows: Iterable[Text], *, evidence: bool = True) -> Iterator[Prediction]:
        """A prediction for each row, a paragraph or another text, in order."""
        return self.predict_rows(rows, evidence=evidence)


def choose_labeller(app: App, wanted: str | None) -> Chosen:
    """The model `wanted`, else the latest, else the codebook's phrases.

    Raises ModelError where the model is not there, or was trained with another
    taxonomy than the workspace's.
    """
    folder = app.workspace.folder("models")
    if wanted == CODEBOOK or (wanted is None and not list_ids(folder)):
        cold = ColdStart(app.codebook)
        return Chosen(cold.version, cold.info, cold.thresholds, None, cold.predict)
    # Imported here: scikit-learn takes seconds, and without a model it is not needed.
    from workbench.models.registry import find_model, load_model

    info = find_model(folder, wanted or "latest")
    model = load_model(info, app.codebook)
    return Chosen(info.model_id, info, info.thresholds, info, model.predict, model)
