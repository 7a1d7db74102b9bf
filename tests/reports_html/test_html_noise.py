"""What pages put around and into a report, and how older pages mark its headings."""

import pytest

from workbench.reports.html.reading import read_page

S = "The guards detained several fishermen without a warrant during the spring."
T = "A court fined the harbour master in June and let everybody else go."
U = "Nobody has seen the two captains of the last ferry since the autumn."
NOTICE = "We use these to make the pages work, to count visits and to show you what you may like."


def texts(page: str) -> list[str]:
    return [piece.text for piece in read_page(page, "page.html").pieces]


def sections(page: str) -> list[tuple[str, ...]]:
    return [piece.section for piece in read_page(page, "page.html").pieces]


@pytest.mark.parametrize("around", ["<main>{}</main>", "<div><h1>Norland</h1>{}</div>"])
@pytest.mark.parametrize(
    "banner",
    [
        "<div id='onetrust-consent-sdk'><div><h2>Privacy Centre</h2>{}</div></div>",
        "<div role='dialog'>{}</div>",
        "<section class='cookieBanner'>{}</section>",
    ],
)
def test_a_consent_manager_longer_than_the_report_is_left_out(around: str, banner: str) -> None:
    report = around.format(f"<h2>Sea</h2><p>{S}</p><h2>Land</h2><p>{T}</p>")
    notice = banner.format("".join(f"<h3>Part {n}</h3><p>{NOTICE} {n}.</p>" for n in range(4)))
    assert texts(f"<body>{report}{notice}</body>") == [S, T]


def test_the_main_element_is_the_report_even_where_a_footer_says_as_much() -> None:
    footer = f"<div><p>{NOTICE} {NOTICE} {NOTICE}</p></div>"
    assert texts(f"<body><main><p>{S}</p><p>{T}</p></main>{footer}</body>") == [S, T]


def test_the_bar_of_a_web_archive_is_left_out() -> None:
    bar = f"<div id='wm-ipp-base'><div>COLLECTED BY<p>{NOTICE}</p></div></div>"
    assert texts(f"<body>{bar}<div><p>{S}</p><p>{T}</p></div></body>") == [S, T]


REPORT = "<h2>Sea</h2><p>{0}</p>{1}<p>{2}</p><h2>Land</h2><p>{2} Thrice.</p><p>{3}</p><p>{4}</p>"


@pytest.mark.parametrize(
    "box",
    [
        "<div><h3>Related Content</h3><div><p>{}</p></div></div>",
        "<h3>Further reading:</h3><ul><li>{}</li></ul>",
        "<article><h3><a href='/next'>Norland: Ferry Sinks</a></h3><p>{}</p></article>",
        "<div><a href='/next'><h3>Norland: Ferry Sinks</h3></a><p>{}</p></div>",
        "<div><h4>MORE</h4><ul><li><a href='/a'>One</a><li><a href='/b'>Two</a></ul></div>",
    ],
)
def test_a_box_within_a_section_goes_and_the_section_goes_on(box: str) -> None:
    page = REPORT.format(S, box.format("Two boats left and never came back."), T, U, f"{U} Twice.")
    assert texts(f"<main>{page}</main>") == [S, T, f"{T} Thrice.", U, f"{U} Twice."]
    assert sections(f"<main>{page}</main>") == [("Sea",)] * 2 + [("Land",)] * 3


def test_a_heading_that_links_to_its_own_place_is_a_heading() -> None:
    page = (
        f"<main><h2><a href='#sea'>Sea</a></h2><p>{S}</p><h2><a href='#l'>Land</a></h2><p>{T}</p>"
    )
    assert sections(page) == [("Sea",), ("Land",)]


def test_a_report_under_the_name_of_an_aside_is_kept() -> None:
    assert texts(f"<main><h2>Contents</h2><p>{S}</p><p>{T}</p></main>") == [S, T]


