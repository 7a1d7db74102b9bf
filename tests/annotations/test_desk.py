"""What tasks show of an earlier year, for all coders of a paragraph alike."""

from collections.abc import Sequence

import pytest

from tests.annotations.test_context import NEW, OLD
from workbench.annotations.aims import Aim
from workbench.annotations.desk import Desk
from workbench.annotations.gateway import StudioTask
from workbench.annotations.projects import ProjectPlan
from workbench.annotations.surveying import Survey
from workbench.annotations.tasks import digest_of, task_data
from workbench.records import CodedParagraph

SEEN = "<details>seen</details>"


class Pages:
    """A paragraph whose earlier near copy is coded, and projects that have a task of it."""

    def __init__(self, make_document, plan: ProjectPlan) -> None:
        before = make_document([OLD], "veldoria-2019-state", year=2019)
        after = make_document([NEW])
        self.paragraph, self.report = after.paragraphs[0], after.report
        self.key = self.paragraph.paragraph_id
        self.plan = plan
        self.held = [(d.paragraphs[0], d.report) for d in (before, after)]
        self.coded = [CodedParagraph(before.paragraphs[0], ("labor",), (), ("ana", "ben"))]

    def survey(self, context: str, begun: str = "", *, listed: bool = True) -> Survey:
        task = StudioTask(
            1,
            self.key,
            (),
            context if listed else "",
            annotated=begun == "annotated",
            digest=digest_of(task_data(self.paragraph, self.report, context)),
            drafted=begun == "drafted",
        )
        return Survey(self.plan, None, None, made=False, tasks=[task], listed=listed)

    def desk(self, surveys: Sequence[Survey], *, coded: bool = True) -> Desk:
        desk = Desk(self.plan, self.held, self.coded if coded else (), iter, "v", lambda key: False)
        desk.find_contexts(surveys, {self.key})
        return desk

    def context(self, *surveys: Survey, coded: bool = True) -> str:
        return self.desk(surveys, coded=coded).context(self.key)

    @property
    def now(self) -> str:
        """What would be shown if nobody had begun."""
        return self.context()


@pytest.fixture
def pages(make_document, codebook) -> Pages:
    return Pages(make_document, ProjectPlan("Title", "w1", codebook, 2))


def test_what_no_coder_has_begun_shows_what_is_known_now(pages) -> None:
    assert "Rights at work" in pages.now
    assert pages.context(pages.survey(""), pages.survey(SEEN, listed=False)) == pages.now


@pytest.mark.parametrize("begun", ["annotated", "drafted"])
@pytest.mark.parametrize("shown", ["", SEEN])
def test_what_one_coder_has_begun_stays_as_it_is_for_all(pages, begun: str, shown: str) -> None:
    assert pages.context(pages.survey(pages.now), pages.survey(shown, begun)) == shown


def test_what_the_store_alone_knows_of_is_told_by_its_digest(pages) -> None:
    for shown in ("", pages.now):
        assert pages.context(pages.survey(shown, "annotated", listed=False)) == shown
    other = pages.survey(SEEN, "annotated", listed=True)
    assert pages.context(pages.survey("", "annotated", listed=False), other) == SEEN


def test_where_the_digest_does_not_tell_no_task_is_changed(pages) -> None:
    begun, waits = pages.survey(SEEN, "annotated", listed=False), pages.survey(SEEN, listed=False)
    desk = pages.desk([begun, waits])
    aim = Aim(frozenset({pages.key}), frozenset())
    (wish,) = desk.wish(waits, aim)
    assert wish.digest == waits.tasks[0].digest
    # Once it is listed, it is known for the projects that come after.
    desk.wish(pages.survey(SEEN, "annotated"), aim)
    assert desk.context(pages.key) == SEEN
