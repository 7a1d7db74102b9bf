"""The parts of the page that compares two reports. Filters work by style alone: no script."""

from collections.abc import Iterator
from html import escape

from workbench.exports.page import scrolling_table
from workbench.records import Paragraph, Report
from workbench.reports.comparing import STATUSES, Comparison, Entry, Section, Status
from workbench.reports.differing import Step
from workbench.reports.pairing import heading_key

#: How the terminal and the page name the place above the first heading.
NO_HEADING = "(above the first heading)"
#: What each status says of a paragraph.
_MEANINGS: dict[Status, str] = {
    "carried over": "in both reports with the same words",
    "changed": "in both, with other words: at least 40 % of the words of both are the same in "
    "the same order, three quarters in short phrases",
    "new": "in the later report only",
    "dropped": "in the earlier report only",
}
_TAGS = {"delete": "del", "insert": "ins"}


def render_sections(old: Report, new: Report, comparison: Comparison) -> Iterator[str]:
    """The page from top to bottom, as HTML."""
    yield _summary(old, new, comparison)
    yield _counts(old, new, comparison)
    yield _filters(comparison)
    for number, section in enumerate(comparison.sections):
        yield _section(number, section)


def _summary(old: Report, new: Report, comparison: Comparison) -> str:
    cards = "".join(
        f'<div><dt><span class="status {_kind(status)}">{status.capitalize()}</span></dt>'
        f"<dd>{comparison.count(status):,}</dd></div>"
        for status in STATUSES
    )
    in_both = comparison.count("carried over") + comparison.count("changed")
    facts = []
    sides: tuple[tuple[str, Report, Status], ...]
    sides = (("Earlier", old, "dropped"), ("Later", new, "new"))
    for name, report, alone in sides:
        year = f", covering {report.year}" if report.year else ""
        facts.append(
            f"<p><b>{name}:</b> {escape(report.title)}{year}, "
            f"{in_both + comparison.count(alone):,} paragraphs "
            f'<span class="quiet">({escape(report.report_id)})</span></p>'
        )
    return f'{"".join(facts)}<dl class="facts">{cards}</dl>'


def _counts(old: Report, new: Report, comparison: Comparison) -> str:
    rows = [
        (
            f'<a href="#section-{number}">{escape(section.heading or NO_HEADING)}</a>',
            *(f"{section.count(status):,}" for status in STATUSES),
        )
        for number, section in enumerate(comparison.sections)
    ]
    rows.append(("All", *(f"{comparison.count(status):,}" for status in STATUSES)))
    caption = "Paragraphs by section. Those in both reports are counted where the later one is."
    head = ("Section", *(status.capitalize() for status in STATUSES))
    return scrolling_table("counts", caption, head, rows, numbers_from=1) + "".join(
        f"<p>{escape(note)}</p>" for note in notes_on(old, new, comparison)
    )


def notes_on(old: Report, new: Report, comparison: Comparison) -> Iterator[str]:
    """What keeps the numbers from meaning what they seem to."""
    sides: tuple[tuple[Status, Report, Report], ...]
    sides = (("dropped", old, new), ("new", new, old))
    for status, there, missing in sides:
        alone = [s for s in comparison.sections if s.count(status) == len(s.entries)]
        if alone and len(alone) < len(comparison.sections):
            names = "; ".join(section.heading or NO_HEADING for section in alone)
            yield (
                f"Only {there.report_id} has these sections; what {missing.report_id} does not "
                f"have elsewhere of them counts as {status}: {names}"
            )


def _filters(comparison: Comparison) -> str:
    boxes = "".join(
        f'<li><label><input type="checkbox" id="show-{_kind(status)}"'
        f"{'' if status == 'carried over' else ' checked'}> "
        f'<span class="status {_kind(status)}">{status.capitalize()}</span> '
        f"({comparison.count(status):,})</label> "
        f'<span class="quiet">{_MEANINGS[status]}</span></li>'
        for status in STATUSES
    )
    return (
        f'<form class="filters"><fieldset><legend>Show</legend><ul>{boxes}</ul></fieldset></form>'
        '<p class="key">In what has changed, <del>words that were left out</del> are struck out '
        "and <ins>words that were put in</ins> underlined. A change of case, or in the style of "
        "quotation marks and dashes, is no change.</p>"
    )


def _section(number: int, section: Section) -> str:
    counts = ", ".join(
        f"{section.count(status):,} {status}" for status in STATUSES if section.count(status)
    )
    articles = "".join(_article(entry, section.heading) for entry in section.entries)
    return (
        f'<section id="section-{number}" aria-labelledby="heading-{number}">'
        f'<h2 id="heading-{number}">{escape(section.heading or NO_HEADING)}</h2>'
        f'<p class="quiet">{counts}</p>{articles}</section>'
    )


def _article(entry: Entry, heading: str) -> str:
    path = _path(entry.paragraph, heading)
    title = f'<span class="status {_kind(entry.status)}">{entry.status.capitalize()}</span>'
    text = _diff(entry.diff) if entry.diff else escape(entry.paragraph.text)
    return (
        f'<article class="{_kind(entry.status)}"><h3>{title}{path}</h3>'
        f'<p class="text" dir="auto">{text}</p><p class="where">{_where(entry)}</p></article>'
    )


def _path(paragraph: Paragraph, heading: str) -> str:
    """The headings below that of the section."""
    steps, keys = paragraph.section, heading_key(paragraph.section)
    (key,) = heading_key((heading,))
    below = steps[keys.index(key) + 1 :] if key in keys else steps
    return f' <span class="path">{escape(" › ".join(below))}</span>' if below else ""


def _where(entry: Entry) -> str:
    facts = []
    if entry.status == "changed":
        facts.append(f"{100 * entry.similarity:.0f} % of the words kept")
    if entry.moved and entry.old is not None:
        facts.append(f"earlier under: {escape(' › '.join(entry.old.section) or 'no heading')}")
    for paragraph in (entry.old, entry.new):
        if paragraph is not None:
            page = f", page {paragraph.page}" if paragraph.page is not None else ""
            facts.append(f"{escape(paragraph.paragraph_id)}{page}")
    return " · ".join(facts)


def _diff(steps: tuple[Step, ...]) -> str:
    pieces = []
    for op, words in steps:
        text = escape(" ".join(words))
        tag = _TAGS.get(op)
        pieces.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return " ".join(pieces)


def _kind(status: Status) -> str:
    return status.replace(" ", "-")
