"""What paragraphs look like as tasks: their data, context and pre-labels, made when asked for."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from workbench.annotations.aims import Aim
from workbench.annotations.context import find_contexts
from workbench.annotations.gateway import StudioTask
from workbench.annotations.planning import TaskWish
from workbench.annotations.projects import ProjectPlan
from workbench.annotations.sending import Making
from workbench.annotations.surveying import Survey
from workbench.annotations.tasks import digest_of, prediction_body, prelabel_from, task_data
from workbench.records import CodedParagraph, Paragraph, Prediction, Report

Predict = Callable[[Sequence[Paragraph]], Iterable[Prediction]]


class Desk:
    """Makes tasks of the `held` paragraphs, with pre-labels of `version`.

    `is_hidden` says of a paragraph whether a new task of it shows none.
    `counts` counts the pre-labels made, by code ("none": no code proposed).
    """

    def __init__(
        self,
        plan: ProjectPlan,
        held: Sequence[tuple[Paragraph, Report]],
        coded: Sequence[CodedParagraph],
        predict: Predict,
        version: str,
        is_hidden: Callable[[str], bool],
    ) -> None:
        self._plan, self._coded, self._predict = plan, coded, predict
        self._version, self._is_hidden = version, is_hidden
        self._held = {item[0].paragraph_id: item for item in held}
        self._contexts: Mapping[str, str] = {}
        # Of begun paragraphs: what their tasks show, and those of which that is not known.
        self._kept: dict[str, str] = {}
        self._untold: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.making = Making(self.data, self.predict, version)

    def find_contexts(self, surveys: Sequence[Survey], missing: Iterable[str]) -> None:
        """Look up what was coded in an earlier year, for new tasks and those that wait.

        A paragraph that a coder has begun, in any project, keeps what its task
        shows, in all projects: so all coders of it see the same.
        """
        keys = set(missing) | {
            task.paragraph_id or ""
            for found in surveys
            for task in found.tasks
            if not task.annotated
        }
        wanted = [item for key, item in self._held.items() if key in keys]
        reports = {report.report_id: report for _, report in self._held.values()}
        self._contexts = find_contexts(wanted, self._coded, reports, self._plan.codebook)
        # Those listed first: what they show is known for certain.
        for found in sorted(surveys, key=lambda found: not found.listed):
            self._keep(found, keys)

    def _keep(self, found: Survey, keys: Collection[str]) -> None:
        """Let those of the paragraphs that are begun in a project keep what they show there."""
        for task in found.tasks:
            key = task.paragraph_id or ""
            if not (task.annotated or task.drafted) or key not in keys or key in self._kept:
                continue
            context = task.context if found.listed else self._recall(task)
            if context is None:
                self._untold.add(key)
            else:
                self._kept[key] = context

    def _recall(self, task: StudioTask) -> str | None:
        """What a task that was not listed shows, by its digest; None where that does not tell."""
        paragraph, report = self._held.get(task.paragraph_id or "", (None, None))
        if paragraph is None or report is None:
            return None
        for context in ("", self._contexts.get(paragraph.paragraph_id, "")):
            if digest_of(task_data(paragraph, report, context)) == task.digest:
                return context
        return None

    def context(self, paragraph_id: str) -> str:
        """What is shown of an earlier year; empty where there is nothing."""
        return self._kept.get(paragraph_id, self._contexts.get(paragraph_id, ""))

    def data(self, paragraph_id: str) -> dict[str, Any]:
        """The data of a paragraph's task."""
        paragraph, report = self._held[paragraph_id]
        return task_data(paragraph, report, self.context(paragraph_id))

    def predict(self, paragraph_ids: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
        """The predictions of paragraphs, for each a list of one."""
        paragraphs = [self._held[key][0] for key in paragraph_ids]
        for prediction in self._predict(paragraphs):
            prelabel = prelabel_from(prediction, self._version)
            self.counts.update(prelabel.codes or ("none",))
            yield [prediction_body(prelabel)]

    def wish(self, found: Survey, aim: Aim) -> list[TaskWish]:
        """What a project's tasks should be: those wanted and those there.

        They are in reading order, but what is to come first does. Those of new tasks
        have no digest yet: it is made with the task.
        """
        keys = aim.wanted | {task.paragraph_id or "" for task in found.tasks} - aim.gone
        if found.listed:
            self._keep(found, keys)
        left = self._untold - self._kept.keys()
        as_they_are = {t.paragraph_id: t.digest for t in found.tasks if t.paragraph_id in left}
        there = {task.paragraph_id for task in found.tasks}
        versions = frozenset((self._version,))
        return [
            TaskWish(
                key,
                as_they_are.get(key) or (digest_of(self.data(key)) if key in there else ""),
                versions,
                self._is_hidden(key),
            )
            for key in sorted(self._held, key=lambda key: key not in aim.first)
            if key in keys
        ]
