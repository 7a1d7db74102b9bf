"""What holds for every layout, on reports composed of invented headings and paragraphs."""

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from workbench.records import Paragraph
from workbench.reports.layouts import LAYOUTS
from workbench.reports.paragraphs import build_paragraphs
from workbench.reports.words import clean

OPENERS = ["The", "In", "Nobody", "Agata", "On", "Some", "They", "“We", "Police", "A"]
VOCABULARY = (
    "miner ferry court teacher paid river closed law the of and in a was nine held Dunmere harl.kz "
    "cut-off police’s (DRZ) 41 2.5 $79 U.S.-funded lantern, market; asked told “nothing” without"
)
WORDS = VOCABULARY.split()
PLAIN = {"miner", "ferry", "teacher", "paid", "told", "asked", "held"}
CLOSERS = ["home.", "year.", "it.”", "(DRZ).", "2011.", "law?"]
TITLES = "Freedom Women Courts Trial Abuses Prison Press Herders Peaceful Labor Anti-Semitism Use"
JOINS = ["", "of ", "and ", "in the "]

Section = tuple[str, ...]
Report = list[tuple[Section, str]]


@st.composite
def sentences(draw: st.DrawFn) -> str:
    inner = draw(st.lists(st.sampled_from(WORDS), min_size=4, max_size=14))
    return " ".join([draw(st.sampled_from(OPENERS)), *inner, draw(st.sampled_from(CLOSERS))])


paragraphs = st.lists(sentences(), min_size=1, max_size=4).map(" ".join)


@st.composite
def headings(draw: st.DrawFn) -> str:
    words = draw(st.lists(st.sampled_from(TITLES.split()), min_size=1, max_size=4, unique=True))
    rest = "".join(f" {draw(st.sampled_from(JOINS))}{word}" for word in words[1:])
    return words[0] + rest


def several(least: int = 1) -> st.SearchStrategy[list[str]]:
    return st.lists(paragraphs, min_size=least, max_size=3)


@st.composite
def state_reports(draw: st.DrawFn) -> Report:
    report: Report = [(("Executive Summary",), text) for text in draw(several())]
    for number in range(1, draw(st.integers(2, 4))):
        section = f"Section {number}. {draw(headings())}, Including:"
        report += [((section,), text) for text in draw(several(0))]
        for letter in "abc"[: draw(st.integers(1, 3))]:
            path = (section, f"{letter}. {draw(headings())}")
            report += [(path, text) for text in draw(several())]
            minor = draw(headings()) if draw(st.booleans()) else draw(headings()).upper()
            report += [((*path, minor), text) for text in draw(several(0))]
    return report


def without_marks(report: Report) -> Report:
    """The same report with headings that have no number or letter."""

    def bare(heading: str) -> str:
        return heading.split(". ", 1)[-1].removesuffix(", Including:")

    return [(tuple(bare(heading) for heading in section), text) for section, text in report]


@st.composite
def flat_reports(draw: st.DrawFn) -> Report:
    names = draw(st.lists(headings(), min_size=2, max_size=5, unique=True))
    report: Report = [((), text) for text in draw(several(2))]
    for name in names:
        report += [((name,), text) for text in draw(several())]
    return report


def lines_of(report: Report) -> list[tuple[bool, str]]:
    """Headings (True) and paragraphs (False) in reading order."""
    lines: list[tuple[bool, str]] = []
    last: Section = ()
    for section, text in report:
        shared = 0
        while shared < min(len(section), len(last)) and section[shared] == last[shared]:
            shared += 1
        lines += [(True, heading) for heading in section[shared:]]
        lines.append((False, text))
        last = section
    return lines


