"""Predictions that wait on disk until all are made, so that memory does not grow with them."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from workbench.records import Prediction
from workbench.store.annotations import evidence_from_json, evidence_to_json


class PredictionSpool:
    """Iterating gives what was added, in order."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, paragraph_id: str, prediction: Prediction) -> None:
        """Keep what was said of a paragraph."""
        evidence = evidence_to_json(prediction.evidence)
        line = (paragraph_id, prediction.codes, dict(prediction.scores), evidence)
        self._file.write(json.dumps(line) + "\n")
        self._size += 1

    def __iter__(self) -> Iterator[tuple[str, Prediction]]:
        self._file.seek(0)
        for line in self._file:
            paragraph_id, codes, scores, evidence = json.loads(line)
            yield paragraph_id, Prediction(tuple(codes), scores, evidence_from_json(evidence))


@contextmanager
def open_spool() -> Iterator[PredictionSpool]:
    """A spool in a file without a name, gone in the end."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        yield PredictionSpool(file)
