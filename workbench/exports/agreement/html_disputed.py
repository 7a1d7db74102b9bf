"""The page's part on where coders disagree: confused codes, disputed paragraphs. Pure.

What is shown is chosen by radio buttons and style rules alone: the page runs no script.
"""

from collections.abc import Iterable, Sequence
from html import escape

from workbench.annotations.disagreement import Choice, DisputedParagraph
from workbench.exports.agreement.layout import Section, show_name
from workbench.exports.agreement.report import AgreementReport
from workbench.exports.page import plain_table, scrolling_table

#: The page shows this many disputed paragraphs, and of each code at least so many, as far as
#: there are; agreement.json has all of them.
MOST_DISPUTED, FEWEST_OF_A_CODE = 150, 20
MOST_CONFUSED = 20
#: A filter of more buttons than this is folded.
MOST_BUTTONS = 30


def render_disputed(report: AgreementReport) -> list[Section]:
    """Sections: confused codes, then the disputed paragraphs with their filters."""
    disputed = Section("disputed", "Most disputed paragraphs", _disputed(report))
    if not report.confused:
        return [disputed]
    return [Section("confused", "Confused codes", _confused(report)), disputed]


def filter_rules(report: AgreementReport) -> str:
    """The style rules that make the filters work."""
    rules = [
        f"body:has(#{name}-{number}:checked) article:not(.{name}-{number}) {{ display: none; }}"
        for name, values in _filters(report)
        for number in range(len(values))
    ]
    return "\n".join(rules)


def _confused(report: AgreementReport) -> str:
    rows = [
        (
            show_name(pair.code),
            show_name(pair.other) if pair.other else "<i>nothing in its place</i>",
            f"{pair.paragraphs:,}",
            f"{pair.pairs:,}",
        )
        for pair in report.confused[:MOST_CONFUSED]
    ]
    caption = "Codes that one coder gave where another gave something else, most frequent first."
    if left := len(report.confused) - len(rows):
        others = "One other is" if left == 1 else f"The {left:,} others are"
        caption += f" {others} in agreement.json."
    head = ("One coder", "The other", "Paragraphs", "Pairs of codings")
    return scrolling_table("confused-table", caption, head, rows, numbers_from=2)


def _disputed(report: AgreementReport) -> str:
    disputed = report.shown_disputed()
    if not disputed:
        return "<p>No paragraph is disputed.</p>"
    number = f"{len(disputed):,} paragraphs are" if len(disputed) > 1 else "1 paragraph is"
    intro = f"{number} disputed"
    shown = choose_shown(disputed)
    if len(disputed) > len(shown):
        intro += (
            f"; {len(shown)} are shown, the most disputed of all and of every code, and all are in "
            "agreement.json"
        )
    if not report.with_text:
        intro += "; the paragraphs' text and the coders' comments are left out"
    places = [(name, {v: n for n, v in enumerate(vs)}) for name, vs in _filters(report)]
    articles = "".join(
        _article(number, item, report, _classes(item, report, places))
        for number, item in enumerate(shown, start=1)
    )
    return f"<p>{intro}.</p>{_buttons(report)}{articles}"


def choose_shown(disputed: Sequence[DisputedParagraph]) -> list[DisputedParagraph]:
    """Those to show, in their order: the most disputed, and the most disputed of every code."""
    counts: dict[str, int] = {}
    shown = []
    for place, item in enumerate(disputed):
        few = [code for code in item.codes if counts.get(code, 0) < FEWEST_OF_A_CODE]
        if place < MOST_DISPUTED or few:
            shown.append(item)
            for code in item.codes:
                counts[code] = counts.get(code, 0) + 1
    return shown


def _filters(report: AgreementReport) -> list[tuple[str, list[str]]]:
    """Name and values of each filter that has something to choose from."""
    shown = choose_shown(report.disputed)
    held = report.paragraphs
    filters = [
        ("code", sorted({code for item in shown for code in item.codes})),
        ("report", sorted({held[i.unit].report_id for i in shown if i.unit in held})),
        ("coder", sorted({choice.coder for item in shown for choice in item.choices})),
    ]
    return [(name, values) for name, values in filters if len(values) >= 2]


def _buttons(report: AgreementReport) -> str:
    titles = {"code": "Disputed code", "report": "Report", "coder": "Coded by"}
    fieldsets = []
    for name, values in _filters(report):
        every = f'<label><input type="radio" name="{name}" checked> all</label>'
        labels = [
            f'<label><input type="radio" name="{name}" id="{name}-{number}"> '
            f"{show_name(value)}</label>"
            for number, value in enumerate(values)
        ]
        chosen = " ".join(labels)
        if len(values) > MOST_BUTTONS:
            chosen = f"<details><summary>{len(values)} to choose from</summary>{chosen}</details>"
        fieldsets.append(f"<fieldset><legend>{titles[name]}</legend>{every} {chosen}</fieldset>")
    if not fieldsets:
        return ""
    hint = "Only paragraphs that fit all that is chosen are shown; where none does, none is."
    return f'<div class="filters">{"".join(fieldsets)}<p class="quiet">{hint}</p></div>'


def _classes(
    item: DisputedParagraph,
    report: AgreementReport,
    places: Iterable[tuple[str, dict[str, int]]],
) -> str:
    paragraph = report.paragraphs.get(item.unit)
    values = {
        "code": item.codes,
        "report": (paragraph.report_id,) if paragraph else (),
        "coder": tuple(choice.coder for choice in item.choices),
    }
    return " ".join(f"{name}-{of[value]}" for name, of in places for value in values[name])


def _article(number: int, item: DisputedParagraph, report: AgreementReport, classes: str) -> str:
    heading, text = show_name(item.unit), ""
    where = f"distance {item.distance:.3f}, on {', '.join(map(show_name, item.codes))}"
    if paragraph := report.paragraphs.get(item.unit):
        places = [name for name in (paragraph.report_id, *paragraph.section) if name]
        if places:
            heading = " › ".join(map(show_name, places))
            where = f"{where} · {show_name(item.unit)}"
        if report.with_text:
            text = f'<p class="text" dir="auto">{escape(paragraph.text)}</p>'
    commented = any(choice.comment for choice in item.choices)
    rows = [_choice_row(choice, commented) for choice in item.choices]
    head = ("Coder", "Codes", "Comment") if commented else ("Coder", "Codes")
    return (
        f'<article class="{classes}"><h3>{number}. {heading}</h3><p class="where">{where}</p>{text}'
        f"{plain_table(f'Codes given to {escape(item.unit)}', head, rows)}</article>"
    )


def _choice_row(choice: Choice, commented: bool) -> Sequence[str]:
    chips = "".join(f'<span class="code">{show_name(code)}</span>' for code in choice.codes)
    row = (show_name(choice.coder), chips or "<i>none of these</i>")
    return (*row, show_name(choice.comment)) if commented else row
