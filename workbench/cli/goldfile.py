"""A file of gold paragraphs: read, and answered as `predict` would."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.cli.app import App
from workbench.cli.labeller import Chosen
from workbench.cli.unlike import take_care_of_lines
from workbench.errors import AnnotationError
from workbench.exports.inputs import InputText
from workbench.models.gold import UNNAMED, Gold, read_gold
from workbench.models.likeness import Likeness
from workbench.records import Prediction
from workbench.taxonomy.codebook import Codebook


@dataclass(frozen=True, slots=True)
class CarefulAnswers:
    """What `predict` says of gold paragraphs, in order.

    `unlike` has the reports unlike the training data (None: the lines that name none),
    `remarks` what there is to say of them.
    """

    predictions: tuple[Prediction, ...]
    unlike: Mapping[str | None, Likeness]
    remarks: tuple[str, ...]


def open_gold(path: Path, codebook: Codebook) -> Gold:
    """The paragraphs of the file `path`; AnnotationError names it and what is wrong."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            return read_gold(lines, codebook.code_names, str(path))
    except OSError as error:
        raise AnnotationError(
            f"{path}: cannot be read: {error.strerror}", "name a file of JSONL records"
        ) from error
    except UnicodeDecodeError as error:
        raise AnnotationError(
            f"{path}: is not UTF-8 text at byte {error.start}", "save the file as UTF-8"
        ) from error


def answer_carefully(app: App, labeller: Chosen, gold: Gold) -> CarefulAnswers:
    """Answer as `workbench predict --input` does: with the codebook on reports unlike the rest."""
    remarks: list[str] = []
    texts = []
    for item in gold.coded:
        paragraph = item.paragraph
        report_id = None if paragraph.report_id == UNNAMED else paragraph.report_id
        source = gold.sources.get(paragraph.report_id)
        texts.append(InputText(paragraph.text, paragraph.section, None, report_id, source))
    careful, lines = take_care_of_lines(app, labeller, texts, remarks.append)
    predictions = tuple(careful.predict(lines, evidence=False))
    return CarefulAnswers(predictions, careful.unlike, tuple(remarks))
