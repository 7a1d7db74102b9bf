"""What a cell means."""

import datetime
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.reports.rows.values import codes_of, name_of, section_of, text_of, tidy, year_of

HEADING = st.from_regex(r"[A-Za-z][A-Za-z0-9 /|,'\".-]{0,30}[a-z]", fullmatch=True)
CODE = st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True).filter(lambda code: code != "none")


def test_tidying_takes_invisible_marks_and_space_and_leaves_markdown() -> None:
    assert tidy(" The\u200b *court*\u00a0 of\r\nVel\u00addoria\x02ruled.\ufeff ") == (
        "The *court* of Veldoria ruled."
    )
    assert tidy("well-\nknown") == "well-known"


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (12, "12"),
        (12.0, "12"),
        (12.5, "12.5"),
        (" a  b ", "a b"),
        ("", None),
        (None, None),
        (float("nan"), None),
        (Decimal("7"), "7"),
        (datetime.date(2019, 3, 1), "2019-03-01"),
        (10**30, "1" + "0" * 30),
    ],
)
def test_a_name_is_text_or_a_number(value: object, name: str | None) -> None:
    assert name_of(value) == name


@pytest.mark.parametrize("value", [True, ["a"], {"a": 1}, float("inf"), b"a", "a\x00b", "\ud800"])
def test_what_is_no_name_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"expected|no text"):
        name_of(value)


@pytest.mark.parametrize("value", [3, 2.5, True, ["text"], {"text": "a"}, b"bytes"])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="text expected"):
        text_of(value)


def test_a_year_is_four_digits() -> None:
    assert [year_of(v) for v in (2018, "2018", 2018.0, " 2018 ", "", None)] == [2018] * 4 + [
        None
    ] * 2
    for wrong in ("2017-18", "18", 12345, True):
        with pytest.raises(ValueError, match=r"year|name"):
            year_of(wrong)


def test_a_path_is_parted_at_the_mark_with_spaces_only() -> None:
    assert section_of("Section 1 > a. Acts/Omissions | B > c") == (
        "Section 1",
        "a. Acts/Omissions | B",
        "c",
    )
    assert section_of("a>b / c") == ("a>b / c",)
    assert section_of(None) == section_of("") == section_of([]) == ()
    assert section_of(["One ", None, "", "Two"]) == ("One", "Two")
    assert section_of(4) == ("4",)


@given(st.lists(HEADING, max_size=4))
def test_a_list_written_as_json_or_by_python_is_a_path(path: list[str]) -> None:
    wanted = tuple(tidy(heading) for heading in path)
    assert section_of(path) == wanted
    assert section_of(json.dumps(path)) == wanted
    assert section_of(str(path)) == wanted


@given(st.lists(CODE, min_size=1, max_size=4), st.sampled_from([";", "|", ",", "; ", " | ", ", "]))
def test_codes_are_parted_by_any_of_three_marks_and_sorted(codes: list[str], mark: str) -> None:
    wanted = tuple(sorted(set(codes)))
    assert codes_of(mark.join(codes)) == wanted
    assert codes_of(codes) == codes_of(json.dumps(codes)) == codes_of(str(codes)) == wanted


def test_no_code_and_nothing_said_differ() -> None:
    assert codes_of("none") == codes_of("[]") == codes_of([]) == codes_of(["None"]) == ()
    assert codes_of("") is codes_of(None) is codes_of(" ") is None


def test_the_strongest_mark_parts_codes() -> None:
    assert codes_of("Press, media; Torture") == ("Press, media", "Torture")
