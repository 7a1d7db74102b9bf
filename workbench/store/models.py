"""Models and their predictions in the store."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from workbench.records import ModelInfo, Prediction
from workbench.store.annotations import evidence_to_json
from workbench.store.tables import ModelRow, PredictionRow

#: Predictions that are stored at a time.
_PAGE = 1000
_SAID = ("codes", "scores", "evidence", "predicted_at")


def save_model_info(session: Session, info: ModelInfo) -> None:
    """Store a registered model; the same again changes nothing."""
    session.merge(
        ModelRow(
            model_id=info.model_id,
            sha256=info.sha256,
            path=info.path,
            trained_at=info.trained_at,
            taxonomy_name=info.taxonomy_name,
            taxonomy_version=info.taxonomy_version,
            taxonomy_sha256=info.taxonomy_sha256,
            codes=list(info.codes),
            thresholds=dict(info.thresholds),
            metrics=dict(info.metrics),
        )
    )
    session.flush()


def save_predictions(
    session: Session,
    model_id: str,
    predictions: Iterable[tuple[str, Prediction]],
    predicted_at: datetime,
    *,
    instead_of: str | None = None,
) -> None:
    """Store what a model says of paragraphs (by id), in place of what it said before.

    What the model `instead_of` said of these paragraphs goes.
    """
    statement = insert(PredictionRow)
    replaced = {name: statement.excluded[name] for name in _SAID}
    statement = statement.on_conflict_do_update(
        index_elements=["paragraph_id", "model_id"], set_=replaced
    )
    rows = (
        {
            "paragraph_id": paragraph_id,
            "model_id": model_id,
            "codes": list(prediction.codes),
            "scores": dict(prediction.scores),
            "evidence": evidence_to_json(prediction.evidence),
            "predicted_at": predicted_at,
        }
        for paragraph_id, prediction in predictions
    )
    while page := list(islice(rows, _PAGE)):
        session.execute(statement, page)
        if instead_of is not None:
            gone = delete(PredictionRow).where(
                PredictionRow.model_id == instead_of,
                PredictionRow.paragraph_id.in_([row["paragraph_id"] for row in page]),
            )
            session.execute(gone)


def count_predictions(session: Session, model_id: str) -> int:
    """How many paragraphs the store holds a prediction of this model for."""
    query = select(func.count()).select_from(PredictionRow).filter_by(model_id=model_id)
    return session.scalar(query) or 0