def test_a_picture_in_a_sentence_does_not_lose_the_rest_of_it() -> None:
    page = (
        f"<main><p>{S}</p><p>The captain saw <figure><img></figure> nothing.</p><p>{T}</p></main>"
    )
    assert texts(page) == [S, "The captain saw nothing.", T]


def test_items_in_paragraphs_of_their_own_are_not_joined() -> None:
    page = f"<main><p>{S}</p><p>(a) Free the crews;</p><p>(b) Open the harbour.</p></main>"
    assert texts(page) == [S, "(a) Free the crews;", "(b) Open the harbour."]


@pytest.mark.parametrize("end", ["<BR><BR>", "<BR>&nbsp;<BR>", "<P>", "</P><P>", "</DIV><DIV>"])
def test_an_older_page_marks_headings_by_letters_and_type(end: str) -> None:
    parts = [
        "<I>Bureau of Ferries and Fishing</I><BR>2004 Country Reports on the Sea<BR>March 11, 2005",
        S, "<B>Section 1 Respect for the Sea, Including Freedom From:</B>",
        "a. Loss of a Ship", T, "<B>b. Torture and Other Cruel Treatment</B>", U,
        "<I>Prison Conditions</I>", S, "<B>Section 2 Respect for the Land</B>", T,
    ]  # fmt: skip
    page = f"<HTML><BODY><TABLE><TR><TD><DIV>{end.join(parts)}</DIV></TABLE></BODY></HTML>"
    first, second = (
        "Section 1 Respect for the Sea, Including Freedom From:",
        "Section 2 Respect for the Land",
    )
    torture = "b. Torture and Other Cruel Treatment"
    assert [(piece.section, piece.text) for piece in read_page(page, "old.htm").pieces] == [
        ((), S),
        ((first, "a. Loss of a Ship"), T),
        ((first, torture), U),
        ((first, torture, "Prison Conditions"), S),
        ((second,), T),
    ]


def test_a_page_of_the_state_department_is_known_by_its_sections_alone() -> None:
    page = "".join(
        f"<p><b>Section {number} {name}</b></p><p>{S}</p>"
        for number, name in enumerate(
            ("Respect for the Integrity of the Person", "Respect for Civil Liberties",
             "Freedom to Participate in the Political Process", "Corruption"), 1)
    )  # fmt: skip
    content = read_page(f"<title>Norland</title><body>{page}</body>", "old.htm")
    assert (content.layout, content.country) == ("state-html", "Norland")


def test_numbered_headings_in_sentence_case_are_headings_when_bold() -> None:
    page = (
        f"<div><p><b>I. Introduction</b></p><p>1. {S}</p>"
        f"<p><b>A. Legal framework</b></p><p>2. {T}</p>"
        f"<p><b>II. Conclusions and recommendations</b></p><p>3. {U}</p></div>"
    )
    assert sections(page) == [
        ("I. Introduction",),
        ("I. Introduction", "A. Legal framework"),
        ("II. Conclusions and recommendations",),
    ]


def test_a_page_saved_by_an_extension_keeps_the_address_it_names() -> None:
    page = (
        "<!DOCTYPE html> <html lang=en><!--\n Page saved with SingleFile \n"
        " url: https://www.hrw.org/world-report/2023/country-chapters/norland \n saved date: May\n"
        f"--><title>World Report 2023: Norland</title><main><h1>Norland</h1><p>{S}<p>{T}</main>"
    )
    content = read_page(page, "saved.html")
    assert (content.layout, content.country, content.year) == ("hrw-html", "Norland", 2022)
    assert [piece.text for piece in content.pieces] == [S, T]


def test_an_amnesty_page_may_leave_its_year_to_a_heading() -> None:
    page = (
        "<title>Human rights in Norland - Amnesty International</title>"
        f"<main><h2>Norland 2023</h2><p>{S}</p><p>{T}</p></main>"
    )
    content = read_page(page, "norland.html")
    assert (content.layout, content.country, content.year) == ("amnesty-html", "Norland", 2023)
