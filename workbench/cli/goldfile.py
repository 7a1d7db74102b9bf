"""Reading a file of gold paragraphs."""

from pathlib import Path

from workbench.errors import AnnotationError
from workbench.models.gold import read_gold
from workbench.records import CodedParagraph
from workbench.taxonomy.codebook import Codebook


def open_gold(path: Path, codebook: Codebook) -> list[CodedParagraph]:
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
