"""Source, country, year and title: from the report's words first, then from its file name."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.reports.metadata import Metadata, amend, detect, make_report_id, make_title

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "reports"

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
    assert detect("Interview notes.", "interview-notes-2019-amnesty", None).country is None


def test_without_a_text_to_check_it_the_file_name_is_believed() -> None:
    found = detect("", "south-veldoria-2019-state", None)
    assert (found.source, found.country, found.year) == ("state", "South Veldoria", 2019)


def test_an_unknown_name_alone_on_the_first_line_is_a_country_in_a_publishers_report_only() -> None:
    front = "Veldoria\n\nExecutive Summary" + BODY
    assert detect(front, "x", "state").country == "Veldoria"
    assert detect(front, "x", None).country is None
    trail = "Home » [Reports](#) » [The Lakes](#) » [Veldoria](#)" + BODY
    assert detect(trail, "x", "state").country == "Veldoria"
    assert detect(trail, "x", None).country is None
    assert detect("Executive Summary" + BODY, "x", "state").country is None


def test_a_page_that_is_no_report_does_not_give_its_heading_as_country() -> None:
    page = "# Guide\n\nIntroduction\n\nThis Guide is short. The Guide has maps. Read the Guide."
    found = detect(page, "guide", None)
    assert (found.country, found.country_code, found.title) == (None, None, "Guide")


def test_a_known_country_alone_on_the_first_line_or_last_in_a_trail_is_found() -> None:
    for front in ("# Burma\n\nSummary", "BURMA\n\nSummary", "Home » Reports » Burma\n\nSummary"):
        found = detect(front, "x", None)
        assert (found.country, found.country_code) == ("Burma", "MMR")
    assert detect("Freedom in Print 2021 - Kenya", "x", None).country_code == "KEN"


@pytest.mark.parametrize(
    ("front", "country", "code", "year"),
    [
        ("COTE D’IVOIRE 2017 HUMAN RIGHTS REPORT", "Cote d’Ivoire", "CIV", 2017),
        ("GUINEA-BISSAU 2016 HUMAN RIGHTS REPORT", "Guinea-Bissau", "GNB", 2016),
        ("CHINA (INCLUDES TIBET, HONG KONG, AND MACAU) 2018 HUMAN RIGHTS\nREPORT",
         "China (includes Tibet, Hong Kong, and Macau)", "CHN", 2018),
        ("DEMOCRATIC PEOPLE’S REPUBLIC OF KOREA 2017 HUMAN RIGHTS REPORT",
         "Democratic People’s Republic of Korea", "PRK", 2017),
        ("2022 Country Reports on Human Rights Practices: Burma - U.S. Department of State",
         "Burma", "MMR", 2022),
        ("Burma\nCountry Reports on Human Rights Practices - 2007\nReleased by the Bureau",
         "Burma", "MMR", 2007),
        ("2009 Country Reports on Human Rights Practices - Burma, 11 March 2010",
         "Burma", "MMR", 2009),
    ],
)  # fmt: skip
def test_titles_of_known_countries_give_their_code_and_keep_the_name_as_written(
    front: str, country: str, code: str, year: int
) -> None:
    found = detect(front + BODY, "x", None)
    assert (found.country, found.country_code, found.year) == (country, code, year)
    assert (found.source, found.language, found.warnings) == ("state", "en", ())


def test_a_line_that_only_ends_like_a_title_names_no_country() -> None:
    assert detect("as we wrote in the 2018 human rights report\nof May", "x", None).country is None


@pytest.mark.parametrize(
    ("front", "country", "year"),
    [
        ("World Report 2021: Rights Trends in Burma | Human Rights Watch", "Burma", 2020),
        ("Human Rights Watch World Report 2010 - Burma", "Burma", 2009),
        ("Burma\nEvents of 2019", "Burma", 2019),
        ("World Report 2012\nHuman Rights Watch\nVeldoria", None, 2011),
        ("World Report 2012\nHuman Rights Watch\nBurma", "Burma", 2011),
    ],
)
def test_forms_of_human_rights_watch(front: str, country: str | None, year: int) -> None:
    found = detect(front + "\n\nThe courts were closed.", "x", None)
    assert (found.source, found.country, found.year) == ("hrw", country, year)


@pytest.mark.parametrize(
    ("front", "country", "year"),
    [
        ("Amnesty International Report 2023/24\n\nVELDORIA 2023", "Veldoria", 2023),
        ("Amnesty International Report 2023/24\n\nKENYA 2023\n\nRepublic of Kenya", "Kenya", 2023),
        ("Amnesty International Report 2017/18 - The State of the World's Human Rights - Kenya",
         "Kenya", 2017),
        ("Amnesty International Report 2013\n\nKENYA\n\nHead of state", "Kenya", 2012),
        ("Annual Report: Kenya 2013 - Amnesty International", "Kenya", 2012),
        ("Human rights in Kenya - Amnesty International\nKenya 2022", "Kenya", 2022),
        ("Kenya 2017/2018 - Amnesty International", "Kenya", 2017),
        ("Amnesty International Report 2022/23\n\nFebruary 2023", None, 2022),
    ],
)  # fmt: skip
def test_entries_of_amnesty_cover_the_first_year_of_their_report(
    front: str, country: str | None, year: int
) -> None:
    found = detect(front + BODY, "x", None)
    assert (found.source, found.country, found.year) == ("amnesty", country, year)
    assert detect("Veldoria 2023" + BODY, "x", "amnesty").country == "Veldoria"
    assert detect("Veldoria 2023" + BODY, "x", None).country is None


def masthead(symbol: str, date: str, *lines: str) -> str:
    return "\n".join(["United Nations", symbol, "General Assembly", date, *lines]) + BODY


@pytest.mark.parametrize(
    ("text", "country", "code", "year", "title"),
    [
        (
            masthead("CCPR/C/KEN/CO/2", "Distr.: General\n9 August 2016",
                     "Concluding observations on the second periodic report of Kenya*"),
            "Kenya", "KEN", 2016, "Concluding observations on the second periodic report of Kenya",
        ),
        (
            masthead("CRC/C/VEN/CO/3-5", "Distr.: General 9 August 2014",
                     "Concluding observations on the combined third to fifth periodic reports of "
                     "the Bolivarian\nRepublic of Venezuela**\n1. The Committee considered"),
            "Bolivarian Republic of Venezuela", "VEN", 2014,
            "Concluding observations on the combined third to fifth periodic reports of "
            "the Bolivarian Republic of Venezuela",
        ),
        (
            masthead("A/HRC/WG.6/34/CIV/2", "Distr. générale\n9 août 2019", "Conseil"),
            "Côte d'Ivoire", "CIV", 2019, None,
        ),
        (
            masthead("A/HRC/43/10", "Distr.: General\n7 January 2020",
                     "Report of the Working Group*\n\nKenya\n\nIntroduction"),
            "Kenya", "KEN", 2020, None,
        ),
        (
            masthead("E/CN.4/2004/56/Add.2", "",
                     "Mission to the Democratic People's Republic of Korea"),
            "Democratic People's Republic of Korea", "PRK", 2004,
            "Mission to the Democratic People's Republic of Korea",
        ),
        (
            masthead("A/HRC/34/53/Add.1", "Distr.: General\n9 January 2017",
                     "Report of the Special Rapporteur on ferries on his\nmission to Veldoria*"),
            "Veldoria", None, 2017,
            "Report of the Special Rapporteur on ferries on his mission to Veldoria",
        ),
        (
            masthead("CAT/C/VLD/CO/2", "Distr.: General\n3 June 2011",
                     "Concluding observations on the second periodic report of Veldoria"),
            "Veldoria", None, 2011,
            "Concluding observations on the second periodic report of Veldoria",
        ),
    ],
)  # fmt: skip
def test_mastheads_of_the_united_nations(
    text: str, country: str, code: str | None, year: int, title: str | None
) -> None:
    found = detect(text, "x", None)
    assert (found.source, found.country, found.country_code) == ("un", country, code)
    assert (found.year, found.title, found.warnings) == (year, title, ())


def test_a_report_that_only_speaks_of_the_united_nations_is_not_theirs() -> None:
    text = "United Nations experts asked for an answer.\nSee A/HRC/43/10 and CCPR/C/KEN/CO/2."
    found = detect(text + BODY, "veldoria-2019-hrw", None)
    assert (found.source, found.country, found.country_code) == ("hrw", "Veldoria", None)


def test_a_country_in_the_file_name_that_the_report_contradicts_is_warned_of() -> None:
    front = "2019 Country Reports on Human Rights Practices: Kenya" + BODY
    (warning,) = detect(front, "uganda-2019-state", None).warnings
    assert warning == "the country is Kenya, as the report says; its file name says Uganda"
    assert detect(front, "KEN_2019", None).warnings == ()
    burma = "2019 Country Reports on Human Rights Practices: Burma" + BODY
    assert detect(burma, "myanmar-2019-state", None).warnings == ()


def test_a_part_of_a_country_is_counted_with_it_and_said_to_be() -> None:
    found = detect("Country Report on Human Rights Practices 2018 - Tibet" + BODY, "x", None)
    assert (found.country, found.country_code) == ("Tibet", "CHN")
    assert found.warnings == ("the country code is CHN (China): Tibet has none of its own",)


def test_file_names_of_the_publishers_are_understood() -> None:
    text = "The courts were closed."
    found = detect(text, "313615_COTE-D-IVOIRE-2021-HUMAN-RIGHTS-REPORT", None)
    assert (found.source, found.country_code, found.year) == ("state", "CIV", 2021)
    assert found.country == "Côte d'Ivoire"
    found = detect(text, "wr2021_kenya", None)
    assert (found.source, found.country_code, found.year) == ("hrw", "KEN", 2020)
    found = detect("World Report 2021: Kenya | Human Rights Watch", "wr2021_kenya", None)
    assert (found.year, found.warnings) == (2020, ())


def test_the_title_that_a_file_declares_counts_unless_a_program_put_it_there() -> None:
    title = "2021 Country Reports on Human Rights Practices: Burma"
    found = detect(BODY, "x", None, title=title)
    assert (found.source, found.country_code, found.year) == ("state", "MMR", 2021)
    assert found.title == title
    idle = detect("My Own Paper" + BODY, "x", None, title="Microsoft Word - draft2.docx")
    assert idle.title == "My Own Paper"
    assert detect(BODY, "x", None, title="On Veldoria").title == "On Veldoria"


def test_a_declared_language_counts_where_the_text_does_not_tell() -> None:
    assert detect("Short.", "x", None, declared="fr-FR").language == "fr"
    assert detect("Short.", "x", None).language is None
    assert detect("Veldoria" + BODY * 2, "x", None, declared="fr-FR").language == "en"


def test_what_the_user_gives_replaces_what_was_found_and_its_warnings() -> None:
    front = "2019 Country Reports on Human Rights Practices: Kenya" + BODY
    found = detect(front, "uganda-2018-hrw", None)
    assert len(found.warnings) == 3
    given = amend(found, source="hrw", country="Uganda", year=2018, title="T", language="fr")
    assert given == Metadata("hrw", "Uganda", 2018, "T", (), "UGA", "fr")
    assert amend(found) == found
    coded = amend(found, country="CIV")
    assert (coded.country, coded.country_code) == ("Côte d'Ivoire", "CIV")
    assert amend(found, country="Veldoria").country_code is None


@given(
    st.text(max_size=400),
    st.text(max_size=40),
    st.sampled_from([None, "state", "hrw", "amnesty", "un"]),
    st.none() | st.text(max_size=40),
)
def test_any_text_and_file_name_have_metadata(
    text: str, stem: str, layout_source: str | None, hint: str | None
) -> None:
    found = detect(text, stem, layout_source, declared=hint, title=hint)
    assert found == detect(text, stem, layout_source, declared=hint, title=hint)
    assert make_report_id(found, stem)
    assert found.country or not found.country_code


@given(
    st.lists(
        st.sampled_from(
            ["Kenya", "Veldoria", "2019", "Human Rights", "Report", "Country Reports on", "World",
             "Practices", ":", "-", "\n", "United Nations", "A/HRC/1/2", "Distr.: General", "»",
             "1 May 2012", "Events of", "Amnesty International", "periodic report of", "#", "("]
        ),
        max_size=14,
    )
)  # fmt: skip
def test_the_words_of_titles_in_any_order_give_no_error_and_no_long_country(
    words: list[str],
) -> None:
    found = detect(" ".join(words), "-".join(words), None)
    assert found.year in {None, 2012, 2018, 2019}
    assert found.country is None or "\n" not in found.country


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared reports are not here")
def test_real_reports_are_known_by_their_words_alone() -> None:
    files = sorted(SHARED.glob("*.txt"))
    assert files
    for file in files:
        country, year, source = file.stem.split("-")
        found = detect(file.read_bytes().decode("utf-8-sig"), "x", None)
        assert (found.source, found.country.lower(), found.language) == (source, country, "en")
        assert found.country_code is not None
        # The file names say when World Reports were published, and other reports whom they cover.
        assert found.year in {None, int(year) - (source == "hrw")}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared reports are not here")
def test_the_head_titles_of_real_pages_give_publisher_and_country() -> None:
    pages = sorted((SHARED / "html").glob("*.html"))
    assert pages
    for page in pages:
        head = re.search(r"<title>([^<]*)", page.read_text(encoding="utf-8"))
        found = detect("", page.stem, None, title=html.unescape(head[1]))
        assert (found.source, found.country_code is None) == ("state", False)
        assert found.country.lower() == page.stem.split("-")[0]
        assert (found.year, found.warnings) == (int(page.stem.split("-")[1]), ())


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
