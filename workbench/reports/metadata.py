"""What a report says of itself: who published it, on which country and year, its title.

The content speaks first, the file name after it.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from workbench.reports.layouts.forms import FUNCTION_WORDS, heading_form
from workbench.reports.paragraphs import clean

#: The publishers known by a short name; the key is a report's `source`.
SOURCES = {
    "state": "US Department of State",
    "hrw": "Human Rights Watch",
    "amnesty": "Amnesty International",
    "un": "United Nations",
}

_FRONT = 4000
_DASH = r"\s*[:|–—-]\s*"
_PLACE = r"(?P<country>[^\W\d_][^\d|:\n\[\]»]{1,60}?)"
# `year` is the year covered, `published` the year in the title of the next one.
_TITLES = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"(?P<year>(?:19|20)\d\d) country reports? on human rights practices{_DASH}{_PLACE}\s*$",
        r"country reports? on human rights practices(?: for)? (?P<year>(?:19|20)\d\d)"
        rf"{_DASH}{_PLACE}\s*$",
        rf"(?P<year>(?:19|20)\d\d) human rights reports?{_DASH}{_PLACE}\s*$",
        rf"^{_PLACE},? (?P<year>(?:19|20)\d\d) human rights report\s*$",
        rf"world report (?P<published>(?:19|20)\d\d){_DASH}{_PLACE}(?=\s*\||\s*$)",
    )
)
_YEARS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bevents of ((?:19|20)\d\d)",
        r"((?:19|20)\d\d) country reports? on human rights practices",
        r"country reports? on human rights practices(?: for)? ((?:19|20)\d\d)",
        r"((?:19|20)\d\d) human rights reports?",
    )
)
_SOURCE_SIGNS = (
    ("state", re.compile(
        r"country reports? on human rights practices|(?:19|20)\d\d human rights reports?\b|"
            r"u\.?s\.? department of state\s*$|"
        r"^\W*section\s+\d+\W.{0,40}(?:integrity of the person|civil liberties|political process|"
        r"worker rights|discrimination|corruption|security of the person|right of citizens)",
        re.IGNORECASE | re.MULTILINE)),
    ("hrw", re.compile(r"world report \d{4}.{0,80}human rights watch|^\W*human rights watch\W*$",
                       re.IGNORECASE | re.MULTILINE)),
    ("amnesty", re.compile(r"amnesty international report|^\W*amnesty international\W*$",
                           re.IGNORECASE | re.MULTILINE)),
    ("un", re.compile(r"^\W*(?:united nations|[ACES]/[A-Z0-9./]*\d{2,4}/\d+)\b",
                      re.IGNORECASE | re.MULTILINE)),
)  # fmt: skip
_FILE_SOURCES = {
    "state": "state", "usdos": "state", "dos": "state", "usstate": "state", "hrw": "hrw",
    "amnesty": "amnesty", "ai": "amnesty", "un": "un", "ohchr": "un",
}  # fmt: skip
_FILE_NOISE = frozenset(
    {"report", "reports", "country", "human", "rights", "the", "text", "en", "eng", "final", "copy"}
)
_TRAIL = re.compile(r"[»>]\s*\[?([^\]»>|]+?)\]?(?:\([^)]*\))?\s*$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found out of a report; None where nothing says it. `year` is the year covered."""

    source: str | None = None
    country: str | None = None
    year: int | None = None
    title: str | None = None
    warnings: tuple[str, ...] = ()


def detect(text: str, stem: str, layout_source: str | None) -> Metadata:
    """The metadata of a report from its text, then from `stem`, its file name without suffix.

    `layout_source` is the publisher of the layout that claims the report, the
    last resort. Where text and file name disagree the text wins, with a
    warning that says so.
    """
    content, published = _from_content(text)
    named = _from_name(text, stem)
    warnings = []
    if content.year and named.year and content.year != named.year:
        if named.year == published:
            why = f"{named.year}, in its file name, is when it was published"
        else:
            why = f"its file name says {named.year}"
        warnings.append(f"the year covered is {content.year}, as the report says; {why}")
    if content.source and named.source and content.source != named.source:
        warnings.append(
            f"the report's own words say that its source is {content.source}, "
            f"its file name {named.source}: taken as {content.source}"
        )
    return Metadata(
        source=content.source or named.source or layout_source,
        country=content.country or named.country,
        year=content.year or named.year,
        title=content.title,
        warnings=tuple(warnings),
    )


