"""Answers of a loaded model, in a stream."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress, islice, repeat

import numpy as np
from sklearn.pipeline import Pipeline

from workbench.models.evidence import Explainer
from workbench.models.reading import TextRow
from workbench.records import Evidence, ModelInfo, Prediction

#: Rows that are read and weighed together.
BATCH_SIZE = 1024


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model ready to answer. `info.thresholds` decides from which score a code is given."""

    info: ModelInfo
    pipeline: Pipeline = field(repr=False)

    def predict(
        self, rows: Iterable[TextRow], *, evidence: bool = True, batch_size: int = BATCH_SIZE
    ) -> Iterator[Prediction]:
        """A prediction per row, in order, lazily; memory holds `batch_size` rows.

        `scores` has the codes that the model learned; on others it abstains.
        A code is given where its score, rounded to six digits, reaches its
        threshold. `evidence` is in order of code and offset, offsets in
        characters of the row's text; it is empty for a code that the headings
        alone carried.
        """
        codes = self.info.codes
        thresholds = np.array([self.info.thresholds[code] for code in codes])
        classifier = self.pipeline.named_steps["codes"]
        explainer = Explainer(classifier, codes)
        in_order = np.argsort(codes)
        names = [codes[k] for k in in_order]
        remaining = iter(rows)
        while batch := list(islice(remaining, batch_size)):
            read = self.pipeline.named_steps["read"].transform(batch)
            table = classifier.features_.transform(read)
            scores = np.round(classifier.weigh(table), 6)
            given = scores >= thresholds
            found: Iterable[tuple[Evidence, ...]] = repeat(())
            if evidence:
                found = explainer.explain(read, table, given)
            for values, reached, stretches in zip(
                scores.tolist(), given[:, in_order].tolist(), found, strict=False
            ):
                yield Prediction(
                    tuple(compress(names, reached)),
                    dict(zip(codes, values, strict=True)),
                    stretches,
                )
