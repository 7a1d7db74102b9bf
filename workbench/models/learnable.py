"""Which codes could not be measured: no fold leaves enough of them to learn from. Pure."""

import numpy as np

from workbench.models.classifier import describe_shortage
from workbench.models.evaluation import LabelledSet, plan_folds
from workbench.models.folds import split_folds


def find_unlearnable(labelled: LabelledSet, duplicates: np.ndarray) -> dict[str, str]:
    """The codes that a model of no fold could learn, each with the reason.

    A model of all paragraphs could learn them, but nothing would be known of how
    well, nor from which score on to give them. `duplicates` are the clusters of
    `folds.group_duplicates`. TrainingError as `plan_folds`.
    """
    _, folds = plan_folds(labelled, duplicates)
    shortages = [
        [describe_shortage(column) for column in labelled.labels[split.rest].T]
        for split in split_folds(folds, duplicates, labelled.judged)
    ]
    return {
        code: f"nothing can be held out to measure it: of the rest {reasons[0]}"
        for code, reasons in zip(labelled.codes, zip(*shortages, strict=True), strict=True)
        if all(reasons)
    }
