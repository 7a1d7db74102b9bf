"""What paragraphs look like as tasks: their data, context and pre-labels, made when asked for."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from workbench.annotations.aims import Aim
from workbench.annotations.context import find_contexts
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
        self.counts: Counter[str] = Counter()
        self.making = Making(self.data, self.predict, version)

    def find_contexts(self, surveys: Sequence[Survey], missing: Iterable[str]) -> None:
        """Look up what was coded in an earlier year, for new tasks and those that wait."""
        keys = set(missing) | {
            task.paragraph_id or ""
            for found in surveys
            for task in found.tasks
            if not task.annotated
        }
        wanted = [item for key, item in self._held.items() if key in keys]
        reports = {report.report_id: report for _, report in self._held.values()}
        self._contexts = find_contexts(wanted, self._coded, reports, self._plan.codebook)

    def context(self, paragraph_id: str) -> str:
        """What is shown of an earlier year; empty where there is nothing."""
        return self._contexts.get(paragraph_id, "")

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

        They are in reading order, but what is to come first does.
        """
        keys = aim.wanted | {task.paragraph_id or "" for task in found.tasks} - aim.gone
        versions = frozenset((self._version,))
        return [
            TaskWish(key, digest_of(self.data(key)), versions, self._is_hidden(key))
            for key in sorted(self._held, key=lambda key: key not in aim.first)
            if key in keys
        ]
