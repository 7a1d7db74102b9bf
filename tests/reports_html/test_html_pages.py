"""Whole pages of each kind: paragraphs, headings, what the page says of itself."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from workbench.errors import ReportError
from workbench.reports.html.layouts import LAYOUTS, choose_layout
from workbench.reports.html.page import parse_page
from workbench.reports.html.reading import (
    PageContent,
    build_page_paragraphs,
    raw_words,
    read_page,
)

FIXTURES = Path(__file__).parent / "fixtures"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "reports"

SECTION_1 = "Section 1. Respect for the Integrity of the Person, Including Freedom from:"
TORTURE = "b. Torture & Other Cruel Treatment"
PRISONS = "Prison and Detention Center Conditions"
DOMESTIC = "B. Domestic framework"

GOLD = {
    "state-2018.html": [
        (
            ("EXECUTIVE SUMMARY",),
            "Norland is a constitutional monarchy. Observers considered the June election "
            "largely free and fair.",
        ),
        (
            ("EXECUTIVE SUMMARY",),
            "Human rights issues included: arbitrary detention; and restrictions on trade unions.",
        ),
        (
            (SECTION_1, "a. Disappearance"),
            "There were no reports of disappearances by the authorities.",
        ),
        (
            (SECTION_1, TORTURE),
            "The law prohibits torture; police sometimes beat detainees in the port of Skerrick.",
        ),
        (
            (SECTION_1, TORTURE, PRISONS),
            "Physical Conditions: Cells held twice the number of persons that they were built for.",
        ),
        (
            (SECTION_1, TORTURE, PRISONS),
            "On 3 May the ombudsman listed the worst failings: cells without daylight; no doctor "
            "on any of the islands; and letters held back for months.",
        ),
        (
            (SECTION_1, TORTURE, PRISONS),
            "Administration: The warden kept records of complaints.",
        ),
        (
            (SECTION_1, "c. Freedom of Religion"),
            "See the separate survey “Worship in the World” at www.example.org/worship/.",
        ),
        (
            ("Section 2. Worker Rights", "a. Freedom of Association"),
            "Workers may form unions and strike after a notice of ten days.",
        ),
        (("Section 2. Worker Rights", "a. Freedom of Association"), "Not applicable"),
        (
            ("Section 2. Worker Rights", "a. Freedom of Association", "Wage and Hour Laws"),
            "The minimum wage was 900 crowns (80 dollars) a month",
        ),
        (
            ("Section 2. Worker Rights", "b. Forced Labor"),
            "The government did not enforce the ban in fisheries.",
        ),
    ],
    "state-2024.html": [
        (("EXECUTIVE SUMMARY",), "The human rights situation worsened during the year."),
        (("EXECUTIVE SUMMARY",), "The government took no steps to punish those responsible."),
        (
            ("Section 1. Life", "a. Extrajudicial Killings"),
            "There was one report of a killing by coast guards.",
        ),
        (
            ("Section 1. Life", "b. Coercion in Population Control"),
            "There were no reports of coerced abortion.",
        ),
        (
            (
                "Section 2. Liberty",
                "a. Worker Rights",
                "Acceptable Work Conditions",
                "Wage and Hour Laws",
            ),
            "Inspectors made few visits to shipyards.",
        ),
        (
            (
                "Section 2. Liberty",
                "a. Worker Rights",
                "Acceptable Work Conditions",
                "Occupational Safety and Health",
            ),
            "Seven welders died on duty.",
        ),
    ],
    "hrw-2021.html": [
        ((), "Norland’s parliament adopted laws that narrowed the space for critics in 2020."),
        ((), "The pandemic served as a pretext. Courts tried nine editors behind closed doors."),
        (("Freedom of Assembly",), "On March 8, police broke up a march in the capital."),
        (
            ("Freedom of Assembly",),
            "“They asked me where I had learned to sing,” a teacher told Human Rights Watch.",
        ),
        (
            ("Freedom of Assembly",),
            "She was fined and released after two nights in a cell without water.",
        ),
        (("Key International Actors",), "The European Union voiced concern."),
    ],
    "amnesty-2023.html": [
        (
            (),
            "Women in the fishing ports earned less than men. New rules limited pickets. Refugees "
            "were pushed back at sea.",
        ),
        (("Background",), "A drought struck the south."),
        (("Background",), "Prices rose faster than wages."),
        (
            ("Freedom of expression",),
            "A court closed the weekly Tidewater in May. Its editor left the country.",
        ),
        (("Freedom of expression",), "The first appeal failed in June."),
        (("Freedom of expression",), "The second was not heard at all."),
    ],
    "older-bold.html": [
        ((), "Norland is a kingdom of 900,000 persons. The king names the cabinet."),
        (
            (
                "Section 1 Respect for the Integrity of the Person, Including Freedom From:",
                "a. Arbitrary or Unlawful Deprivation of Life",
            ),
            "There were no reports that agents of the crown killed anyone.",
        ),
        (
            (
                "Section 1 Respect for the Integrity of the Person, Including Freedom From:",
                "a. Arbitrary or Unlawful Deprivation of Life",
                "Prison Conditions",
            ),
            "Prisons were cold and wet.",
        ),
        (
            (
                "Section 2 Respect for Civil Liberties, Including:",
                "a. Freedom of Speech and Press",
            ),
            "The law provides for freedom of speech.",
        ),
    ],
    "generic.html": [
        ((), "Une commission a entendu trente témoins pendant l’hiver, sans publier leurs noms."),
        (("Les faits",), "Les pêcheurs ont été arrêtés de nuit par la garde côtière."),
        (("Les faits", "La prison"), "Aucun médecin n’est venu."),
        (("Le procès",), "Le tribunal a siégé à huis clos pendant trois jours."),
    ],
    "un-2016.html": [
        (
            ("Summary",),
            "The Special Rapporteur visited Norland from 2 to 11 May 2016 and here sets out what "
            "he saw.",
        ),
        (("Summary",), "He recommends that the keepers be paid."),
        (
            ("I. Introduction",),
            "1. At the invitation of the Government, the Special Rapporteur visited Norland from "
            "2 to 11 May 2016.[1]",
        ),
        (
            ("I. Introduction",),
            "2. He saw the harbours of Skerrick and Dunmere and thanks the pilots who took him "
            "there.",
        ),
        (
            ("II. Legal framework", "A. International framework"),
            "3. Norland is a party to seven of the nine core treaties: (a) It has ratified those "
            "on keepers and on pilots; (b) It has signed, without ratifying: (i) The treaty on "
            "fog; (ii) The treaty on ice.",
        ),
        (
            ("II. Legal framework", DOMESTIC, "Wages of keepers"),
            "4. The law says nothing of wages.",
        ),
        # The numbers 5 and 6 are those of a list: the page's source has them not.
        (
            ("II. Legal framework", DOMESTIC, "Licences"),
            "Nobody may keep a light without a licence, which the prefect gives for a year.",
        ),
        (
            ("II. Legal framework", DOMESTIC, "Licences"),
            "Appeals are heard by: The prefect himself; His deputy.",
        ),
        (
            ("III. Conclusions",),
            "7. The Special Rapporteur found much good will and few means.",
        ),
        (("III. Conclusions",), "8. He will come again."),
    ],
}

HINTS = {
    "state-2018.html": ("state-html", "state", "Norland", 2018, "en"),
    "state-2024.html": ("state-html", "state", "Norland", 2024, "en"),
    "hrw-2021.html": ("hrw-html", "hrw", "Norland", 2020, "en"),
    "amnesty-2023.html": ("amnesty-html", "amnesty", "Norland", 2023, "en"),
    "older-bold.html": ("state-html", "state", "Norland", 2009, None),
    "un-2016.html": ("un-html", "un", "Norland", 2017, "en"),
    "generic.html": ("generic-html", None, None, None, "fr"),
}


def source_of(name: str) -> str:
    return (FIXTURES / name).read_bytes().decode("utf-8")


def read(name: str) -> PageContent:
    return read_page(source_of(name), name)


@pytest.mark.parametrize("name", GOLD)
def test_a_page_gives_its_paragraphs_under_their_headings_and_nothing_else(name: str) -> None:
    assert [(piece.section, piece.text) for piece in read(name).pieces] == GOLD[name]


@pytest.mark.parametrize("name", HINTS)
def test_a_page_says_who_published_it_on_what_country_and_year(name: str) -> None:
    content = read(name)
    found = (content.layout, content.source, content.country, content.year, content.language)
    assert found == HINTS[name]


@pytest.mark.parametrize("name", GOLD)
def test_offsets_give_the_paragraph_back(name: str) -> None:
    source = source_of(name)
    pieces = read(name).pieces
    assert all(raw_words(source, piece) == piece.text for piece in pieces)
    assert all(a.end <= b.start for a, b in pairwise(pieces))


def test_a_slice_holds_the_markup_as_it_stands_in_the_source() -> None:
    source = source_of("state-2018.html")
    piece = read("state-2018.html").pieces[0]
    slice_ = source[piece.start : piece.end]
    assert slice_.startswith("Norland is a")
    assert slice_.endswith("<i>largely</i> free&nbsp;and fair.")


def test_a_list_with_its_lead_in_keeps_the_place_of_each_item() -> None:
    source = source_of("state-2018.html")
    piece = read("state-2018.html").pieces[5]
    assert [source[start:end] for start, end in piece.spans] == [
        "On 3 May the ombudsman listed the worst failings:",
        "cells without daylight;",
        "no doctor on any of the islands; and",
        "letters held back for months.",
    ]


def test_only_a_line_that_points_elsewhere_is_a_cross_reference() -> None:
    marked = [p.text for p in read("state-2018.html").pieces if p.kind == "cross-reference"]
    assert [text[:31] for text in marked] == ["See the separate survey “Worshi"]


def test_a_page_that_no_layout_claims_is_read_with_a_warning_that_says_so() -> None:
    content = read("generic.html")
    assert content.warnings == ("no page layout claims this report: it is read as a generic page",)
    assert read("state-2018.html").warnings == ()


def test_a_page_that_two_layouts_claim_is_read_by_the_generic_one_with_both_named() -> None:
    source = source_of("hrw-2021.html").replace(
        "World Report 2021: Norland | Human Rights Watch",
        "World Report 2021: Human rights in Norland | Human Rights Watch, Amnesty International",
    )
    content = read_page(source, "both.html")
    assert content.layout == "generic-html"
    assert "hrw-html and amnesty-html both claim this report" in content.warnings[0]
    assert [(p.section, p.text) for p in content.pieces] == GOLD["hrw-2021.html"]


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_claims_the_fixtures_of_its_own_kind_only(name: str) -> None:
    for file, (layout, *_) in HINTS.items():
        assert LAYOUTS[name].claims(parse_page(source_of(file))) == (layout == name)
    assert choose_layout(parse_page("<p>Nothing to claim here.</p>"))[0].name == "generic-html"


@pytest.mark.parametrize(
    "source",
    ["", "   ", "<html><body></body></html>", "<nav><a href='/'>Home</a></nav>", "<!-- <p>No.</p>"],
)
def test_a_page_without_a_report_is_an_error_that_names_the_file(source: str) -> None:
    with pytest.raises(ReportError, match=r"^empty\.html is a web page without paragraphs"):
        read_page(source, "empty.html")


def test_records_are_numbered_in_order_and_named_by_their_words() -> None:
    content = read_page(
        "<main><p>The same thing happened.</p><p>Another did not.</p>"
        "<p>The same thing happened.</p></main>",
        "twice.html",
    )
    records = build_page_paragraphs("norland-2020", content)
    assert [record.position for record in records] == [0, 1, 2]
    assert len({record.paragraph_id for record in records}) == 3
    again = build_page_paragraphs("norland-2020", content)
    assert again == records


def test_a_run_in_heading_is_the_last_step_of_its_own_record_alone() -> None:
    records = build_page_paragraphs("norland-2018-state", read("state-2018.html"))
    ends = {record.text[:20]: record.section[-1] for record in records[4:7]}
    assert ends == {
        "Physical Conditions:": "Physical Conditions",
        "On 3 May the ombudsm": PRISONS,
        "Administration: The ": "Administration",
    }


def test_a_heading_in_bold_is_a_run_in_heading_without_a_colon() -> None:
    content = read_page(
        "<main><h2>Prisons</h2><p><b>Physical Conditions.</b> Cells were wet all year.</p>"
        "<p><b>Use of force:</b> Police fired at nobody.</p>"
        "<p><b>Nobody came home.</b> Police fired at nobody.</p></main>",
        "bold.html",
    )
    records = build_page_paragraphs("r", content)
    assert [record.section for record in records] == [
        ("Prisons", "Physical Conditions"),
        ("Prisons", "Use of force"),
        ("Prisons",),
    ]


@pytest.mark.skipif(not SHARED.is_dir(), reason="no shared reports here")
@pytest.mark.parametrize("path", sorted(SHARED.glob("html/*.html")), ids=lambda path: path.stem)
def test_each_paragraph_tag_of_a_real_report_is_a_paragraph_once(path: Path) -> None:
    source = path.read_bytes().decode("utf-8")
    start = source.index('id="report_content"')
    body = source[start : source.index("report__tags", start)]
    tags = re.findall(r"<p\b(?![^>]*report-toc-section)[^>]*>(.*?)</p>", body, re.DOTALL)
    content = read_page(source, path.name)
    assert len(content.pieces) == len(tags)
    country, year = path.stem.split("-")[:2]
    assert (str(content.country).lower(), str(content.year)) == (country, year)
    assert all(piece.section for piece in content.pieces)
