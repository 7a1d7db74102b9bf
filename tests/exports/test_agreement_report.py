"""The agreement report: JSON by its schema, a page that stands alone, terminal rows."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib import resources

import pytest
from jsonschema import Draft202012Validator

from workbench.annotations.agreement import Coding, measure_agreement
from workbench.annotations.disagreement import find_confused, rank_disputed
from workbench.exports.agreement.as_json import agreement_json
from workbench.exports.agreement.files import NAMES, write_agreement
from workbench.exports.agreement.html import render_agreement_html
from workbench.exports.agreement.report import AgreementReport
from workbench.exports.agreement.terminal import agreement_table
from workbench.records import Paragraph

CODES = ("assembly", "labor", "torture", "unused")
TEXT = "Police in Port Amaro held <b>two strikers</b> & a witness overnight."
COMMENT = 'Is <script>alert("x")</script> meant?'


@pytest.fixture(scope="module")
def report():
    codings, paragraphs = [], {}
    for number in range(60):
        unit = f"veldria-2020:{number:03}"
        section = ("Section 7", f"a. Unions & strikes {number % 3}")
        paragraphs[unit] = Paragraph(unit, "veldria-2020", number, section, TEXT, 0, 9, ((0, 9),))
        agreed = {"labor"} if number % 3 == 0 else set()
        for place, coder in enumerate(("ann", "ben", "<cy>")):
            chosen = set(agreed)
            if number in (5, 6, 7) and place == 1:
                chosen = {"assembly", "torture"}
            if number == 9 and place == 2:
                chosen = {"assembly"}
            if not (place == 2 and number > 50):
                codings.append(Coding(unit, coder, frozenset(chosen)))
    agreement = measure_agreement(codings, CODES, resamples=200, seed=4, notes=["Two & two."])
    return AgreementReport(
        title="Agreement on <rights>",
        made_at=datetime(2024, 5, 1, 12, 30, tzinfo=UTC),
        agreement=agreement,
        disputed=tuple(rank_disputed(codings, {("veldria-2020:005", "ben"): COMMENT})),
        confused=tuple(find_confused(codings)),
        paragraphs=paragraphs,
    )


def without_text(report):
    return AgreementReport(
        report.title,
        report.made_at,
        report.agreement,
        report.disputed,
        report.confused,
        report.paragraphs,
        with_text=False,
    )


def validator():
    schema = resources.files("workbench.exports") / "agreement.schema.json"
    shipped = json.loads(schema.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(shipped)
    return Draft202012Validator(shipped)


class Page(HTMLParser):
    """Tags with their attributes, and that every tag opened is closed in order."""

    VOID = frozenset({"meta", "br", "hr", "link", "img", "rect", "line", "circle", "input"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.text = [], [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def named(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.mark.parametrize("with_text", [True, False])
def test_json_is_what_the_shipped_schema_describes(report, with_text):
    data = agreement_json(report if with_text else without_text(report))
    assert list(validator().iter_errors(data)) == []
    assert json.loads(json.dumps(data, allow_nan=False)) == data


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data["codes"][0]["alpha"].update(value=None),
        lambda data: data["codes"][0].update(band="fine"),
        lambda data: data["codes"][0].pop("ac1"),
        lambda data: data["codes"][0].update(extra=1),
        lambda data: data["sets"]["alpha_masi"].pop("interval"),
        lambda data: data["disputed"][0].update(distance=1.5),
        lambda data: data["codes"][3]["fleiss_kappa"].pop("reason"),
    ],
)
def test_schema_refuses_a_damaged_report(report, damage):
    data = agreement_json(report)
    damage(data)
    assert list(validator().iter_errors(data))


def test_json_holds_the_figures_unrounded(report):
    data = agreement_json(report)
    for shown, code in zip(data["codes"], report.agreement.codes, strict=True):
        assert shown["code"] == code.code
        assert shown["alpha"]["value"] == code.alpha.value
        assert shown["positives"] == code.positives
        assert len(shown["pairs"]) == 3
    assert data["sets"]["alpha_masi"]["value"] == report.agreement.sets.masi.value
    drawn = data["bootstrap"].pop("drawn_reason")
    assert data["bootstrap"] == {
        "resamples": 200, "seed": 4, "level": 0.95, "drawn": "paragraph",
    }  # fmt: skip
    assert "not known which reports" in drawn
    assert data["made_at"] == "2024-05-01T12:30:00+00:00"
    assert data["notes"][0] == "Two & two."


def test_undefined_figures_are_null_with_a_reason_in_json(report):
    unused = agreement_json(report)["codes"][3]
    assert unused["alpha"] == {
        "value": None,
        "reason": "no variation: every coding is the same",
        "interval": {
            "low": None,
            "high": None,
            "reason": "no variation: every coding is the same",
        },
    }
    assert unused["band"] == "undefined"


def test_disputed_paragraphs_carry_text_section_and_comment_in_json(report):
    disputed = agreement_json(report)["disputed"]
    assert [item["paragraph_id"][-3:] for item in disputed] == ["005", "006", "007", "009"]
    by_id = {item["paragraph_id"]: item for item in disputed}
    item = by_id["veldria-2020:005"]
    assert item["text"] == TEXT
    assert item["section"] == ["Section 7", "a. Unions & strikes 2"]
    assert [c["comment"] for c in item["choices"] if c["coder"] == "ben"] == [COMMENT]


def test_page_asks_nothing_of_the_network_and_runs_nothing(report):
    text = render_agreement_html(report)
    page = Page(text)
    assert page.open == []
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    for tag, attrs in page.tags:
        assert not {"src", "srcset", "action", "style"} & set(attrs), tag
        assert attrs.get("href", "#").startswith("#"), "only places in the page itself"
        assert not [name for name in attrs if name.startswith("on")], tag
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    policy = {meta.get("http-equiv"): meta.get("content") for meta in page.named("meta")}
    assert policy["Content-Security-Policy"].startswith("default-src 'none'")


def test_everything_from_outside_is_escaped_in_the_page(report):
    text = render_agreement_html(report)
    for foreign in ("<b>two", "<script", "<cy>", "<rights>", "Unions & strikes", "Two & two"):
        assert foreign not in text
    page = Page(text)
    for shown in (TEXT, COMMENT, "<cy>", "Agreement on <rights>", "Unions & strikes 2"):
        assert shown in page.text


def test_template_marks_in_a_text_are_shown_as_they_are(report):
    paragraph = report.paragraphs["veldria-2020:005"]
    marked = Paragraph(
        paragraph.paragraph_id, "r", 1, (), "It cost $title and $5 {style} %s.", 0, 1, ((0, 1),)
    )
    changed = AgreementReport(
        "A", report.made_at, report.agreement, report.disputed, (), {marked.paragraph_id: marked}
    )
    assert "It cost $title and $5 {style} %s." in Page(render_agreement_html(changed)).text


def test_tables_are_readable_by_screen_reader(report):
    page = Page(render_agreement_html(report))
    assert page.named("html")[0]["lang"] == "en"
    tables, captions = page.named("table"), page.named("caption")
    assert len(tables) == len(captions) >= 5
    assert {attrs.get("scope") for attrs in page.named("th")} == {"col", "row"}
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for region in page.named("div"):
        if region.get("role") == "region":
            assert region["tabindex"] == "0"
            assert region["aria-labelledby"] in ids
    plot = page.named("svg")[0]
    assert plot["role"] == "img"
    assert set(plot["aria-labelledby"].split()) <= set(ids)


def test_page_serves_light_dark_and_paper(report):
    text = render_agreement_html(report)
    assert "@media (prefers-color-scheme: dark)" in text
    assert "@media print" in text
    assert '<meta name="viewport"' in text


def test_page_shows_every_code_with_its_band_alpha_and_interval(report):
    page = Page(render_agreement_html(report))
    for code in report.agreement.codes:
        assert code.code in page.text
        if code.alpha.value is not None:
            low, high = code.alpha_interval.low, code.alpha_interval.high
            assert f"{code.alpha.value:.3f}" in page.text
            assert f"[{low:.3f}, {high:.3f}]" in page.text
    bands = {attrs["class"] for attrs in page.named("span") if "band" in attrs.get("class", "")}
    assert bands == {f"band {code.band}" for code in report.agreement.codes}
    assert "no variation: every coding is the same" in page.text
    assert not re.search(r"\b(nan|None)\b", page.text)


def test_plot_has_a_line_and_a_dot_for_every_code_that_has_alpha(report):
    page = Page(render_agreement_html(report))
    known = [code for code in report.agreement.codes if code.alpha.value is not None]
    assert len(page.named("circle")) == len(known) == 3
    assert len([a for a in page.named("line") if a["class"].startswith("span")]) == 3 * 3
    for attrs in page.named("circle"):
        assert 0 <= float(attrs["cx"].rstrip("%")) <= 100


def test_page_states_seed_resamples_and_which_masi(report):
    text = Page(render_agreement_html(report)).text
    assert "200 resamples, seed 4" in text
    assert "1 - J * M" in text
    assert "Passonneau 2006" in text


def test_page_without_text_has_neither_text_nor_comments(report):
    bare = without_text(report)
    for text in (render_agreement_html(bare), json.dumps(agreement_json(bare))):
        assert "Port Amaro" not in text
        assert "meant?" not in text
        assert "veldria-2020:005" in text
    assert "left out" in Page(render_agreement_html(bare)).text


def test_page_shows_the_most_disputed_and_says_how_many_more_there_are(report):
    codings = [
        Coding(f"p{n:03}", coder, frozenset({code}))
        for n in range(200)
        for coder, code in (("ann", "labor"), ("ben", "torture"))
    ]
    many = AgreementReport(
        "A",
        report.made_at,
        measure_agreement(codings, CODES, resamples=20),
        tuple(rank_disputed(codings)),
    )
    page = Page(render_agreement_html(many))
    assert len(page.named("article")) == 150
    assert "200 paragraphs are disputed; 150 are shown, the most disputed" in page.text
    assert len(agreement_json(many)["disputed"]) == 200


def test_page_without_any_dispute_says_so(report):
    codings = [
        Coding(f"p{n}", coder, frozenset({"labor"} if n % 2 else ()))
        for n in range(20)
        for coder in ("ann", "ben")
    ]
    calm = AgreementReport("A", report.made_at, measure_agreement(codings, CODES, resamples=20))
    page = Page(render_agreement_html(calm))
    assert "No paragraph is disputed." in page.text
    assert page.open == []


def test_every_file_is_written(report, tmp_path):
    page, data, *others = write_agreement(tmp_path / "2024-05-01", report)
    assert (data.name, page.name) == ("agreement.json", "agreement.html")
    assert [path.suffix for path in others] == [".csv", ".md", ".tex"]
    assert json.loads(data.read_text(encoding="utf-8")) == agreement_json(report)
    assert page.read_text(encoding="utf-8") == render_agreement_html(report)
    assert sorted(p.name for p in data.parent.iterdir()) == sorted(NAMES)


def test_terminal_rows_are_even_and_name_every_code(report):
    rows = agreement_table(report.agreement)
    assert {len(row) for row in rows} == {6}
    assert rows[0][0] == "code"
    assert [row[0] for row in rows[1:]] == [*CODES, "all (MASI)"]
    labor, unused = rows[2], rows[4]
    assert re.fullmatch(r"0\.\d{3} \[0\.\d{3}, [01]\.\d{3}\]", labor[1])
    assert re.fullmatch(r"0\.\d{3} \(0\.\d{3} to [01]\.\d{3}\)", labor[2])
    assert labor[3:5] == (
        f"{report.agreement.codes[1].percent_agreement.value:.1%}".replace("%", " %"),
        "20 of 60",
    )
    assert unused[1:3] == ("undefined", "undefined")
    assert unused[5] == "undefined"
