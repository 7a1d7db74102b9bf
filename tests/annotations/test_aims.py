"""What should be a task where, which old pre-labels go, and assignments read off projects."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.aims import aim_at, plan_projects
from workbench.annotations.gateway import StudioProject, StudioTask
from workbench.annotations.projects import CODING, ProjectPlan, Role
from workbench.annotations.recovering import recover_assignments
from workbench.annotations.showing import stale_versions
from workbench.records import Assignment

KNOWN = {"a": False, "b": False, "c": False, "old": True}
GIVEN = [Assignment("a", "ana", shared=True), Assignment("b", "ana"), Assignment("a", "ben")]
START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def plan(codebook) -> ProjectPlan:
    return ProjectPlan("Title", "w1", codebook, 2)


def test_without_assignments_there_is_one_project_whatever_is_there(plan) -> None:
    assert plan_projects(plan, [], [Role(CODING, "ana")]) == [plan]


def test_projects_that_are_there_are_looked_after_too(plan) -> None:
    def roles(*there: Role) -> list[Role]:
        return [made.role for made in plan_projects(plan, GIVEN, there)]

    own = [Role(CODING, "ana"), Role(CODING, "ben")]
    assert roles() == own
    assert roles(Role("adjudication"), Role("adjudication", "zoe")) == own
    assert roles(Role(), Role(CODING, "chloe")) == [*own, Role(CODING, "chloe"), Role()]


def test_a_coder_gets_what_is_assigned_and_the_calibration_set_first() -> None:
    aim = aim_at(Role(CODING, "ana"), frozenset("abc"), GIVEN, KNOWN)
    assert (aim.wanted, aim.first) == ({"a", "b"}, {"a"})
    assert aim.gone == {"c", "old"}
    assert aim_at(Role(CODING, "chloe"), frozenset("abc"), GIVEN, KNOWN).gone == KNOWN.keys()


def test_what_is_assigned_leaves_the_project_for_all() -> None:
    aim = aim_at(Role(), frozenset("abc"), GIVEN, KNOWN)
    assert (aim.wanted, aim.gone) == (frozenset(), {"a", "b", "old"})
    alone = aim_at(Role(), frozenset("abc"), [], KNOWN)
    assert (alone.wanted, alone.gone) == ({"a", "b", "c"}, {"old"})


def test_what_was_done_in_a_project_that_is_gone_is_no_task_again() -> None:
    given = [Assignment("a", "ana", done=True), Assignment("b", "ana")]
    aim = aim_at(Role(CODING, "ana"), frozenset("abc"), given, KNOWN)
    assert (aim.wanted, aim.gone) == ({"b"}, {"c", "old"})


def hours(*made: int) -> dict[str, datetime]:
    return {f"v{number}": START + timedelta(hours=hour) for number, hour in enumerate(made, 1)}


def test_prelabels_are_stale_once_others_replaced_them_long_ago() -> None:
    made = hours(0, 1, 20)
    assert stale_versions(made, {"v3"}, START + timedelta(hours=8)) == ["v1"]
    assert stale_versions(made, {"v3"}, START + timedelta(hours=21)) == ["v1", "v2"]
    assert stale_versions(made, {"v3", "v2"}, START + timedelta(hours=21)) == ["v1"]
    assert stale_versions(made, {"v3"}, START) == []


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.integers(0, 60))
def test_the_newest_prelabels_are_never_stale(made: list[int], long_ago: int) -> None:
    versions = hours(*made)
    stale = stale_versions(versions, (), START + timedelta(hours=long_ago))
    assert all(versions[version] < max(versions.values()) for version in stale)


class Projects:
    """A server with coders' projects and nothing else."""

    def __init__(self, plan: ProjectPlan, **keys: str) -> None:
        self.keys = list(keys.values())
        self._projects = [
            StudioProject(number, name, plan.for_coder(name).description, "", "", 1)
            for number, name in enumerate(keys)
        ]

    def projects(self) -> list[StudioProject]:
        return self._projects

    def tasks(self, studio_id: int) -> list[StudioTask]:
        return [
            StudioTask(number, key, (), "", annotated=False)
            for number, key in enumerate(self.keys[studio_id])
        ]


def test_assignments_are_read_off_the_projects_of_coders(plan) -> None:
    found = recover_assignments(Projects(plan, ana="ab", ben="ac", chloe="abcx"), "w1", "abc")
    assert {(a.paragraph_id, a.coder, a.shared) for a in found.assignments} == {
        *(("a", name, True) for name in ("ana", "ben", "chloe")),
        ("b", "ana", False),
        ("b", "chloe", False),
        ("c", "ben", False),
        ("c", "chloe", False),
    }
    assert (found.per_paragraph, found.shared, found.unknown) == (2, 1, 1)
    assert found.coders == ("ana", "ben", "chloe")


def test_what_everybody_has_anyway_is_no_calibration_set(plan) -> None:
    for projects in (Projects(plan, ana="ab", ben="ab"), Projects(plan, ana="ab")):
        assert recover_assignments(projects, "w1", "ab").shared == 0
    assert recover_assignments(Projects(plan), "w1", "ab").assignments == ()