TITLE = "Country Report on Human Rights Practices 2018 - Veldoria"
SITE = (
    "\n\nMake Your Own Report\n\n01 / Choose a Year\n\nDepartment of Pages\n\nThe Years Behind Us"
)
MENUS = "[Home](#) | [News](#)\n\nHome » [Reports](#) » [Veldoria](#)\n\n"
LINKS = "\n\n[1 Top](#)\n\n[Blog](#) | [Mobile](#)\n[Visas](#)\n[More...](#)\n\nWe look after this."


def as_text(report: Report, separator: str = "\n\n") -> str:
    return separator.join([TITLE, *(text for _, text in lines_of(report))]) + SITE


# Real files are long enough to show at which width they are wrapped; this shows it of short ones.
MEASURE = textwrap.fill("It was quiet, " + "and again it was quiet, " * 12 + "all year.", 72)


def as_windows_text(report: Report) -> str:
    return as_text(report).replace("\n", "\r\n")


def as_pages(report: Report) -> str:
    lines = [line for _, text in lines_of(report) for line in (*textwrap.wrap(text, 72), "")]
    lines = [TITLE, "", *MEASURE.splitlines(), "", *lines]
    pages = ["\n".join(lines[n : n + 11]) for n in range(0, len(lines), 11)]
    numbered = [f"{page}\n\n- {number} -\n\f" for number, page in enumerate(pages, 1)]
    return "".join(numbered)


def as_wrapped_text(report: Report) -> str:
    wrapped = [textwrap.fill(text, 72) for _, text in lines_of(report)]
    return "\n\n".join([TITLE, MEASURE, *wrapped])


def as_page(report: Report) -> str:
    pieces = []
    for number, (is_heading, text) in enumerate(lines_of(report)):
        words = text.replace("$", "\\$").split()
        # A page ends inside a sentence, after words that no heading would have.
        cuts = [n for n in range(3, len(words)) if {*words[:n]} & PLAIN and words[n] in PLAIN]
        if is_heading or not cuts:
            pieces.append(" ".join(words))
            continue
        cut = cuts[number % len(cuts)]
        side = "\n\nStay in Touch\n\n\n\nPages\n\n\n\n" if number % 4 == 1 else "\n\n"
        pieces.append(" ".join(words[:cut]) + side + " ".join(words[cut:]))
    return MENUS + TITLE + "\n\n\n\n" + "\n\n".join(pieces) + LINKS


def as_flat_page(report: Report) -> str:
    body = "".join(text for _, text in lines_of(report))
    listed = "".join(dict.fromkeys(section[0] for section, _ in report if section))
    top = (
        "World Report 2021: Veldoria | Human Rights WatchSkip to main contentVeldoriaEvents of 2020"
    )
    share = "Share this via PostboardShare this via Email"
    essays = "EssaysA Fair Share of OxygenWhy Distance Was Never Neutral"
    foot = "Browse countriesChooseAlbaniaBrazilBosnia and HerzegovinaGive NowFooter menuPrivacy"
    return top + share + listed + share + essays + body + foot


def as_markdown(report: Report) -> str:
    pieces = ["# Closed Valley", "[Home](#) | [News](#)"]
    last: Section = ()
    for section, text in report:
        for depth, heading in enumerate(section):
            if section[: depth + 1] != last[: depth + 1]:
                pieces.append("#" * (depth + 2) + " " + heading)
        pieces.append(text)
        last = section
    return "\n\n".join(pieces) + "\n\n---\n\n[Home](#) | [News](#)\n"


SMALL = "Arms trade|Right to housing|Conditions of detention|Freedom of expression|Fair trial"


@st.composite
def un_documents(draw: st.DrawFn) -> Report:
    """Numbered paragraphs, some with items, under headings of all kinds, none with a sentence."""
    report: Report = []
    number = 0
    for roman in ("I", "II", "III")[: draw(st.integers(1, 3))]:
        chapter = f"{roman}. {draw(headings())}"
        for letter in ("", "A", "B")[: draw(st.integers(1, 3))]:
            path: Section = (chapter, f"{letter}. {draw(headings())}") if letter else (chapter,)
            if draw(st.booleans()):
                path += (draw(st.sampled_from(SMALL.split("|"))),)
            for text in draw(several(3)):
                number += 1
                items = " It asks it to: (a) Pay; (b) Go." if draw(st.booleans()) else ""
                report.append((path, f"{number}. {text}{items}"))
    return report


