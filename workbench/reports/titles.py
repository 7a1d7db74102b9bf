"""What the front of a report says of it: publisher, country, year covered, title.

Each publisher's own forms of a title, as lines of text; pure.
"""

import re
from dataclasses import dataclass

from workbench.reports.capitals import FUNCTION_WORDS
from workbench.reports.countries import find_country
from workbench.reports.layouts.forms import heading_form

YEAR = r"(?:19|20)\d\d"
_DASH = r"\s*[:|–—-]\s*"
_PLACE = r"(?P<country>[^\W\d_][^\d|:\n\[\]»]{1,80}?)"
_END = r"(?=\s*$|\s*\||,\s*\d|\s+[–—-]\s+\d)"
_WORLD = rf"(?:the state of the world['’]s human rights{_DASH})?"
_STATE_REPORTS = r"country reports? on human rights practices"
_ANNUAL = r"amnesty international (?:annual )?report"

# Words of the title, publisher, form; a form is only tried where its words stand.
# `year` is the year covered, `published` the year in the title of the next one.
_FORMS = tuple(
    (words, source, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for words, source, pattern in (
        ("human rights practices", "state",
         rf"(?P<year>{YEAR}) {_STATE_REPORTS}{_DASH}{_PLACE}{_END}"),
        ("human rights practices", "state",
         rf"{_STATE_REPORTS}\W+(?:for )?(?P<year>{YEAR}){_DASH}{_PLACE}{_END}"),
        ("human rights report", "state",
         rf"(?P<year>{YEAR}) human rights reports?{_DASH}{_PLACE}{_END}"),
        ("human rights report", "state",
         rf"^{_PLACE},?\s(?P<year>{YEAR})\shuman\srights\sreport\s*$"),
        ("human rights practices", "state",
         rf"^{_PLACE},? human rights practices,? (?P<year>{YEAR})\s*$"),
        ("human rights practices", "state",
         rf"^{_PLACE}\s*\n\s*{_STATE_REPORTS}\W+(?:for )?(?P<year>{YEAR})\s*$"),
        ("human rights practices", "state",
         rf"^{_PLACE}\s*\n\s*(?P<year>{YEAR}) {_STATE_REPORTS}\s*$"),
        ("world report", "hrw",
         rf"world report (?P<published>{YEAR}){_DASH}(?:rights trends in )?{_PLACE}{_END}"),
        ("events of", "hrw",
         rf"^{_PLACE}\s*\n\s*events of (?P<year>{YEAR})\s*$"),
        ("amnesty international", "amnesty",
         rf"{_ANNUAL} (?P<year>{YEAR})[/–-]\d\d(?:\d\d)?{_DASH}{_WORLD}{_PLACE}{_END}"),
        ("amnesty international", "amnesty",
         rf"{_ANNUAL} (?P<published>{YEAR}){_DASH}{_WORLD}{_PLACE}{_END}"),
        ("annual report", "amnesty",
         rf"^annual report{_DASH}{_PLACE},? (?P<published>{YEAR})\s*$"),
        ("annual report", "amnesty",
         rf"^annual report{_DASH}{_PLACE},? (?P<year>{YEAR})[/–-]\d\d(?:\d\d)?\s*$"),
    )
)  # fmt: skip
# Titles that say nothing without their publisher: "Veldoria 2023".
_BARE_FORMS = {
    "amnesty": tuple(
        re.compile(pattern, re.IGNORECASE | re.MULTILINE)
        for pattern in (
            rf"^{_PLACE},? (?P<year>{YEAR})(?:[/–-]\d\d(?:\d\d)?)?\s*$",
            rf"^human rights in {_PLACE}(?: (?P<year>{YEAR}))?(?:[/–-]\d\d(?:\d\d)?)?\s*$",
        )
    ),
}
_YEARS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bevents of (?P<year>{YEAR})",
        rf"(?P<year>{YEAR}) {_STATE_REPORTS}",
        rf"{_STATE_REPORTS}\W+(?:for )?(?P<year>{YEAR})",
        rf"(?P<year>{YEAR}) human rights reports?",
        rf"{_ANNUAL} (?P<year>{YEAR})[/–-]\d\d",
        rf"\breview of (?P<year>{YEAR})\b",
        rf"{_ANNUAL} (?P<published>{YEAR})\b",
        rf"the state of the world['’]s human rights\W+april (?P<published>{YEAR})",
        rf"\bworld report (?P<published>{YEAR})\b",
    )
)
_SIGNS = (
    ("state", re.compile(
        rf"{_STATE_REPORTS}|{YEAR} human rights reports?\b|"
        r"(?:u\.?s\.?|united states) department of state\s*$", re.IGNORECASE | re.MULTILINE)),
    ("hrw", re.compile(
        r"world report \d{4}.{0,80}human rights watch|"
        r"(?:^[^\w\n]*|\s[|–—-]\s*)human rights watch\W*$",
        re.IGNORECASE | re.MULTILINE)),
    ("amnesty", re.compile(
        r"amnesty international (?:annual )?report|"
        r"(?:^[^\w\n]*|\s[|–—-]\s*)amnesty international\W*$", re.IGNORECASE | re.MULTILINE)),
)  # fmt: skip
# The department's numbered sections and its name below the report, for text in small letters.
_SECTION = re.compile(
    r"section[ \t]+\d+\W.{0,40}(?:integrity of the person|civil liberties|political process|"
    r"worker rights|discrimination|corruption|security of the person|right of citizens)"
)
_DEPARTMENT = re.compile(r"department of state[ \t]*$", re.MULTILINE)
_AMERICAN = re.compile(r"\bu\.?s\.?\s\Z")
_PUBLISHER = re.compile(
    r"\s*[|–—-]+\s*(?:(?:u\.?s\.?|united states) department of state|human rights watch|"
    r"amnesty international|refworld|ohchr)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_MONTHS = frozenset(
    {"january", "february", "march", "april", "may", "june", "july", "august", "september",
     "october", "november", "december"}
)  # fmt: skip
# The first section begins early, the department's name stands at the end: so much is searched.
_OPENING, _CLOSING = 50_000, 10_000
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class TitleSigns:
    """What a publisher's own title says; `published` is the year of publication in it."""

    source: str | None = None
    country: str | None = None
    year: int | None = None
    published: int | None = None
    title: str | None = None