def make_title(found: Metadata, stem: str) -> str:
    """A title for a report that has none of its own: country, year and publisher, else its name."""
    if not found.country or not found.year:
        return found.country or stem
    publisher = SOURCES.get(found.source or "", found.source)
    return f"{found.country} {found.year}" + (f" ({publisher})" if publisher else "")


def make_report_id(found: Metadata, stem: str) -> str:
    """The id ``country-year-source`` where all three are known, else one from the file name."""
    if found.country and found.year and found.source:
        slug = _slug(f"{found.country}-{found.year}-{found.source}")
        if slug.count("-") >= 2:
            return slug
    return _slug(stem) or "report"


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _from_content(text: str) -> tuple[Metadata, int | None]:
    """What the report says, and the year of publication in its title."""
    lines = [clean(line) for line in text[:_FRONT].splitlines()]
    front = "\n".join(lines)
    found = Metadata(source=_source_of(text, front))
    published: int | None = None
    match = next((match for title in _TITLES if (match := title.search(front))), None)
    if match:
        groups = match.groupdict()
        published = int(groups["published"]) if groups.get("published") else None
        year = int(groups["year"]) if groups.get("year") else None
        country = _named(groups["country"].strip(" .,"))
        found = replace(found, title=match.group().strip(), country=country, year=year)
    stated = next((match for year in _YEARS if (match := year.search(front))), None)
    if found.year is None and stated:
        found = replace(found, year=int(stated[1]))
    if found.year is None and published:
        found = replace(found, year=published - 1)
    if found.country is None:
        found = replace(found, country=_country_in_front(text, lines))
    if found.title is None:
        found = replace(found, title=_title_in_front(lines, found.country))
    return found, published


def _named(country: str) -> str:
    """The name of a country as in running text, where a title gives it in capitals."""
    if country.isupper() and len(country) > 3:
        return _capitalised(country.lower().split())
    return country


def _capitalised(words: list[str]) -> str:
    return " ".join(
        word.lower() if word.lower() in FUNCTION_WORDS and place else word[0].upper() + word[1:]
        for place, word in enumerate(words)
    )


def _source_of(text: str, front: str) -> str | None:
    for source, sign in _SOURCE_SIGNS:
        if sign.search(text if source == "state" else front):
            return source
    return None


def _country_in_front(text: str, lines: list[str]) -> str | None:
    """The last step of a breadcrumb trail, or a name that stands alone on the first line."""
    filled = [line for line in lines if line]
    for line in filled[:20]:
        trail = _TRAIL.search(line) if line.count("»") + line.count(">") >= 2 else None
        if trail and _could_be_country(trail[1], text):
            return trail[1].strip()
    first = filled[0].strip("# *") if filled else ""
    return first if _could_be_country(first, text) else None


def _could_be_country(name: str, text: str) -> bool:
    """Whether a name is short, capitalised, and often spoken of in the report."""
    if not name or len(name.split()) > 6 or any(character.isdigit() for character in name):
        return False
    if not heading_form(name.strip()):
        return False
    return len(re.findall(rf"\b{re.escape(name.strip())}\b", text)) >= 3


def _title_in_front(lines: list[str], country: str | None) -> str | None:
    first = next((line for line in lines if line), "")
    bare = first.strip("#* ")
    if first.startswith("# ") or (heading_form(bare) and bare != country and len(bare) > 8):
        return bare if bare != country and not _is_opening(bare) else None
    return None


def _is_opening(line: str) -> bool:
    return bool(
        re.fullmatch(r"(?:executive )?summary|introduction|contents|section\b.*", line, re.I)
    )


def _from_name(text: str, stem: str) -> Metadata:
    tokens = [token for token in re.split(r"[\W_]+", stem) if token]
    years = [int(token) for token in tokens if re.fullmatch(r"(?:19|20)\d\d", token)]
    sources = [_FILE_SOURCES[t.lower()] for t in tokens if t.lower() in _FILE_SOURCES]
    words = [
        token
        for token in tokens
        if token.isalpha() and token.lower() not in _FILE_NOISE | set(_FILE_SOURCES)
    ]
    year = years[0] if len(set(years)) == 1 else None
    source = sources[0] if sources else None
    country = _capitalised(words)
    spoken_of = re.search(rf"\b{re.escape(country)}\b", text, re.IGNORECASE) if country else None
    known = bool(country) and (spoken_of or (year and source))
    return Metadata(
        source=source, country=country if known and (year or source) else None, year=year
    )
