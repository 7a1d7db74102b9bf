"""Of paragraphs with the same words one becomes a task."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.twins import leave_out_twins
from workbench.records import Paragraph, Report
from workbench.reports.twins import twin_key


def held_from(*documents):
    return [(p, document.report) for document in documents for p in document.paragraphs]


def ids_of(document) -> list[str]:
    return [p.paragraph_id for p in document.paragraphs]


def test_the_earliest_year_is_tagged_whatever_the_order(make_document) -> None:
    late = make_document(["Same words.", "Other."], "veldoria-2020-state")
    early = make_document(["Same words."], "veldoria-2017-state", year=2017)
    undated = make_document(["Same words."], "aaa", year=None)
    for held in (held_from(late, early, undated), held_from(undated, early, late)):
        left = leave_out_twins(held, {p.paragraph_id for p, _ in held}, ())
        assert left == {ids_of(late)[0], ids_of(undated)[0]}


def test_a_report_that_comes_later_gets_no_second_task_even_if_its_year_is_earlier(
    make_document,
) -> None:
    first = make_document(["Same words."], "veldoria-2020-state")
    later = make_document(["Same words."], "veldoria-2017-state", year=2017)
    wanted = {*ids_of(first), *ids_of(later)}
    left = leave_out_twins(held_from(first, later), wanted, set(ids_of(first)))
    assert left == set(ids_of(later))


def test_of_a_wanted_and_an_unwanted_report_the_wanted_is_tagged(make_document) -> None:
    early = make_document(["Same words."], "veldoria-2017-state", year=2017)
    late = make_document(["Same words."], "veldoria-2020-state")
    assert not leave_out_twins(held_from(early, late), set(ids_of(late)), ())


def test_a_repetition_within_a_report_is_tagged_where_it_stands_first(make_document) -> None:
    document = make_document(["Same words.", "Other.", "Same words."])
    left = leave_out_twins(held_from(document), set(ids_of(document)), ())
    assert left == {ids_of(document)[2]}


def test_the_task_of_a_paragraph_that_is_gone_stands_for_nobody(make_document) -> None:
    gone = make_document(["Same words."], "veldoria-2017-state", year=2017)
    left = make_document(["Same words."], "veldoria-2020-state")
    assert not leave_out_twins(held_from(left), set(ids_of(left)), set(ids_of(gone)))


def test_tasks_that_twins_have_already_are_kept_and_no_more_are_made(make_document) -> None:
    documents = [make_document(["Same words."], f"veldoria-{y}-state", year=y) for y in (1, 2, 3)]
    held = held_from(*documents)
    tasks = {ids_of(documents[1])[0], ids_of(documents[2])[0]}
    wanted = {p.paragraph_id for p, _ in held}
    assert leave_out_twins(held, wanted, tasks) == set(ids_of(documents[0]))


def test_short_words_under_another_heading_are_tagged_too(make_document) -> None:
    one = make_document(["The law prohibits such practices."], "veldoria-2017-state", year=2017)
    other = make_document(["The law prohibits such practices."])
    moved = replace(other.paragraphs[0], section=("Section 7", "b. Another Heading"))
    held = [*held_from(one), (moved, other.report)]
    assert not leave_out_twins(held, {p.paragraph_id for p, _ in held}, ())


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(2015, 2018), st.booleans(), st.booleans()),
        max_size=14,
    )
)
def test_every_group_with_something_wanted_has_a_task_and_at_most_one_is_new(rows) -> None:
    held, wanted, tasks = [], set(), set()
    for n, (words, year, is_wanted, has_task) in enumerate(rows):
        report = Report(f"r{n}", "", None, None, year, "f", "0", "utf-8", "x")
        text = f"Words {words}."
        held.append((Paragraph(f"p{n}", f"r{n}", 0, (), text, 0, 1, ((0, 1),)), report))
        wanted |= {f"p{n}"} if is_wanted else set()
        tasks |= {f"p{n}"} if has_task else set()
    left = leave_out_twins(held, wanted, tasks)
    assert left <= wanted - tasks
    groups: dict[bytes, set[str]] = {}
    for paragraph, _ in held:
        groups.setdefault(twin_key(paragraph), set()).add(paragraph.paragraph_id)
    for group in groups.values():
        made = (group & wanted) - tasks - left
        assert len(made) == int(bool(group & wanted) and not group & tasks)
