"""What a model remembers of the texts it learned from: hashes of their words, not their words.

So that a text can be told from one that the model has all but seen, years later and without the
reports. Pure: the registry writes and reads the lines.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from workbench.errors import ModelFileError
from workbench.models.copies import NEW_BELOW
from workbench.records import CodedParagraph
from workbench.reports.shingles import ROUNDING, shingles
from workbench.reports.words import normalise

# Texts that are compared at a time.
_ROWS_AT_A_TIME = 256
_HASH = np.dtype("<u4")


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """One text: the paragraph's id, a hash of its words, the hashes of its word 3-shingles.

    Hashes have 32 bits: two texts of 100 different shingles have one in common
    by chance once in 400,000 pairs, which moves no similarity to speak of.
    """

    paragraph_id: str
    words: str
    shingles: np.ndarray


def remember(coded: Iterable[CodedParagraph]) -> Iterator[Remembered]:
    """What is kept of each paragraph, in order."""
    for item in coded:
        paragraph = item.paragraph
        yield Remembered(paragraph.paragraph_id, _hash_words(paragraph.text), _hash(paragraph.text))


def dump_memory(remembered: Iterable[Remembered]) -> str:
    """The lines of `training.jsonl`."""
    lines = (
        {
            "paragraph_id": item.paragraph_id,
            "words": item.words,
            "shingles": base64.b64encode(item.shingles.astype(_HASH).tobytes()).decode("ascii"),
        }
        for item in remembered
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def parse_memory(text: str, origin: str) -> list[Remembered]:
    """What `dump_memory` wrote. ModelFileError names `origin` and the line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            record = json.loads(line)
            hashes = np.frombuffer(base64.b64decode(record["shingles"], validate=True), _HASH)
            found.append(Remembered(str(record["paragraph_id"]), str(record["words"]), hashes))
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise ModelFileError(
                f"{origin}, line {number}: damaged: {error}",
                "restore it from a copy, or train again",
            ) from error
    return found


def find_seen(texts: Sequence[str], remembered: Sequence[Remembered]) -> np.ndarray:
    """For each text, whether it is a copy of a remembered one, edited ones too, Boolean.

    A copy as `copies` has it: a Jaccard similarity of the sets of word 3-shingles
    of NEW_BELOW or more, or equal words.
    """
    if not texts or not remembered:
        return np.zeros(len(texts), dtype=bool)
    words = {item.words for item in remembered}
    seen = np.array([_hash_words(text) in words for text in texts])
    hashes = [_hash(text) for text in texts]
    columns = np.unique(np.concatenate([item.shingles for item in remembered]))
    known = _incidence([item.shingles for item in remembered], columns).T.tocsr()
    known_sizes = np.array([len(item.shingles) for item in remembered])
    sizes = np.array([len(row) for row in hashes])
    for first in range(0, len(texts), _ROWS_AT_A_TIME):
        part = slice(first, first + _ROWS_AT_A_TIME)
        shared = (_incidence(hashes[part], columns) @ known).tocoo()
        union = sizes[part][shared.row] + known_sizes[shared.col] - shared.data
        seen[first + np.unique(shared.row[shared.data >= NEW_BELOW * union - ROUNDING])] = True
    return seen


def _incidence(rows: Sequence[np.ndarray], columns: np.ndarray) -> csr_matrix:
    """A row per text, a column per hash of `columns` (in order); other hashes are left out."""
    held = [row[np.isin(row, columns)] for row in rows]
    ends = np.concatenate(([0], np.cumsum([len(row) for row in held])))
    places = np.searchsorted(columns, np.concatenate(held)) if held else np.zeros(0, int)
    data = np.ones(len(places), dtype=np.int32)
    return csr_matrix((data, places, ends), shape=(len(rows), len(columns)))


def _hash_words(text: str) -> str:
    return hashlib.sha256(normalise(text).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _hash(text: str) -> np.ndarray:
    digests = {
        hashlib.blake2b(" ".join(run).encode("utf-8", "surrogatepass"), digest_size=4).digest()
        for run in shingles(text)
    }
    return np.frombuffer(b"".join(sorted(digests)), dtype=_HASH)
