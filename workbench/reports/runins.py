"""Run-in headings: a paragraph's own heading, in its first line ("Physical Conditions: ...").

Such a heading is the last step of its paragraph's path, of that paragraph
alone, and stays in its text. Only the form tells one from a sentence with a
colon or from the name of who speaks, so the rules are narrow: a heading missed
costs a step of a path, a false one puts a paragraph in a place where it is not.
"""

import re

from workbench.records import Paragraph
from workbench.reports.capitals import title_case
from workbench.reports.words import clean, normalise

#: A run-in heading has at most so many words; in small letters so many where the source marks
#: it off and a colon ends it, or where a full stop and a dash do.
MOST_WORDS = 18
MOST_SMALL_WORDS = 8
MOST_STOPPED_WORDS = 5
_LONGEST = 160

_LABEL = rf"(?P<label>[^\W\d_](?:[^:.;?!…\n]|(?<=\b[A-Z])\.(?=[A-Z\s])){{1,{_LONGEST}}}?)\s?"
_PLAIN = re.compile(_LABEL + r"(?::\s+|(?P<stop>\.\s?)(?:[–—―]|--?(?=\s)|--)\s*)(?P<first>\S)")
_STOPPED = re.compile(_LABEL + r"(?:[:.]\s*[–—―-]{0,2}\s*|[–—―]\s*)(?P<first>\S)")
# Without one of these there is none; looked for first, since most paragraphs have none.
_MARKS = re.compile(r"[:–—―-]")
_END = re.compile(r"\s?(?::|\.|[–—―])")

# What opens a clause, not a heading.
_CLAUSE_WORDS = (
    "according after although among as at based because before between but by despite during "
    "each every following for from given he here how however i if in into it like of on our "
    "over per she since than that their then there these they this those through thus to "
    "under unless until upon we what when where whereas which while who why with within "
    "without you"
)
_CLAUSES = frozenset(_CLAUSE_WORDS.split())
# What announces what follows instead of naming it.
_NOTICES = re.compile(
    r"(?:(?:editor(?:[’']?s)?|author(?:[’']?s)?|important|please)\s)?"
    r"(?:notes?|n\.?\s?b|nota bene|examples?|sources?|photos?|images?|captions?|credits?"
    r"|questions?|answers?|q|a|update[ds]?|corrections?|warning|attention|contacts?|tel(?:ephone)?"
    r"|phone|mobile|fax|e-?mail|web ?site|web|url|address|date|time|place|language|original|read"
    r"|see|see also|also|link|published|posted|tags?|topics?|status|title|subject|country|year"
    r"|ratified|signed|annex|appendix|table|figure|box|chart|map)(?:\s[\dA-Z]{1,3})?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\(?(?:\d[\d.,/-]*|[IVXLC]+)\)?")
_MARK = re.compile(r"(?:section\s+\d{1,2}|\(?(?:[a-z]|\d{1,2}|[ivx]{1,5}))[.:)]\s+", re.IGNORECASE)

# Words that are marked off at a paragraph's start, in Markdown and in HTML.
_MARKDOWN = re.compile(rf"\s*(\*{{1,3}}|_{{1,3}})(?=[^\s*_])(?P<words>[^*_\n]{{2,{_LONGEST}}}?)\1")
_HTML = re.compile(
    r"\s*(?:<(?:span|font)\b[^>]{0,300}>\s*)*<(?P<tag>b|strong|u|em|i)\b[^>]{0,300}>"
    rf"(?P<words>.{{2,{4 * _LONGEST}}}?)</(?P=tag)\s*>",
    re.IGNORECASE | re.DOTALL,
)


def run_in_of(text: str, marked: str = "") -> str | None:
    """The heading that a paragraph begins with, without its colon; None where there is none.

    `text` is as coders read it. A heading is in title case and ends in a colon,
    or in a full stop and a dash (then a short one may be in small letters), and a
    sentence begins after it. `marked` are the words at its start that the source
    sets in bold, in italics or underlined: they may end in a full stop or a dash
    alone, or, with a colon, be in small letters.
    """
    if marked:
        match = _STOPPED.match(text)
        if match and marked.rstrip(" :.–—―-") == match["label"]:
            colon = text.startswith(":", len(match["label"]))
            return _heading(match, small=MOST_SMALL_WORDS if colon else 0)
    if not _MARKS.search(text, 0, _LONGEST + 4):
        return None
    match = _PLAIN.match(text)
    if match is None:
        return None
    return _heading(match, small=MOST_STOPPED_WORDS if match["stop"] else 0)


def _heading(match: re.Match[str], small: int) -> str | None:
    """The label of a match if it is a heading; with `small` words or fewer, in small letters too.

    A sentence with a colon goes on with a small letter, and a quotation is what somebody says.
    """
    label, first = match["label"], match["first"]
    if not (first.isupper() or first.isdigit() or first in "([$€£"):
        return None
    in_form = title_case(label) or (label[0].isupper() and len(label.split()) <= small)
    return label if in_form and _names(label) else None


def _names(label: str) -> bool:
    """Whether a label in a heading's form can name a subject: no clause, notice, number or date."""
    words = label.split()
    if len(words) > MOST_WORDS or words[0].lower().rstrip(",") in _CLAUSES:
        return False
    if _NOTICES.fullmatch(label):
        return False
    # "Article 5", "May 5, 2019", "Section IV": one word and its numbers.
    numbers = sum(bool(_NUMBER.fullmatch(word.rstrip(","))) for word in words)
    return numbers == 0 or len(words) - numbers > 1


def marked_start(source: str) -> str:
    """The words at the start of a paragraph's source that Markdown or HTML marks off, or ""."""
    match = _MARKDOWN.match(source)
    return clean(match["words"]) if match else ""


def marked_start_of_html(markup: str) -> str:
    """The mark-up of the words at the start that are bold, in italics or underlined, or ""."""
    match = _HTML.match(markup)
    return match["words"] if match else ""


def with_run_in(section: tuple[str, ...], heading: str | None) -> tuple[str, ...]:
    """The path of a paragraph with a run-in `heading`; not twice where it stands above too."""
    if heading is None or (section and _key(section[-1]) == _key(heading)):
        return section
    return (*section, heading)


def _key(heading: str) -> str:
    return normalise(_MARK.sub("", heading.rstrip(" :."), count=1))


def run_in(paragraph: Paragraph) -> str | None:
    """The run-in heading of a paragraph: the last step of its path where the text begins with it.

    The steps before it are the headings above. None for a paragraph without one.
    """
    if not paragraph.section:
        return None
    last = paragraph.section[-1]
    if paragraph.text.startswith(last) and _END.match(paragraph.text, len(last)):
        return last
    return None


def headings_above(paragraph: Paragraph) -> tuple[str, ...]:
    """The heading path of a paragraph without its run-in heading."""
    return paragraph.section if run_in(paragraph) is None else paragraph.section[:-1]
