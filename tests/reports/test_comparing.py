"""Two reports compared: every paragraph once, diffs that give back both texts."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.records import Paragraph
from workbench.reports.comparing import STATUSES, compare_reports
from workbench.reports.differing import diff_words
from workbench.reports.pairing import common_words
from workbench.reports.words import normalise

STRIKE = (
    "In March the dockers of Port Amaro went on strike for eleven days, and the company "
    "dismissed their speaker without notice."
)
PRISON = (
    "Inmates of the prison on Sable Island told the ombudsman of cold cells, of bad water and "
    "of guards who beat them at night."
)
PRESS = "The daily Lantern had to close its office in Norvik after a fine that it could not pay."
NONE = "There were no reports of disappearances."

WORD = st.sampled_from(
    (
        "the",
        "a",
        "law",
        "Law",
        "port",
        "“held”",
        '"held"',
        "police",
        "—",
        "--",
        "nine",
        "it’s",
        "it's",
        "*",
    )
)
WORDS = st.lists(WORD, max_size=30).map(" ".join)
SECTIONS = st.sampled_from([(), ("Section 1",), ("Section 1", "a. Life"), ("Section 2",)])
REPORTS = st.lists(st.tuples(WORDS, SECTIONS), max_size=10)


def report(report_id, *pieces):
    """Paragraphs of (text, section) or text alone."""
    made = []
    for position, piece in enumerate(pieces):
        text, section = piece if isinstance(piece, tuple) else (piece, ("Section 1",))
        key = f"{report_id}.{position}"
        made.append(Paragraph(key, report_id, position, section, text, 0, 1, ((0, 1),)))
    return made


def kept(steps, op):
    return [word for step, words in steps if step in ("equal", op) for word in words]


def keys(words):
    return [normalise(word) or word for word in words]


@given(REPORTS, REPORTS)
def test_every_paragraph_stands_in_exactly_one_entry(old, new):
    old, new = report("old", *old), report("new", *new)
    entries = compare_reports(old, new).entries
    assert Counter(e.old for e in entries if e.old) == Counter(old)
    assert Counter(e.new for e in entries if e.new) == Counter(new)


@given(REPORTS, REPORTS)
def test_each_status_means_what_it_says(old, new):
    comparison = compare_reports(report("old", *old), report("new", *new))
    for entry in comparison.entries:
        if entry.status in ("carried over", "changed"):
            same = normalise(entry.old.text) == normalise(entry.new.text)
            assert same == (entry.status == "carried over")
            assert bool(entry.diff) == (entry.status == "changed")
            assert 0.4 <= entry.similarity <= 1
        else:
            assert (entry.new is None) == (entry.status == "dropped")
            assert (entry.old is None) == (entry.status == "new")
    assert sum(comparison.count(status) for status in STATUSES) == len(comparison.entries)


@given(REPORTS, REPORTS)
def test_as_many_copies_are_carried_over_as_both_have(old, new):
    comparison = compare_reports(report("old", *old), report("new", *new))
    one, other = (Counter(normalise(text) for text, _ in side) for side in (old, new))
    assert comparison.count("carried over") == (one & other).total()


@given(REPORTS, REPORTS)
def test_sections_keep_the_reading_order_of_the_later_report(old, new):
    old, new = report("old", *old), report("new", *new)
    for section in compare_reports(old, new).sections:
        positions = [e.new.position for e in section.entries if e.new]
        assert positions == sorted(positions)
        assert section.entries


@given(REPORTS)
def test_a_report_and_itself_are_all_carried_over(pieces):
    comparison = compare_reports(report("old", *pieces), report("new", *pieces))
    assert comparison.count("carried over") == len(pieces) == len(comparison.entries)
    assert not any(entry.moved for entry in comparison.entries)


@given(WORDS, WORDS)
@example("", "")
@example("a law", "")
@example("the law of the port", "the port of the law")
def test_a_diff_gives_back_both_texts(old, new):
    steps = diff_words(old, new)
    assert kept(steps, "insert") == new.split()
    assert keys(kept(steps, "delete")) == keys(old.split())
    assert all(words for _, words in steps)
    assert all(one[0] != other[0] for one, other in pairwise(steps))


@given(WORDS)
def test_equal_texts_have_nothing_put_in_or_left_out(text):
    assert {op for op, _ in diff_words(text, text)} <= {"equal"}


@given(st.lists(WORD, max_size=12), st.lists(WORD, max_size=12))
def test_common_words_is_the_longest_common_subsequence(one, other):
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            table[i + 1][j + 1] = (
                table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
            )
    assert common_words(one, other) == common_words(other, one) == table[-1][-1]


def test_a_diff_shows_the_words_that_changed_and_no_more():
    steps = diff_words(STRIKE, STRIKE.replace("eleven", "twelve").replace("March", "May"))
    assert [step for step in steps if step[0] != "equal"] == [
        ("delete", ("March",)),
        ("insert", ("May",)),
        ("delete", ("eleven",)),
        ("insert", ("twelve",)),
    ]


def test_the_style_of_quotes_and_dashes_is_no_change():
    old = 'The "Lantern" -- Norvik\'s daily -- closed.'
    new = "The “Lantern” – Norvik’s daily – closed."
    assert diff_words(old, new) == (("equal", tuple(new.split())),)


def test_a_lone_word_between_long_changes_is_changed_with_them():
    steps = diff_words("alpha beta gamma the delta epsilon zeta", "one two three the four five six")
    assert [op for op, _ in steps] == ["delete", "insert"]


def test_paragraphs_are_sorted_into_the_four_kinds():
    longer = f"{STRIKE} A court upheld the dismissal in June."
    comparison = compare_reports(
        report("old", NONE, STRIKE, PRISON), report("new", NONE, PRESS, longer)
    )
    found = {(e.paragraph.text, e.status) for e in comparison.entries}
    assert found == {
        (NONE, "carried over"),
        (longer, "changed"),
        (PRESS, "new"),
        (PRISON, "dropped"),
    }


def test_the_most_similar_paragraphs_are_paired_first():
    close = STRIKE.replace("eleven", "twelve")
    far = STRIKE.replace("eleven days", "a week").replace("without notice", "and two others")
    comparison = compare_reports(report("old", STRIKE), report("new", far, close))
    changed = [e for e in comparison.entries if e.status == "changed"]
    assert [e.new.text for e in changed] == [close]
    assert comparison.count("new") == 1


def test_short_set_phrases_are_not_taken_for_one_another():
    old = report("old", NONE)
    new = report("new", "There were no reports of newborns that were sold.")
    assert compare_reports(old, new).count("changed") == 0


def test_copies_are_paired_under_their_own_headings():
    one, other = ("Section 1", "a. Life"), ("Section 2", "b. Press")
    old = report("old", (NONE, one), (NONE, other))
    new = report("new", (NONE, other), (PRESS, other), (NONE, one))
    entries = [e for e in compare_reports(old, new).entries if e.status == "carried over"]
    assert len(entries) == 2
    assert not any(entry.moved for entry in entries)


def test_what_stands_under_another_heading_is_moved():
    old, new = (
        report("old", (NONE, ("A",)), (PRESS, ("C",))),
        report("new", (NONE, ("B",)), (PRESS, ("C",))),
    )
    assert [e.moved for e in compare_reports(old, new).entries] == [True, False]


def test_a_heading_more_is_no_move():
    old = report("old", (NONE, ("Section 1", "c. Prisons", "Conditions")), (PRESS, ("Section 2",)))
    new = report("new", (NONE, ("Section 1", "Conditions")), (PRESS, ("Section 2", "b. Press")))
    assert [e.moved for e in compare_reports(old, new).entries] == [False, False]


def test_dropped_paragraphs_stand_where_the_earlier_report_had_them():
    comparison = compare_reports(
        report("old", NONE, PRISON, PRESS), report("new", NONE, STRIKE, PRESS)
    )
    assert [e.paragraph.text for e in comparison.entries] == [NONE, PRISON, STRIKE, PRESS]


def test_headings_that_a_whole_report_stands_under_make_no_section():
    old = report(
        "old", (NONE, ("Veldoria 2019", "Section 1")), (PRESS, ("Veldoria 2019", "Section 2"))
    )
    new = report(
        "new", (NONE, ("Veldoria 2020", "Section 1")), (PRESS, ("Veldoria 2020", "Section 2"))
    )
    assert [s.heading for s in compare_reports(old, new).sections] == ["Section 1", "Section 2"]


def test_an_excerpt_is_compared_section_by_section():
    old = report("old", (NONE, ("Section 1", "a. Life")), (PRESS, ("Section 2", "b. Press")))
    new = report("new", (NONE, ("Section 1", "a. Life")), (STRIKE, ("Section 1", "c. Work")))
    counts = {s.heading: len(s.entries) for s in compare_reports(old, new).sections}
    assert counts == {"Section 1": 2, "Section 2": 1}


def test_reports_of_one_section_keep_its_heading():
    old, new = report("old", NONE, PRESS), report("new", NONE)
    assert [s.heading for s in compare_reports(old, new).sections] == ["Section 1"]


def test_a_reworded_heading_is_the_section_to_which_its_paragraphs_went():
    old = report("old", (NONE, ("Section 1. Life",)), (PRESS, ("SECTION 1. LIFE",)),
                 (STRIKE, ("Section 7. Workers",)), (PRISON, ("Section 7. Workers",)))  # fmt: skip
    new = report("new", (NONE, ("Section 1. Life",)), (STRIKE, ("Section 7. Worker Rights",)))
    sections = compare_reports(old, new).sections
    assert [s.heading for s in sections] == ["Section 1. Life", "Section 7. Worker Rights"]
    assert [s.count("dropped") for s in sections] == [1, 1]


def test_a_section_of_which_one_paragraph_moved_stays_a_section():
    old = report("old", *((text, ("Old",)) for text in (STRIKE, PRISON, NONE)), (PRESS, ("New",)))
    new = report("new", (PRESS, ("New",)), (STRIKE, ("New",)))
    counts = {s.heading: s.count("dropped") for s in compare_reports(old, new).sections}
    assert counts == {"Old": 2, "New": 0}


@pytest.mark.parametrize("side", ["old", "new"])
def test_an_empty_report_can_be_compared(side):
    full = report("full", NONE, PRESS)
    comparison = compare_reports([], full) if side == "old" else compare_reports(full, [])
    assert comparison.count("new" if side == "old" else "dropped") == 2
    assert compare_reports([], []).sections == ()
