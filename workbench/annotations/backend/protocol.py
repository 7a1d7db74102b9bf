"""What Label Studio asks of a model backend and what it is answered. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from workbench.annotations.tasks import KEY, PRELABELS, prediction_body, prelabel_from
from workbench.errors import AnnotationError
from workbench.records import Paragraph, Prediction

#: How `tasks.task_data` writes a heading path, and the lack of one.
_STEP, _NO_HEADING = " › ", "(no heading)"


class Labeller(Protocol):
    """What predicts. `version` is the name its pre-labels have, the one that push uses."""

    @property
    def version(self) -> str: ...

    def predict(self, paragraphs: Sequence[Paragraph]) -> Iterable[Prediction]:
        """A prediction for each paragraph, in order."""
        ...


def read_tasks(body: Any) -> list[Any]:
    """The tasks of a request to predict; AnnotationError where it is none."""
    tasks = body.get("tasks") if isinstance(body, Mapping) else None
    if not isinstance(tasks, list):
        raise AnnotationError("the request holds no list of tasks", 'send {"tasks": [...]}')
    return tasks


def paragraph_of(task: Any) -> Paragraph | None:
    """The paragraph that a task shows, as push wrote it into the task's data.

    None where the task has no text, or belongs to the share that is shown
    without pre-labels. Offsets count in the text that the task shows.
    """
    data = task.get("data") if isinstance(task, Mapping) else None
    if not isinstance(data, Mapping) or data.get(PRELABELS) is False:
        return None
    text = data.get("text")
    if not isinstance(text, str) or not text.strip() or not _is_unicode(text):
        return None
    return Paragraph(
        paragraph_id=str(data.get(KEY) or f"task {task.get('id')}"),
        report_id=str(data.get("report_id") or ""),
        position=0,
        section=_read_section(data.get("section")),
        text=text,
        start=0,
        end=len(text),
        spans=((0, len(text)),),
    )


def answer_tasks(tasks: Sequence[Any], labeller: Labeller) -> tuple[list[Any], list[str]]:
    """What to answer for each of `tasks`, in order, and a remark on each that failed.

    A task is answered with a prediction in Label Studio's shape, or with an
    empty list, of which Label Studio stores nothing: an empty prediction
    would be stored, and be served first by its uncertainty sampling. What the
    labeller cannot predict does not spoil the rest. Remarks hold no text.
    """
    paragraphs = [paragraph_of(task) for task in tasks]
    answers: list[Any] = [[] for _ in tasks]
    remarks: list[str] = []
    places = [place for place, paragraph in enumerate(paragraphs) if paragraph is not None]
    wanted = [paragraph for paragraph in paragraphs if paragraph is not None]
    try:
        found = _predict(wanted, labeller)
    except Exception:
        found = []
        for paragraph in wanted:
            try:
                found += _predict([paragraph], labeller)
            except Exception as error:
                found.append(None)
                kind = type(error).__name__
                remarks.append(f"{paragraph.paragraph_id!r}: not predicted ({kind})")
    for place, answer in zip(places, found, strict=True):
        if answer is not None:
            answers[place] = answer
    return answers, remarks


def _predict(paragraphs: Sequence[Paragraph], labeller: Labeller) -> list[dict[str, Any] | None]:
    if not paragraphs:
        return []
    version = labeller.version
    return [
        prediction_body(prelabel_from(prediction, version))
        for _, prediction in zip(paragraphs, labeller.predict(paragraphs), strict=True)
    ]


def _is_unicode(text: str) -> bool:
    """JSON can write halves of surrogate pairs, which no answer could repeat."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _read_section(section: Any) -> tuple[str, ...]:
    if not isinstance(section, str) or section == _NO_HEADING:
        return ()
    return tuple(step for step in section.split(_STEP) if step)
