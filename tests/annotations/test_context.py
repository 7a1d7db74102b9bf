"""What a coder is told of an earlier year's near copy."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.consensus import share_consensus
from workbench.annotations.context import find_contexts, keep_settled, render_context
from workbench.records import Assignment, CodedParagraph, Paragraph, Report
from workbench.taxonomy.codebook import default_codebook_text, parse_codebook

BOOK = parse_codebook(default_codebook_text(), "rights.yaml")
OLD = (
    "Inspectors of the harbour office visited the weaving mill at Karsk twice in the spring and "
    "wrote down that forty workers had lost two days of pay after the strike of the dockers, and "
    "that the owner had locked the doors of the canteen"
)
NEW = OLD.replace("forty", "sixty")
SHORT = "The law of the land prohibits such practices in general everywhere"


def coded(document, *codes: str, tied: tuple[str, ...] = ()) -> list[CodedParagraph]:
    return [
        CodedParagraph(p, codes, tied, ("ana@example.org", "ben@example.org"))
        for p in document.paragraphs
    ]


@pytest.fixture
def contexts(codebook):
    def find(document, *earlier):
        """`earlier` are (document, coded paragraphs)."""
        reports = {d.report.report_id: d.report for d in (document, *(d for d, _ in earlier))}
        wanted = [(p, document.report) for p in document.paragraphs]
        everything = [item for _, items in earlier for item in items]
        return find_contexts(wanted, everything, reports, codebook)

    return find


@pytest.fixture
def old(make_document):
    return make_document([OLD], "veldoria-2019-state", year=2019, title="Veldoria 2019")


@pytest.fixture
def new(make_document):
    return make_document([NEW, "Quite another thing was said of the courts."])


def test_a_near_copy_shows_codes_and_diff_and_nobody_who_chose(contexts, old, new) -> None:
    found = contexts(new, (old, coded(old, "labor")))
    assert list(found) == [new.paragraphs[0].paragraph_id]
    (html,) = found.values()
    assert "Veldoria 2019" in html
    assert "<b>Rights at work</b>" in html
    assert "<del>forty</del> <ins>sixty</ins>" in html
    assert "ana" not in html
    assert "ben@" not in html


def test_no_code_and_undecided_codes_are_told_apart(contexts, old, new) -> None:
    (none,) = contexts(new, (old, coded(old))).values()
    assert "None of these" in none
    (tied,) = contexts(new, (old, coded(old, tied=("labor",)))).values()
    assert "Rights at work (undecided)" in tied
    assert "None of these" not in tied


def test_the_same_year_a_later_one_and_an_unknown_one_give_no_context(
    contexts, make_document, new
) -> None:
    for year in (2020, 2021, None):
        other = make_document([OLD], "veldoria-other", year=year)
        assert not contexts(new, (other, coded(other, "labor")))


def test_the_same_words_are_no_context(contexts, old, make_document) -> None:
    assert not contexts(make_document([OLD]), (old, coded(old, "labor")))


def test_a_short_paragraph_needs_the_same_heading(contexts, make_document) -> None:
    before = make_document([f"{SHORT} now"], "veldoria-2019-state", year=2019)
    after = make_document([SHORT])
    assert contexts(after, (before, coded(before, "labor")))
    moved = [
        replace(c, paragraph=replace(c.paragraph, section=("b. Elsewhere",)))
        for c in coded(before, "labor")
    ]
    assert not contexts(after, (before, moved))


def test_the_latest_year_of_the_same_country_is_shown(contexts, make_document, new) -> None:
    earlier = []
    for country, year, code in (
        ("Veldoria", 2016, "torture"),
        ("Veldoria", 2018, "labor"),
        ("Tavaria", 2019, "assembly"),
    ):
        document = make_document([OLD], f"{country}-{year}", country=country, year=year)
        earlier.append((document, coded(document, code)))
    for order in (earlier, earlier[::-1]):
        (html,) = contexts(new, *order).values()
        assert "Rights at work" in html


def test_another_heading_is_named(contexts, old, new) -> None:
    moved = [
        replace(c, paragraph=replace(c.paragraph, section=("Section 9", "Old <Place>")))
        for c in coded(old, "labor")
    ]
    (html,) = contexts(new, (old, moved)).values()
    assert "stood under: Section 9 › Old &lt;Place&gt;" in html


def test_long_unchanged_runs_are_shortened(contexts, old, new) -> None:
    (html,) = contexts(new, (old, coded(old, "labor"))).values()
    assert "…" in html
    assert "locked the doors of the canteen" not in html.split("<ins>")[0]
    assert "Inspectors of the harbour" not in html


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_no_text_breaks_out_of_the_block(before: str, after: str, title: str, code: str) -> None:
    spicy = '<script>&"</details>'
    one = Paragraph("a", "r", 0, (f"{spicy}{title}",), f"{before} {spicy}", 0, 1, ((0, 1),))
    other = Paragraph("b", "s", 0, (), f"{after} <b>", 0, 1, ((0, 1),))
    report = Report("r", f"{title}{spicy}", None, None, 2019, "f", "0", "utf-8", "x")
    html = render_context(other, CodedParagraph(one, (code + "<i>",), (), ()), report, BOOK)
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert tags.open == []
    assert tags.seen <= {"details", "summary", "b", "p", "blockquote", "del", "ins"}
    assert not re.search(r"<script", html)


@pytest.fixture
def settled(make_document):
    """The places of the paragraphs of two reports whose codes blind coders may be shown."""
    paragraphs = [
        p
        for year in (2018, 2019)
        for p in make_document([OLD, f"In {year} too: {OLD}"], f"veldoria-{year}").paragraphs
    ]

    def find(given, assigned):
        """`given` are annotations and `assigned` coders, each with a paragraph's place."""
        annotations = [replace(a, paragraph_id=paragraphs[n].paragraph_id) for n, a in given]
        coded = share_consensus(paragraphs, annotations).coded
        assignments = [Assignment(paragraphs[n].paragraph_id, name) for n, name in assigned]
        kept = keep_settled(coded, annotations, assignments, paragraphs)
        return {paragraphs.index(item.paragraph) for item in kept}

    return find


