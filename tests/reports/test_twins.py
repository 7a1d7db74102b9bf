"""Which paragraphs count as one decision."""

import pytest

from workbench.records import Paragraph
from workbench.reports.twins import LONG, heading_of, twin_key

SHORT = "The law prohibits such practices."
FULL = " ".join(f"word{n}" for n in range(LONG))


def paragraph(text: str, *section: str) -> Paragraph:
    return Paragraph("p", "r", 0, section, text, 0, len(text), ((0, len(text)),))


def are_twins(text: str, one: tuple[str, ...], other: tuple[str, ...], again: str = "") -> bool:
    return twin_key(paragraph(text, *one)) == twin_key(paragraph(again or text, *other))


def test_short_words_are_twins_under_the_same_heading_only() -> None:
    assert are_twins(SHORT, ("Section 1", "c. Torture"), ("Part 2", "d) Torture"))
    assert not are_twins(SHORT, ("c. Torture",), ("b. Forced Labor",))
    assert not are_twins(SHORT, ("c. Torture",), ())
    assert are_twins(SHORT, (), ())


def test_long_words_are_twins_wherever_they_stand() -> None:
    assert are_twins(FULL, ("c. Torture",), ("b. Forced Labor",))
    shorter = FULL.rsplit(" ", 1)[0]
    assert not are_twins(shorter, ("c. Torture",), ("b. Forced Labor",))


def test_marks_case_and_quotes_do_not_tell_twins_apart_but_words_do() -> None:
    heading = ("Torture",)
    assert are_twins("He said “no” to *it*", heading, heading, 'HE  said "no" to it')
    assert not are_twins("He said no", heading, heading, "He said yes")


@pytest.mark.parametrize(
    ("heading", "bare"),
    [
        ("c. Torture and the Like", "torture and the like"),
        ("Section 1. Respect for Persons:", "respect for persons"),
        ("Section 7 Rights at Work", "rights at work"),
        ("1.c. Treatment", "treatment"),
        ("(iv) Treatment", "treatment"),
        ("2.3 Treatment", "treatment"),
        ("Chapter II: Treatment", "treatment"),
        ("U.S. Policy", "u.s. policy"),
        ("A History of Courts", "a history of courts"),
        ("Civil Liberties", "civil liberties"),
        ("3.", "3"),
        ("Physical Conditions:", "physical conditions"),
    ],
)
def test_a_heading_is_compared_without_its_number(heading: str, bare: str) -> None:
    assert heading_of(("Above", heading)) == bare


def test_no_heading_is_the_empty_one() -> None:
    assert heading_of(()) == ""
