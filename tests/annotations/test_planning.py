"""What should be on the server against what is there."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.gateway import StudioTask
from workbench.annotations.planning import TaskWish, is_hidden, plan_tasks

KEYS = st.sampled_from(["a", "b", "c", "d"])
TASKS = st.lists(
    st.builds(
        StudioTask,
        task_id=st.integers(1, 50),
        paragraph_id=st.one_of(st.none(), KEYS, st.just("stranger")),
        versions=st.sampled_from([(), ("v1",), ("v2",), ("v1", "v2")]),
        context=st.just(""),
        annotated=st.booleans(),
        digest=st.sampled_from(["new", "old"]),
        hidden=st.booleans(),
        drafted=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda task: task.task_id,
)
WISHES = st.sets(KEYS).map(
    lambda keys: [TaskWish(key, "new", frozenset({"v2"})) for key in sorted(keys)]
)
KNOWN = frozenset("abcd")


def carry_out(plan, there) -> list[StudioTask]:
    """What the server has after a plan was carried out."""
    gone = {task.task_id for task in plan.remove}
    updated = {task.task_id for task, _ in plan.update}
    labelled = {task.task_id for task, _ in plan.relabel}
    after = [
        StudioTask(
            task.task_id,
            task.paragraph_id,
            ("v2",) if task.task_id in labelled else task.versions,
            "",
            task.annotated,
            "new" if task.task_id in updated else task.digest,
            task.hidden,
            task.drafted,
        )
        for task in there
        if task.task_id not in gone
    ]
    made = [
        StudioTask(100 + n, wish.paragraph_id, ("v2",), "", False, wish.digest, wish.hidden)
        for n, wish in enumerate(plan.create)
    ]
    return after + made


@given(WISHES, TASKS, st.sets(KEYS))
def test_a_plan_that_was_carried_out_leaves_nothing_to_do(wishes, there, gone) -> None:
    wishes = [wish for wish in wishes if wish.paragraph_id not in gone]
    plan = plan_tasks(wishes, there, KNOWN, gone)
    after = carry_out(plan, there)
    again = plan_tasks(wishes, after, KNOWN, gone)
    assert again.nothing
    assert {wish.paragraph_id for wish in wishes} <= {task.paragraph_id for task in after}


@given(WISHES, TASKS, st.sets(KEYS))
def test_no_work_of_a_coder_is_ever_removed_or_changed(wishes, there, gone) -> None:
    plan = plan_tasks(wishes, there, KNOWN, gone)
    assert not any(task.annotated or task.drafted for task in plan.remove)
    assert not any(task.annotated for task, _ in plan.update)
    assert all(task.paragraph_id in KNOWN for task in plan.remove)


@given(WISHES, TASKS)
def test_each_paragraph_keeps_one_task_unless_several_were_worked_on(wishes, there) -> None:
    plan = plan_tasks(wishes, there, KNOWN)
    after = carry_out(plan, there)
    for key in KNOWN:
        tasks = [task for task in after if task.paragraph_id == key]
        assert len(tasks) <= 1 or key in plan.doubled
    strangers = sum(task.paragraph_id not in KNOWN for task in there)
    assert plan.strange == strangers


def test_of_doubles_the_oldest_annotated_is_kept() -> None:
    def task(number: int, annotated: bool) -> StudioTask:
        return StudioTask(number, "a", ("v2",), "", annotated, "new")

    plan = plan_tasks([], [task(1, False), task(2, True), task(3, True)], {"a"})
    assert plan.kept["a"].task_id == 2
    assert [t.task_id for t in plan.remove] == [1]
    assert plan.doubled == ("a",)


@given(st.text(max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_who_is_hidden_at_a_smaller_share_is_at_a_larger_one(key, one, other) -> None:
    small, large = sorted((one, other))
    assert not is_hidden("w", key, small) or is_hidden("w", key, large)
    assert not is_hidden("w", key, 0.0)
    assert is_hidden("w", key, 1.0)


def test_the_hidden_share_is_about_the_share() -> None:
    hidden = sum(is_hidden("w", f"paragraph-{n}", 0.1) for n in range(5000))
    assert 400 < hidden < 600
