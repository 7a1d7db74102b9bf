"""The labeller for the time before any label: the codebook's indicator phrases.

The codebook says to code what the paragraph itself says. So a phrase in the
text labels; a heading only strengthens, and never labels by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from workbench.models.features import count_distinct
from workbench.models.reading import ReadRow, TextRow, reader_for
from workbench.records import Prediction
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
        self._reader = reader_for(codebook)
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
            for row in self._reader.transform(batch):
                yield self._predict_read(row, evidence)

    def _predict_read(self, row: ReadRow, evidence: bool) -> Prediction:
        scores = {
            code: round(float(s), 6)
            for code, s in zip(self.codes, score_row(row, self.codes), strict=True)
        }
        codes = tuple(sorted(code for code, score in scores.items() if score >= THRESHOLD))
        finds = tuple(find for find in row.finds if evidence and find.code in codes)
        return Prediction(codes=codes, scores=scores, evidence=finds)


def score_row(row: ReadRow, codes: Sequence[str]) -> np.ndarray:
    """The cold-start score of a read row for each of `codes`."""
    distinct = count_distinct(row.finds)
    found = np.array([distinct.get(code, 0) for code in codes])
    headed = np.array([code in row.heading_codes for code in codes], dtype=int)
    return 1 - (1 - _TEXT_WEIGHT) ** found * (1 - _HEADING_WEIGHT) ** headed