def read_title(front: str, text: str, publisher: str | None) -> TitleSigns:
    """The first title in `front` that has a publisher's form and names what could be a country.

    `publisher` is whose report it is by other signs: titles without any sign of
    their own count only with it, and there a country that we do not know must
    be spoken of in `text`.
    """
    bare = _PUBLISHER.sub("", front)
    words = " ".join(bare.lower().split())
    for match, source in (
        (match, source)
        for needed, source, form in _FORMS
        if needed in words
        for match in form.finditer(bare)
    ):
        country = in_small(match["country"].strip(" .,"))
        if find_country(country) or could_be_place(country):
            return _signs_of(match, source, country)
    for form in _BARE_FORMS.get(publisher or "", ()):
        for match in form.finditer(bare):
            country = in_small(match["country"].strip(" .,"))
            if find_country(country) or (
                country.lower() not in _MONTHS and spoken_of(country, text)
            ):
                return _signs_of(match, publisher, country)
    return TitleSigns()


def read_years(front: str) -> tuple[int | None, int | None]:
    """The year covered, else that of publication, as the front states it outside the title."""
    for form in _YEARS:
        if match := form.search(front):
            return _year_in(match, "year"), _year_in(match, "published")
    return None, None


def publisher_of(front: str, text: str) -> str | None:
    """Whose report it is: by the names in its front, else by the State Department's sections."""
    for source, sign in _SIGNS:
        if sign.search(front):
            return source
    small = text[:_OPENING].lower() + "\n" + text[_OPENING:][-_CLOSING:].lower()
    for section in _SECTION.finditer(small):
        before = small[max(0, section.start() - 9) : section.start()]
        if not re.search(r"[^\W]", before.rpartition("\n")[2]):
            return "state"
    for name in _DEPARTMENT.finditer(small):
        if _AMERICAN.search(small[max(0, name.start() - 6) : name.start()]):
            return "state"
    return None


def in_small(name: str) -> str:
    """The name of a country as in running text, where a title gives it in capitals."""
    return capitalised(name.lower()) if name.isupper() and len(name) > 3 else name


def capitalised(name: str) -> str:
    """A name in small letters with its capitals: "guinea-bissau", "cote d'ivoire"."""

    def risen(match: re.Match[str]) -> str:
        word = match[0]
        if match.start() and word in FUNCTION_WORDS | {"includes", "including"}:
            return word
        if word[:2] in {"d'", "d’"} and match.start():
            return word[:2] + word[2:3].upper() + word[3:]
        return word[:1].upper() + word[1:]

    return _LETTERS.sub(risen, name)


def could_be_place(name: str) -> bool:
    """Whether a name is short and capitalised, without figures."""
    if not name or len(name.split()) > 6 or any(character.isdigit() for character in name):
        return False
    return heading_form(name)


def spoken_of(name: str, text: str) -> bool:
    """Whether a name that could be a country's is often spoken of in a report."""
    return could_be_place(name) and len(re.findall(rf"\b{re.escape(name)}\b", text)) >= 3


def _signs_of(match: re.Match[str], source: str | None, country: str) -> TitleSigns:
    return TitleSigns(
        source=source,
        country=country,
        year=_year_in(match, "year"),
        published=_year_in(match, "published"),
        title=" ".join(match.group().split()),
    )


def _year_in(match: re.Match[str], group: str) -> int | None:
    year = match.groupdict().get(group)
    return int(year) if year else None
