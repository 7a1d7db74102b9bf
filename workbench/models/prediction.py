"""Answers of a loaded model, in a stream."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice, repeat

import numpy as np
from sklearn.pipeline import Pipeline

from workbench.models.evidence import Explainer
from workbench.models.rows import BATCH_SIZE, ReadRows, Text
from workbench.records import Evidence, ModelInfo, Prediction

__all__ = ["BATCH_SIZE", "LoadedModel", "Text"]


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model ready to answer. `info.thresholds` decides from which score a code is given."""

    info: ModelInfo
    pipeline: Pipeline = field(repr=False)

    def predict(
        self, rows: Iterable[Text], *, evidence: bool = True, batch_size: int = BATCH_SIZE
    ) -> Iterator[Prediction]:
        """A prediction per row, in order, lazily; memory holds `batch_size` rows."""
        remaining = iter(rows)
        while batch := list(islice(remaining, batch_size)):
            yield from self.answer(batch, evidence=evidence)[1]

    def answer(
        self, rows: Sequence[Text], *, evidence: bool = True
    ) -> tuple[ReadRows, list[Prediction]]:
        """The rows as they were read, for who needs them too, and a prediction for each.

        `scores` has the codes that the model learned; on others it abstains.
        A code is given where its score, rounded to six digits, reaches its
        threshold. `evidence` is in order of code and offset, offsets in
        characters of the row's text; it is empty for a code that the headings
        alone carried.
        """
        codes = self.info.codes
        thresholds = np.array([self.info.thresholds[code] for code in codes])
        classifier = self.pipeline.named_steps["codes"]
        in_order = np.argsort(codes)
        names = [codes[k] for k in in_order]
        read = self.pipeline.named_steps["read"].transform(rows)
        table = classifier.features_.transform(read)
        scores = np.round(classifier.weigh(table), 6)
        given = scores >= thresholds
        found: Iterable[tuple[Evidence, ...]] = repeat(())
        if evidence:
            found = Explainer(classifier, codes).explain(read, table, given)
        return read, [
            Prediction(
                tuple(compress(names, reached)), dict(zip(codes, values, strict=True)), stretches
            )
            for values, reached, stretches in zip(
                scores.tolist(), given[:, in_order].tolist(), found, strict=False
            )
        ]