def test_blind_coders_see_codes_of_reports_that_are_finished_only(settled, make_annotation) -> None:
    def by(coder: str, place: int, *codes: str, **more):
        return place, make_annotation("", coder, *codes, key=f"{coder}{place}", **more)

    assigned = [(0, "ana"), (0, "ben"), (1, "ana")]
    given = [by("ana", 0, "labor"), by("ben", 0, "labor")]
    assert settled(given, []) == {0, 2}, "in one project for all nobody is blind"
    assert settled(given, assigned) == set(), "ana has one to do; the twin's codes are as new"
    assert settled([*given, by("ana", 1, skipped=True)], assigned) == {0, 2}
    assert settled([*given, by("ana", 1)], assigned) == {0, 1, 2}
    # What is undecided is another's choice as good as bare.
    differing = [by("ana", 0, "labor"), by("ben", 0), by("ana", 1)]
    assert settled(differing, assigned) == {1}


def test_blind_coders_see_what_was_adjudicated_or_imported(settled, make_annotation) -> None:
    assigned = [(0, "ana"), (0, "ben"), (1, "ana"), (3, "ben")]
    one = (0, make_annotation("", "ana", "labor", key="a"))
    ruling = (0, make_annotation("", "lead", "labor", key="r", origin="adjudication"))
    assert settled([one], assigned) == set()
    assert settled([one, ruling], assigned) == {0, 2}
    imported = (1, make_annotation("", "x", "labor", key="i", origin="import"))
    assert settled([one, imported], assigned) == {1}
    joined = (1, make_annotation("", "ana", "labor", key="j"))
    assert settled([imported, joined], [*assigned, (1, "ben")]) == set()
