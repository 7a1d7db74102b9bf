"""The table of what was detected, and what comes back of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ReportError
from workbench.records import Given, Report
from workbench.reports.approval import Detected, parse_approval, render_approval

words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)


def report_of(file: str, **fields: object) -> Detected:
    held = {"title": "T", "source": None, "country": None, "year": None} | fields
    return Detected(Report("id", file=file, sha256="0", encoding="utf-8", layout="x", **held), 3)


@given(
    st.dictionaries(words, st.tuples(words, words, st.none() | st.integers(1900, 2100)), max_size=4)
)
def test_a_table_that_is_not_touched_gives_what_was_detected(found) -> None:
    documents = [
        report_of(file, title=title, country=country, year=year)
        for file, (title, country, year) in found.items()
    ]
    table = parse_approval(render_approval(documents), "m.csv")
    assert table == {
        file: Given(title=title, country=country, year=year)
        for file, (title, country, year) in found.items()
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,year\na.txt,2019\n", "no column `file`"),
        ("", "no column `file`"),
        ("file,year\na.txt,19\n", "line 2: year '19' is none"),
        ("file,year\na.txt,²⁰¹⁹\n", "is none"),
        ("file\na.txt\na.txt\n", "line 3: the file a.txt is listed twice"),
        ("file,year\n,2019\n", "line 2: `file` is empty"),
    ],
)
def test_a_wrong_table_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ReportError, match=r"m\.csv") as caught:
        parse_approval(text, "m.csv")
    assert message in str(caught.value)


def test_missing_columns_and_a_mark_of_byte_order_are_taken() -> None:
    assert parse_approval("\ufefffile,country\na.txt,Castellane\n", "m.csv") == {
        "a.txt": Given(country="Castellane")
    }
