"""Label Studio's annotations as our records. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from workbench.annotations.origins import ADJUDICATION, STUDIO
from workbench.annotations.tasks import CHOSEN, KEY, PRELABELS
from workbench.errors import AnnotationError
from workbench.records import Annotation, Evidence, PreLabel
from workbench.taxonomy.codebook import NONE
from workbench.taxonomy.labelconfig import CODES, COMMENT, EVIDENCE, REASON


@dataclass(frozen=True, slots=True)
class Reading:
    """What one project's export holds: annotations, and what deserves a look.

    `remarks` are one-line notes for the lead researcher, each naming a task.
    `strange` counts the annotations on tasks that carry no paragraph of ours.
    `others` names who annotated besides the one whose own project it is.
    """

    annotations: tuple[Annotation, ...]
    remarks: tuple[str, ...]
    strange: int
    others: tuple[str, ...] = ()


def read_export(
    tasks: Iterable[Mapping[str, Any]],
    coders: Mapping[int, str],
    codes: Sequence[str],
    known: Collection[str],
    origin: str = STUDIO,
    owner: str | None = None,
) -> Reading:
    """Read a JSON export.

    `coders` names users by number, `codes` are the taxonomy's, `known` the
    paragraph ids of the store; `origin` is what the annotations are to have,
    `owner` the coder whose own the project is. Raises AnnotationError for a code
    that the taxonomy does not have.
    """
    annotations: list[Annotation] = []
    remarks: list[str] = []
    strange = 0
    for task in tasks:
        paragraph_id = (task.get("data") or {}).get(KEY)
        given = task.get("annotations") or []
        if paragraph_id not in known:
            strange += len(given)
            continue
        for raw in given:
            user = _user(raw)
            coder = coders.get(user) or f"user {user}"
            annotation, remark = read_annotation(raw, str(paragraph_id), coder, codes, origin)
            if task["data"].get(PRELABELS) is False:
                annotation = replace(annotation, hidden=True)
            if origin == ADJUDICATION:
                annotation = replace(annotation, choices=_choices(task["data"].get(CHOSEN)))
            changer = raw.get("updated_by")
            if isinstance(changer, int) and changer != user:
                annotation = replace(annotation, changed_by=coders.get(changer, f"user {changer}"))
                when = f"{annotation.updated_at:%Y-%m-%d %H:%M}"
                changed = f"last changed by {annotation.changed_by}, {when} UTC"
                remark = f"{remark}; {changed}" if remark else changed
            annotations.append(annotation)
            if remark:
                remarks.append(f"task {task.get('id')} ({coder}): {remark}")
        # Label Studio on SQLite can store one submission twice when its database is busy.
        here = annotations[len(annotations) - len(given) :]
        by = Counter(annotation.coder for annotation in here if not annotation.skipped)
        remarks += [
            f"task {task.get('id')} ({coder}): {number} annotations; the newest counts"
            for coder, number in by.items()
            if number > 1
        ]
    others = {annotation.coder for annotation in annotations} - {owner}
    return Reading(
        tuple(annotations), tuple(remarks), strange, tuple(sorted(others)) if owner else ()
    )


def read_annotation(
    raw: Mapping[str, Any],
    paragraph_id: str,
    coder: str,
    codes: Sequence[str],
    origin: str = STUDIO,
) -> tuple[Annotation, str]:
    """One annotation of an export, and a remark ("" for none).

    "none of these" together with codes is read as the codes, with a remark:
    the page cannot forbid it.
    """
    result = raw.get("result") or []
    chosen, evidence, comments = _split(result)
    unknown = sorted((chosen | {e.code for e in evidence}) - {NONE, *codes})
    if unknown:
        raise AnnotationError(
            f"an annotation of {paragraph_id} by {coder} has the code {unknown[0]!r}, "
            "which the taxonomy does not have",
            "add the code to the taxonomy, or correct the annotation in Label Studio",
        )
    skipped = _skipped(raw)
    remark = ""
    if NONE in chosen and len(chosen) > 1:
        remark = f'"none" together with {", ".join(sorted(chosen - {NONE}))}; read as the codes'
    elif not chosen and not skipped:
        remark = "nothing chosen; read as none"
    return (
        Annotation(
            paragraph_id=paragraph_id,
            coder=coder,
            codes=tuple(sorted(chosen - {NONE})),
            key=str(raw.get("unique_id") or f"studio:{raw.get('id')}"),
            origin=origin,
            created_at=_moment(raw.get("created_at")),
            updated_at=_moment(raw.get("updated_at")),
            evidence=evidence,
            comment="\n".join(comments),
            skipped=skipped,
            lead_time=raw.get("lead_time"),
            prelabel=_prelabel(raw.get("prediction")),
            reason=_reason(result),
        ),
        remark,
    )


def _split(
    result: Iterable[Mapping[str, Any]],
) -> tuple[set[str], tuple[Evidence, ...], list[str]]:
    """A result list as chosen codes, evidence in order of offset, comments."""
    chosen: set[str] = set()
    evidence: list[Evidence] = []
    comments: list[str] = []
    for item in result:
        value = item.get("value") or {}
        if item.get("from_name") == CODES:
            chosen.update(value.get("choices") or ())
        elif item.get("from_name") == EVIDENCE:
            evidence += [
                Evidence(code, int(value["start"]), int(value["end"]), value.get("text") or "")
                for code in value.get("labels") or ()
            ]
        elif item.get("from_name") == COMMENT:
            text = value.get("text") or ()
            comments += [text] if isinstance(text, str) else list(text)
    return chosen, tuple(sorted(evidence, key=lambda e: (e.start, e.end, e.code))), comments


def _choices(chosen: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What each coder had chosen, as an adjudicator's task has it."""
    if not isinstance(chosen, Mapping):
        return ()
    return tuple((str(name), tuple(map(str, codes))) for name, codes in sorted(chosen.items()))


def _reason(result: Iterable[Mapping[str, Any]]) -> str:
    """Why the coders differed, as an adjudicator has it; "" where none is given."""
    for item in result:
        if item.get("from_name") == REASON:
            return str(next(iter((item.get("value") or {}).get("choices") or ()), ""))
    return ""


def _prelabel(prediction: Any) -> PreLabel | None:
    """The pre-label on which an annotation was based, as the server recorded it."""
    if not isinstance(prediction, Mapping) or not prediction.get("result"):
        return None
    chosen, evidence, _ = _split(prediction["result"])
    return PreLabel(
        version=str(prediction.get("model_version") or ""),
        codes=tuple(sorted(chosen - {NONE})),
        score=float(prediction.get("score") or 0.0),
        evidence=evidence,
    )


def _skipped(raw: Mapping[str, Any]) -> bool:
    return bool(raw.get("was_cancelled"))


def _user(raw: Mapping[str, Any]) -> int:
    by = raw.get("completed_by")
    return int(by["id"] if isinstance(by, Mapping) else by or 0)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
