"""The labeller for the time before any label: the codebook's indicator phrases.

The codebook says to code what the paragraph itself says. So a phrase in the
text labels; a heading only strengthens, and never labels by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from workbench.models.rows import (
    ReadRow,
    ReadRows,
    TextRow,
    count_distinct,
    gather_rows,
    read_rows,
)
from workbench.records import Evidence, Prediction
from workbench.taxonomy.codebook import Codebook

#: A code is given at this score or above.
THRESHOLD = 0.5
# One wording in the text is just enough, a heading just not. Set by that rule,
# not by any data.
_TEXT_WEIGHT = 0.55
_HEADING_WEIGHT = 0.45


@dataclass(frozen=True, slots=True)
class LabellerInfo:
    """What a prediction says of the labeller that made it (compare `ModelInfo`)."""

    model_id: str
    sha256: str
    taxonomy_name: str
    taxonomy_version: str
    taxonomy_sha256: str


class ColdStart:
    """Labels texts by the indicator phrases of `codebook` alone.

    The score of a code is 1 - (1 - 0.55)^n * (1 - 0.45)^h, where n is the
    number of different wordings found in the text and h is 1 if a heading
    speaks for the code, else 0 (a noisy or: each find is an independent hint).
    It ranks paragraphs between 0 and 1; it is not a probability.
    """

    def __init__(self, codebook: Codebook) -> None:
        self._phrases = {code.code: code.phrases for code in codebook.codes}
        self._headings = {code.code: code.headings for code in codebook.codes}
        self.codes = codebook.code_names
        self.thresholds = dict.fromkeys(self.codes, THRESHOLD)
        self.version = f"codebook-{codebook.name}-{codebook.version}-{codebook.sha256[:8]}"
        self.info = LabellerInfo(
            self.version,
            codebook.sha256,
            codebook.name,
            codebook.version,
            codebook.sha256,
        )

    def predict(
        self, rows: Iterable[TextRow], *, evidence: bool = True, batch_size: int = 512
    ) -> Iterator[Prediction]:
        """A prediction per row, in order, lazily; evidence is the phrases of the codes given."""
        remaining = iter(rows)
        while batch := list(islice(remaining, batch_size)):
            read = read_rows(batch, self._phrases, self._headings)
            yield from self.answer(read, evidence=evidence)

    def answer(self, rows: ReadRows, *, evidence: bool = True) -> list[Prediction]:
        """`predict` for rows that have been read with the codebook's phrases."""
        scores = np.round(_score_rows(rows, self.codes), 6).tolist()
        return [
            self._predict_read(values, finds, evidence)
            for values, finds in zip(scores, rows.finds, strict=True)
        ]

    def _predict_read(
        self, values: Sequence[float], finds: Sequence[Evidence], evidence: bool
    ) -> Prediction:
        scores = dict(zip(self.codes, values, strict=True))
        codes = tuple(sorted([code for code, score in scores.items() if score >= THRESHOLD]))
        spoke = tuple([find for find in finds if find.code in codes]) if evidence else ()
        return Prediction(codes=codes, scores=scores, evidence=spoke)


def score_row(row: ReadRow, codes: Sequence[str]) -> np.ndarray:
    """The cold-start score of a read row for each of `codes`."""
    return _score_rows(gather_rows([row]), codes)[0]


def _score_rows(rows: ReadRows, codes: Sequence[str]) -> np.ndarray:
    """The cold-start scores (rows, codes)."""
    place_of = {code: place for place, code in enumerate(codes)}
    found = np.zeros((len(rows), len(codes)), dtype=int)
    headed = np.zeros((len(rows), len(codes)), dtype=int)
    for row, finds in enumerate(rows.finds):
        for code, number in count_distinct(finds).items() if finds else ():
            if code in place_of:
                found[row, place_of[code]] = number
    for row, spoken in enumerate(rows.heading_codes):
        for code in spoken:
            if code in place_of:
                headed[row, place_of[code]] = 1
    return 1 - (1 - _TEXT_WEIGHT) ** found * (1 - _HEADING_WEIGHT) ** headed
