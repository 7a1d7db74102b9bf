"""The comparison as a page that stands alone, as JSON and as rows."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from workbench.exports.comparison import (
    ComparisonReport,
    comparison_json,
    comparison_table,
    notes_on,
    render_comparison_html,
    write_comparison,
)
from workbench.records import Paragraph, Report
from workbench.reports.comparing import compare_reports

SAME = "Dockers in Port Amaro struck for a week & were <b>not</b> paid."
OLD = "The court in Norvik fined the daily Lantern forty crowns for an article on <prisons> & tax."
NEW = OLD.replace("forty", "sixty")
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
GONE = f"Guards on Sable Island beat an inmate, wrote the ombudsman {EVIL}."
MADE = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)


def described(year, title):
    name = f"veldoria-{year}"
    return Report(name, title, "state", "Veldoria", year, f"{name}.txt", "0" * 64, "utf-8", "state")


def paragraphs(year, *pieces):
    return [
        Paragraph(f"veldoria-{year}.{n}", f"veldoria-{year}", n, section, text, 0, 1, ((0, 1),))
        for n, (section, text) in enumerate(pieces)
    ]


@pytest.fixture(scope="module")
def report():
    old = paragraphs(
        2019,
        (("Section 1 <i>", "a. Work"), SAME),
        (("Section 1 <i>", "b. Press"), OLD),
        (("Section 9",), GONE),
    )
    new = paragraphs(
        2020,
        (("Section 1 <i>", "a. Work"), SAME),
        (("Section 1 <i>", "c. Media & web"), NEW),
        (("Section 1 <i>", "c. Media & web"), "The port opened a second pier."),
    )
    return ComparisonReport(
        described(2019, f"Veldoria 2019 {EVIL}"),
        described(2020, "Veldoria <2020>"),
        compare_reports(old, new),
        MADE,
    )


class Page(HTMLParser):
    """Tags with attributes, and the text of every article without what was hidden."""

    VOID = frozenset({"meta", "input", "br"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.text = [], [], ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def named(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


def test_the_page_asks_for_nothing_from_outside_and_has_no_script(report):
    text = render_comparison_html(report)
    page = Page(text)
    assert "default-src 'none'" in text
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert not re.search(r"https?://|url\(|@import", text)
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert all(attrs["href"].startswith("#") for attrs in page.named("a"))


def test_everything_from_outside_is_shown_as_it_is_written(report):
    page = Page(render_comparison_html(report))
    titles = ("Veldoria <2020>", f"Veldoria 2019 {EVIL}")
    for shown in (SAME, GONE, "Section 1 <i>", "c. Media & web", *titles):
        assert shown in page.text


def test_changed_words_are_marked_by_elements_not_by_colour_alone(report):
    text = render_comparison_html(report)
    assert "<del>forty</del> <ins>sixty</ins> crowns" in text
    assert re.search(r"ins \{[^}]*underline", text)
    assert re.search(r"del \{[^}]*line-through", text)
    assert "put in: " in text
    assert "left out: " in text


def test_every_paragraph_has_an_article_that_its_filter_can_hide(report):
    page = Page(render_comparison_html(report))
    kinds = [attrs["class"] for attrs in page.named("article")]
    assert sorted(kinds) == ["carried-over", "changed", "dropped", "new"]
    boxes = {attrs["id"]: "checked" in attrs for attrs in page.named("input")}
    assert boxes == {
        "show-carried-over": False, "show-changed": True, "show-new": True, "show-dropped": True,
    }  # fmt: skip
    style = render_comparison_html(report)
    for kind in kinds:
        assert f"body:has(#show-{kind}:not(:checked)) article.{kind}" in style


def test_links_and_labels_lead_somewhere(report):
    page = Page(render_comparison_html(report))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"][1:] for attrs in page.named("a")} <= set(ids)
    assert {a["aria-labelledby"] for _, a in page.tags if "aria-labelledby" in a} <= set(ids)
    assert page.named("html")[0]["lang"] == "en"


def test_a_paragraph_that_moved_says_where_it_was(report):
    page = Page(render_comparison_html(report))
    assert "earlier under: Section 1 <i> › b. Press" in page.text


def test_json_holds_every_entry_with_its_diff(report):
    data = comparison_json(report)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["counts"] == {"carried_over": 1, "changed": 1, "new": 1, "dropped": 1}
    entries = [entry for section in data["sections"] for entry in section["entries"]]
    changed = next(entry for entry in entries if entry["status"] == "changed")
    assert (changed["old"]["text"], changed["new"]["text"]) == (OLD, NEW)
    assert ["delete", ["forty"]] in changed["diff"]
    assert ["insert", ["sixty"]] in changed["diff"]
    assert changed["moved"]
    assert 0.4 <= changed["similarity"] < 1
    assert [e["old"] for e in entries if e["status"] == "new"] == [None]
    assert (data["old"]["report_id"], data["new"]["report_id"]) == (
        "veldoria-2019",
        "veldoria-2020",
    )


def test_the_table_adds_up(report):
    header, *rows, total = comparison_table(report.comparison)
    assert header == ("section", "carried over", "changed", "new", "dropped")
    assert [row[0] for row in rows] == ["Section 1 <i>", "Section 9"]
    sums = [str(sum(int(row[column]) for row in rows)) for column in range(1, 5)]
    assert list(total[1:]) == sums == ["1", "1", "1", "1"]


def test_a_section_that_one_report_lacks_is_pointed_out(report):
    (note,) = notes_on(report.old, report.new, report.comparison)
    assert "veldoria-2019" in note
    assert "Section 9" in note
    assert note in Page(render_comparison_html(report)).text
    assert comparison_json(report)["notes"] == [note]


def test_paragraphs_above_the_first_heading_have_a_name():
    comparison = compare_reports(paragraphs(2019, ((), SAME)), paragraphs(2020, ((), SAME)))
    assert comparison_table(comparison)[1][0] == "(above the first heading)"
    report = ComparisonReport(described(2019, "A"), described(2020, "B"), comparison, MADE)
    assert "(above the first heading)" in Page(render_comparison_html(report)).text


def test_the_page_is_written_whole(report, tmp_path):
    path = tmp_path / "new" / "page.html"
    write_comparison(path, report)
    assert path.read_text(encoding="utf-8") == render_comparison_html(report)
    assert [file.name for file in path.parent.iterdir()] == ["page.html"]