@st.composite
def amnesty_entries(draw: st.DrawFn) -> Report:
    names = draw(st.lists(st.sampled_from(SMALL.split("|")), min_size=2, unique=True))
    report: Report = [((), text) for text in draw(several())[:1]]
    for name in names:
        heading = draw(st.sampled_from([name, name.upper()]))
        report += [((heading,), text) for text in draw(several())]
    return report


def same_case(report: Report) -> Report:
    return [(tuple(step.upper() for step in section), text) for section, text in report]


MASTHEAD = "United Nations\n\nA/VRC/28/10\n\nDistr.: General\n\nVeldoria*\n\n"
NOTES = "\n\n* Adopted at the ninth session.\n\nNotes\n\n1 A/VRC/27/9, para. 4.\n\n2 Ibid., p. 7."


def as_un(report: Report) -> str:
    lines = [text.replace(". ", ".\t", 1) for _, text in lines_of(report)]
    return MASTHEAD + re.sub(r" (?=\([ab]\))", "\n\n", "\n\n".join(lines)) + NOTES


def as_un_lines(report: Report) -> str:
    text = "\n".join(text for _, text in lines_of(report))
    return MASTHEAD.replace("\n\n", "\n") + text + NOTES.replace("\n\n", "\n")


def as_un_pages(report: Report) -> str:
    lines = [line for _, text in lines_of(report) for line in (*textwrap.wrap(text, 72), "")]
    lines = [*MASTHEAD.splitlines(), *MEASURE.splitlines(), "", *lines]
    pages = ["\n".join(lines[n : n + 14]) for n in range(0, len(lines), 14)]
    headed = [
        f"{page}\n\n{number}    GE.14-24567\n\fA/VRC/28/10\n"
        for number, page in enumerate(pages, 1)
    ]
    return "".join(headed)


def as_un_wrapped(report: Report) -> str:
    wrapped = [textwrap.fill(text, 72) for _, text in lines_of(report)]
    return MASTHEAD.replace("\n\n", "\n") + "\n".join([*MEASURE.splitlines(), *wrapped])


ENTRY = "Amnesty International Report 2016/17\n\nVELDORIA\n\nHead of state: Odette Marchetti\n\n"


def as_amnesty(report: Report) -> str:
    labels = "\n\nDownload\n\nRelated content\n\nDonate\n\n© 2017 Amnesty International"
    return ENTRY + "\n\n".join(text for _, text in lines_of(report)) + labels


@dataclass(frozen=True)
class Form:
    layout: str
    compose: Callable[[Report], str]
    reports: st.SearchStrategy[Report]


FORMS = {
    "state text": Form("state-text", as_text, state_reports()),
    "state text, Windows": Form("state-text", as_windows_text, state_reports()),
    "state page": Form("state-page", as_page, state_reports()),
    "hrw flat": Form("hrw-flat", as_flat_page, flat_reports()),
    "un": Form("un", as_un, un_documents()),
    "un, a line each": Form("un", as_un_lines, un_documents()),
    "amnesty": Form("amnesty", as_amnesty, amnesty_entries().map(same_case)),
    "markdown": Form("generic", as_markdown, state_reports().map(without_marks)),
}
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
# Reports are large: without shrinking a failure shows in seconds, not minutes.
thorough = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def read(text: str, layout: str) -> tuple[Paragraph, ...]:
    return build_paragraphs("r", text, LAYOUTS[layout].cut(text))


def content(report: Report) -> Report:
    return [(section, " ".join(text.split())) for section, text in report]


