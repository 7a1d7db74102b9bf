"""What a model said of each paragraph while its report was held out, kept for comparisons. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.errors import ModelFileError
from workbench.models.figures import Answers
from workbench.records import CodedParagraph


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """One entry per paragraph that was judged, `answers` in the order of `codes`.

    `clusters` has a number per paragraph, the same for near duplicates.
    """

    codes: tuple[str, ...]
    paragraph_ids: tuple[str, ...]
    reports: tuple[str, ...]
    clusters: np.ndarray
    carried: np.ndarray
    answers: Answers

    def keep(self, paragraph_ids: Sequence[str], codes: Sequence[str]) -> "HeldOut":
        """The same for these paragraphs and codes, in their order; each must be there."""
        place = {paragraph_id: row for row, paragraph_id in enumerate(self.paragraph_ids)}
        rows = np.array([place[paragraph_id] for paragraph_id in paragraph_ids], dtype=int)
        columns = np.array([self.codes.index(code) for code in codes], dtype=int)
        chosen = np.ix_(rows, columns)
        held = self.answers
        return HeldOut(
            tuple(codes),
            tuple(paragraph_ids),
            tuple(self.reports[row] for row in rows),
            self.clusters[rows],
            self.carried[rows],
            Answers(held.labels[chosen], held.scores[chosen], held.given[chosen]),
        )


def arrange_held_out(
    listed: Mapping[str, Any], coded: Sequence[CodedParagraph], codes: Sequence[str]
) -> HeldOut:
    """`metrics["held_out"]` of `evaluation.evaluate` with the paragraphs that it judged.

    `coded` is what the model was trained on, in any order: places are counted
    in the order of the paragraph ids, as training has them.
    """
    ordered = sorted(coded, key=lambda item: item.paragraph.paragraph_id)
    paragraphs = [ordered[place].paragraph for place in listed["places"]]
    shape = (len(paragraphs), len(codes))
    return HeldOut(
        codes=tuple(codes),
        paragraph_ids=tuple(paragraph.paragraph_id for paragraph in paragraphs),
        reports=tuple(paragraph.report_id for paragraph in paragraphs),
        clusters=np.array(listed["clusters"], dtype=int),
        carried=np.array(listed["carried_over"], dtype=bool),
        answers=answers_of(listed, shape),
    )


def answers_of(listed: Mapping[str, Any], shape: tuple[int, int]) -> Answers:
    """The answers that `metrics["held_out"]` lists, of the shape (paragraphs, codes)."""
    return Answers(
        np.array(listed["labels"], dtype=int).reshape(shape),
        np.array(listed["scores"], dtype=float).reshape(shape),
        np.array(listed["given"], dtype=bool).reshape(shape),
    )


def dump_held_out(held: HeldOut) -> str:
    """The lines of `heldout.jsonl`: per paragraph its label, score and answer of each code."""
    lines = []
    for row, paragraph_id in enumerate(held.paragraph_ids):
        answers = zip(
            held.codes,
            held.answers.labels[row].tolist(),
            held.answers.scores[row].tolist(),
            held.answers.given[row].astype(int).tolist(),
            strict=True,
        )
        record = {
            "paragraph_id": paragraph_id,
            "report_id": held.reports[row],
            "cluster": int(held.clusters[row]),
            "carried_over": bool(held.carried[row]),
            "answers": {code: [label, score, given] for code, label, score, given in answers},
        }
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    return "".join(lines)


def parse_held_out(text: str, codes: Sequence[str], origin: str) -> HeldOut:
    """What `dump_held_out` wrote. ModelFileError names `origin` and the line."""
    records, answers = [], []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            record = json.loads(line)
            answers.append([[float(value) for value in record["answers"][c]] for c in codes])
            if {len(answer) for answer in answers[-1]} != {3}:
                raise ValueError("a label, a score and an answer are expected of each code")
            kept = (str(record["paragraph_id"]), str(record["report_id"]), int(record["cluster"]))
            records.append((*kept, bool(record["carried_over"])))
        except (ValueError, KeyError, TypeError) as error:
            raise ModelFileError(
                f"{origin}, line {number}: damaged: {error}",
                "restore it from a copy, or train again",
            ) from error
    table = np.array(answers, dtype=float).reshape(len(records), len(codes), 3)
    return HeldOut(
        codes=tuple(codes),
        paragraph_ids=tuple(record[0] for record in records),
        reports=tuple(record[1] for record in records),
        clusters=np.array([record[2] for record in records], dtype=int),
        carried=np.array([record[3] for record in records], dtype=bool),
        answers=Answers(table[..., 0].astype(int), table[..., 1], table[..., 2] > 0),
    )
