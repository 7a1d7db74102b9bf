"""Source, country, year and title: from the report's words first, then from its file name."""

import pytest

from workbench.reports.metadata import Metadata, detect, make_report_id, make_title

BODY = "\n\nThe courts of Veldoria were closed. Veldoria has one judge. Nobody in Veldoria minded."


@pytest.mark.parametrize(
    ("front", "country", "year"),
    [
        ("Country Report on Human Rights Practices 2018 - Veldoria", "Veldoria", 2018),
        ("2019 Country Reports on Human Rights Practices: Veldoria", "Veldoria", 2019),
        ("2012 Human Rights Reports: Veldoria", "Veldoria", 2012),
        ("VELDORIA 2020 HUMAN RIGHTS REPORT", "Veldoria", 2020),
        (
            "# 2017 Country Reports on Human Rights Practices: South Veldoria",
            "South Veldoria",
            2017,
        ),
        ("Country Reports on Human Rights Practices for 2004 – Veldoria", "Veldoria", 2004),
    ],
)
def test_titles_of_the_state_department_are_understood(front: str, country: str, year: int) -> None:
    found = detect(front + BODY, "x", None)
    assert (found.source, found.country, found.year) == ("state", country, year)
    assert found.title == front.removeprefix("# ")
    assert found.warnings == ()


def test_a_world_report_covers_the_year_before_it() -> None:
    front = "World Report 2021: Veldoria | Human Rights WatchVeldoriaEvents of 2020The courts"
    found = detect(front, "veldoria-hrw", None)
    assert (found.source, found.country, found.year) == ("hrw", "Veldoria", 2020)
    assert found.title == "World Report 2021: Veldoria"
    silent = detect("World Report 2015: Veldoria | Human Rights Watch" + BODY, "x", None)
    assert silent.year == 2014


def test_the_year_of_publication_in_the_file_name_is_explained() -> None:
    front = "World Report 2021: Veldoria | Human Rights Watch\nEvents of 2020"
    (warning,) = detect(front, "veldoria-2021-hrw", None).warnings
    assert "the year covered is 2020" in warning
    assert "2021, in its file name, is when it was published" in warning


def test_content_wins_over_the_file_name_with_a_warning() -> None:
    front = "Country Report on Human Rights Practices 2018 - Veldoria" + BODY
    found = detect(front, "veldoria-2016-hrw", None)
    assert (found.source, found.year) == ("state", 2018)
    assert len(found.warnings) == 2


def test_the_file_name_says_what_the_content_does_not() -> None:
    text = "The courts were closed in South Veldoria."
    found = detect(text, "south-veldoria-2019-state", None)
    assert (found.source, found.country, found.year) == ("state", "South Veldoria", 2019)
    assert detect(text, "south_veldoria_2019", "hrw").source == "hrw"


def test_words_of_a_file_name_that_the_report_does_not_know_are_no_country() -> None:
    found = detect("The courts were closed.", "my-notes-2019", None)
    assert (found.country, found.year) == (None, 2019)
    assert detect("The courts were closed.", "courts", None).country is None


def test_a_country_alone_on_the_first_line_or_last_in_a_trail_is_found() -> None:
    assert detect("Veldoria\n\nExecutive Summary" + BODY, "x", None).country == "Veldoria"
    trail = "Home » [Reports](#) » [The Lakes](#) » [Veldoria](#)" + BODY
    assert detect(trail, "x", None).country == "Veldoria"
    assert detect("Executive Summary" + BODY, "x", None).country is None


def test_sections_alone_tell_the_state_department() -> None:
    text = "Veldoria\n\nSection 2. Respect for Civil Liberties, Including:" + BODY
    assert detect(text, "x", None).source == "state"
    assert detect("Veldoria" + BODY, "x", None).source is None


@pytest.mark.parametrize(
    ("found", "report_id", "title"),
    [
        (Metadata("state", "Côte-Veldoria", 2019), "cote-veldoria-2019-state",
         "Côte-Veldoria 2019 (US Department of State)"),
        (Metadata("lakes", "Veldoria", 2019), "veldoria-2019-lakes", "Veldoria 2019 (lakes)"),
        (Metadata(None, "Veldoria", 2019), "my-file-2", "Veldoria 2019"),
        (Metadata("hrw", None, 2019), "my-file-2", "My File (2)"),
    ],
)  # fmt: skip
def test_ids_and_titles_are_made_of_what_is_known(
    found: Metadata, report_id: str, title: str
) -> None:
    assert make_report_id(found, "My File (2)") == report_id
    assert make_title(found, "My File (2)") == title


def test_a_file_name_without_latin_letters_still_gives_an_id() -> None:
    assert make_report_id(Metadata(), "报告") == "report"