@each_form
@given(data=st.data())
@thorough
def test_the_paragraphs_come_back_under_their_headings(form: Form, data: st.DataObject) -> None:
    report = data.draw(form.reports)
    records = read(form.compose(report), form.layout)
    assert [(record.section, record.text) for record in records] == content(report)


@each_form
@given(data=st.data())
@thorough
def test_the_layout_claims_its_reports_alone(form: Form, data: st.DataObject) -> None:
    text = form.compose(data.draw(form.reports))
    claiming = [name for name, layout in LAYOUTS.items() if layout.claims(text)]
    assert claiming == ([] if form.layout == "generic" else [form.layout])


@pytest.mark.parametrize("compose", [as_wrapped_text, as_pages])
@given(report=state_reports())
@thorough
def test_wrapped_lines_and_pages_are_joined_again(
    compose: Callable[[Report], str], report: Report
) -> None:
    records = read(compose(report), "state-page" if compose is as_pages else "state-text")
    assert [(record.section, record.text) for record in records] == content(report)


@pytest.mark.parametrize("compose", [as_un_wrapped, as_un_pages])
@given(report=un_documents())
@thorough
def test_wrapped_lines_and_pages_of_un_documents_are_joined_by_their_numbers(
    compose: Callable[[Report], str], report: Report
) -> None:
    records = read(compose(report), "un")
    assert [(record.section, record.text) for record in records] == content(report)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(data=st.data())
@thorough
def test_spans_are_ordered_apart_and_give_the_text_on_any_input(
    layout: str, data: st.DataObject
) -> None:
    forms = [form.reports.map(form.compose) for form in FORMS.values()]
    text = data.draw(st.one_of(*forms, st.text(max_size=200), noise))
    records = read(text, layout)
    end = 0
    for record in records:
        assert (record.start, record.end) == (record.spans[0][0], record.spans[-1][1])
        assert clean("\n".join(text[a:b] for a, b in record.spans)) == record.text
        for start, stop in record.spans:
            assert end <= start < stop <= len(text)
            end = stop
    assert len({record.paragraph_id for record in records}) == len(records)
    assert [record.position for record in records] == list(range(len(records)))


@each_form
@given(data=st.data())
@thorough
def test_line_ends_of_any_style_give_the_same_paragraphs(form: Form, data: st.DataObject) -> None:
    text = form.compose(data.draw(form.reports)).replace("\r\n", "\n")
    found = [(record.section, record.text) for record in read(text, form.layout)]
    for end in ("\r\n", "\r"):
        records = read(text.replace("\n", end), form.layout)
        assert [(record.section, record.text) for record in records] == found


noise = st.lists(
    st.sampled_from(
        ["\n", "\n\n", "\r\n", "\f", " ", "# ", "- ", "a. ", "12", "Section 1. ", "Women", "TRIAL",
         "[x](#)", "© 2020", "Human Rights Watch", "Events of 2020", "Nobody came.", "nobody", ":",
         "It was the", "A/HRC/28/10", "Distr.: General", "1. ", "2.Nobody", "(a) ", "I. Law",
         "Notes", "Annex", "1 See it.", "* It.", "Summary", "Amnesty International Report 2010",
         "II.", "“Never,” he said.", "WhatsApp", "»", "|", "…", "Executive Summary"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@each_form
@given(data=st.data())
@thorough
def test_another_paragraph_elsewhere_changes_no_id(form: Form, data: st.DataObject) -> None:
    report = data.draw(form.reports)
    place = data.draw(st.integers(0, len(report) - 1))
    other = "Nobody in the whole of the lower valley had ever asked for this."
    grown = [*report[: place + 1], (report[place][0], other), *report[place + 1 :]]
    before = {record.paragraph_id for record in read(form.compose(report), form.layout)}
    after = {record.paragraph_id for record in read(form.compose(grown), form.layout)}
    assert before < after
    assert len(after) == len(before) + 1
