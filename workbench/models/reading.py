"""The first step of a model: texts as `workbench.models.rows` reads them."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from sklearn.base import BaseEstimator, TransformerMixin

from workbench.models.rows import ReadRow, ReadRows, TextRow, gather_rows, pick_rows, read_rows
from workbench.taxonomy.codebook import Codebook

__all__ = [
    "ReadRow",
    "ReadRows",
    "RowReader",
    "TextRow",
    "gather_rows",
    "pick_rows",
    "reader_for",
]


class RowReader(TransformerMixin, BaseEstimator):
    """Reads `TextRow`s into `ReadRow`s.

    `phrases` and `headings` map each code to its indicator phrases, for the
    text and for the headings. The spaCy matcher is kept outside the object, so
    that its state stays plain data.
    """

    def __init__(self, phrases: dict[str, list[str]], headings: dict[str, list[str]]) -> None:
        self.phrases = phrases
        self.headings = headings

    def fit(self, rows: Sequence[TextRow], y: Any = None) -> Self:
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, rows: Iterable[TextRow]) -> ReadRows:
        return read_rows(rows, self.phrases, self.headings)


def reader_for(codebook: Codebook) -> RowReader:
    """The reader with the indicator phrases of `codebook`."""
    return RowReader(
        phrases={code.code: list(code.phrases) for code in codebook.codes},
        headings={code.code: list(code.headings) for code in codebook.codes},
    )
