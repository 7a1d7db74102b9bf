"""Run-in headings: which paragraphs begin with one, and how it is told from the headings above."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.records import Paragraph
from workbench.reports.runins import (
    headings_above,
    marked_start,
    marked_start_of_html,
    run_in,
    run_in_of,
    with_run_in,
)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Physical Conditions: Cells were wet.", "Physical Conditions"),
        ("Physical Conditions. – Cells were wet.", "Physical Conditions"),
        ("Physical conditions. – Cells were wet.", "Physical conditions"),
        ("Physical Conditions.—Cells were wet.", "Physical Conditions"),
        ("Physical Conditions. -- Cells were wet.", "Physical Conditions"),
        ("Libel/Slander Laws: In 2019 nine were tried.", "Libel/Slander Laws"),
        ("U.S. Citizens: Nine were held.", "U.S. Citizens"),
        ("In-country Movement: 40 men were sent back.", "In-country Movement"),
        ("Exile: The law forbids it.", "Exile"),
        (
            "Limits on What Members of the Press and the Media May Print, Including "
            "at Night: The law",
            "Limits on What Members of the Press and the Media May Print, Including at Night",
        ),
    ],
)
def test_a_heading_in_the_first_line_is_found(text: str, heading: str) -> None:
    assert run_in_of(text) == heading


@pytest.mark.parametrize(
    "text",
    [
        "Note: The prefect left.",
        "NOTE: The prefect left.",
        "According to Smith: The prefect left.",
        "Agata Roll: “I saw nobody.”",
        'Agata Roll: "I saw nobody."',
        "At 12:30 Police came.",
        "Article 5: Everyone may leave.",
        "May 5, 2019: Police came.",
        "In Harl: The prefect left.",
        "HARL, May 5 – Police came.",
        "Women: nine were held.",
        "The law is clear: Nobody may leave.",
        "The court heard of Article 5: Everyone may leave.",
        "Physical Conditions. Cells were wet.",
        "Physical Conditions:",
        "Photo: Agata Roll",
        "",
        ":",
    ],
)
def test_a_sentence_a_speaker_or_a_date_is_no_heading(text: str) -> None:
    assert run_in_of(text) is None


@pytest.mark.parametrize(
    ("text", "marked", "heading"),
    [
        ("Physical Conditions. Cells were wet.", "Physical Conditions.", "Physical Conditions"),
        ("Physical Conditions — Cells were wet.", "Physical Conditions", "Physical Conditions"),
        ("Use of force: Police fired.", "Use of force:", "Use of force"),
        ("Use of force: Police fired.", "Use of force", "Use of force"),
        ("Nobody came home. Police fired.", "Nobody came home.", None),
        ("The Lantern closed in May: Nobody knew.", "The Lantern", None),
        ("Note: Police fired.", "Note:", None),
    ],
)
def test_words_that_the_source_marks_off_need_less_of_a_form(
    text: str, marked: str, heading: str | None
) -> None:
    assert run_in_of(text, marked) == heading


def test_the_words_marked_off_are_those_at_the_start() -> None:
    assert marked_start("**Use of force:** Police") == "Use of force:"
    assert marked_start("_Use of force_: Police") == "Use of force"
    assert marked_start("Police **fired**") == ""
    assert marked_start_of_html("<u>Use of <i>force</i></u>: Police") == "Use of <i>force</i>"
    assert marked_start_of_html(" <span class='a'><b>Use</b>: Police") == "Use"
    assert marked_start_of_html("Police <b>fired</b>") == ""
    assert marked_start_of_html("<br>Police <b>fired</b>") == ""


@pytest.mark.parametrize("above", ["Physical Conditions", "b. PHYSICAL CONDITIONS:"])
def test_a_heading_that_stands_above_too_is_no_second_step(above: str) -> None:
    assert with_run_in(("Prisons", above), "Physical Conditions") == ("Prisons", above)
    assert with_run_in((above, "Women"), "Physical Conditions")[-1] == "Physical Conditions"
    assert with_run_in((above,), None) == (above,)


def paragraph(text: str, *section: str) -> Paragraph:
    return Paragraph("r.1", "r", 0, section, text, 0, len(text), ((0, len(text)),))


def test_a_record_tells_its_run_in_heading_from_the_headings_above() -> None:
    record = paragraph("Exile: The law forbids it.", "d. Movement", "Exile")
    assert run_in(record) == "Exile"
    assert headings_above(record) == ("d. Movement",)
    other = replace(record, text="Exiles came home.")
    assert run_in(other) is None
    assert headings_above(other) == ("d. Movement", "Exile")
    assert run_in(paragraph("Exile: The law forbids it.")) is None


@given(st.text(max_size=200), st.text(max_size=40))
def test_a_run_in_heading_is_always_how_the_text_begins(text: str, marked: str) -> None:
    heading = run_in_of(text, marked)
    if heading is not None:
        record = paragraph(text, *with_run_in((), heading))
        assert run_in(record) == heading
        assert headings_above(record) == ()
