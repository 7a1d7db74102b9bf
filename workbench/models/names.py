"""Names of people and places found by a spaCy pipeline that the user has. Offline.

Without one, names are told by their capitals (`features.find_names`), which misses a name that
stands only at the beginning of sentences, or in a text without capitals. A pipeline is asked at
training alone: what it finds is not learned, so that prediction never needs it.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import ModelError
from workbench.models.reading import ReadRows
from workbench.progress import Track, track_silently

if TYPE_CHECKING:
    from spacy.language import Language

#: People and places, as the pipelines of spaCy call them. Not organisations (ORG) nor peoples
#: (NORP): "trade union" and "Committee against Torture" say which right is at stake.
KINDS = frozenset({"PERSON", "PER", "GPE", "LOC"})
_ENTITIES = "doc.ents"
# Whatever else a pipeline does takes time and finds no names.
_NEEDLESS = ("parser", "lemmatizer", "textcat", "textcat_multilabel", "senter")


@dataclass(frozen=True, slots=True, eq=False)
class NamePipeline:
    """A loaded pipeline and how a model says that it was used: language, name and version."""

    title: str
    nlp: "Language" = field(repr=False)


def load_pipeline(name: str) -> NamePipeline:
    """The pipeline in the folder `name`, or the installed one of that name; nothing is fetched.

    Raises ModelError where it cannot be loaded, or finds no entities.
    """
    import spacy

    folder = Path(name).expanduser()
    try:
        nlp = spacy.load(folder if folder.is_dir() else name)
    # A pipeline is its maker's own code and files: it can fail in any way.
    except Exception as error:
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(
            f"names: the spaCy pipeline {name!r} cannot be loaded: {reason}",
            "name an installed pipeline or the folder of one, made for the installed spaCy"
            " (`python -m spacy validate`), or leave it out: names are then told by their capitals",
        ) from error
    if not any(_ENTITIES in nlp.get_pipe_meta(part).assigns for part in nlp.pipe_names):
        raise ModelError(
            f"names: the spaCy pipeline {name!r} has no `ner`, so it finds no names"
            f" (it has: {', '.join(nlp.pipe_names) or 'nothing'})",
            "name one that has, such as en_core_web_sm, or leave it out",
        )
    meta = nlp.meta
    return NamePipeline(f"{meta['lang']}_{meta['name']} {meta['version']}", nlp)


def find_entities(
    pipeline: NamePipeline, rows: ReadRows, progress: Track = track_silently
) -> np.ndarray:
    """Which of the words of `rows` stand in a name of a person or a place, Boolean (words,)."""
    nlp = pipeline.nlp
    asked = list(dict.fromkeys(rows.texts))
    needless = [part for part in _NEEDLESS if part in nlp.pipe_names]
    documents = progress(nlp.pipe(asked, disable=needless), "finding names", len(asked))
    entities = {
        text: [(e.start_char, e.end_char) for e in document.ents if e.label_ in KINDS]
        for text, document in zip(asked, documents, strict=True)
    }
    spans = rows.find_spans(np.arange(len(rows)))
    found = np.zeros(len(spans), dtype=bool)
    for row, text in enumerate(rows.texts):
        first, last = rows.words.ends[row : row + 2]
        starts, ends = spans[first:last].T
        for start, end in entities[text]:
            found[first:last] |= (starts < end) & (ends > start)
    return found
