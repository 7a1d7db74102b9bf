"""What a report says of itself: who published it, on which country and year, its title.

The content speaks first, the file name after it.
"""

import re
import unicodedata
from dataclasses import dataclass

from workbench.reports.countries import CountryMatch, country_of, find_country
from workbench.reports.filenames import NameSigns, read_name
from workbench.reports.languages import detect_language
from workbench.reports.layouts.forms import heading_form
from workbench.reports.mastheads import read_masthead
from workbench.reports.titles import (
    capitalised,
    could_be_place,
    in_small,
    publisher_of,
    read_title,
    read_years,
    spoken_of,
)
from workbench.reports.words import clean

#: The publishers known by a short name; the key is a report's `source`.
SOURCES = {
    "state": "US Department of State",
    "hrw": "Human Rights Watch",
    "amnesty": "Amnesty International",
    "un": "United Nations",
}

_FRONT = 4000
_ALONE = 6
_TRAIL = re.compile(r"[»>]\s*\[?([^\]»>|]+?)\]?(?:\([^)]*\))?\s*$")
_PARTS = re.compile(r"\s*[|:]\s*|\s+[–—-]\s+|,?\s+(?:19|20)\d\d\b[/–-]?\d*\s*")
# Titles that programs put into files by themselves.
_IDLE = re.compile(
    r"microsoft \w+ - .*|untitled.*|document ?\d*|.*\.(?:docx?|pdf|odt|rtf|indd|html?|txt)|\W*",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:executive )?summary|introduction|contents|section\b.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found out of a report; None where nothing says it.

    `year` is the year covered. `country` is as the report writes it,
    `country_code` its ISO 3166 alpha-3 code, `language` an ISO 639-1 code.
    """

    source: str | None = None
    country: str | None = None
    year: int | None = None
    title: str | None = None
    warnings: tuple[str, ...] = ()
    country_code: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _Content:
    """What the report itself says; `published` is the year of publication in its title."""

    source: str | None
    country: str | None
    match: CountryMatch | None
    year: int | None
    published: int | None
    title: str | None


def detect(
    text: str,
    stem: str,
    layout_source: str | None,
    *,
    declared: str | None = None,
    title: str | None = None,
) -> Metadata:
    """The metadata of a report from its text, then from `stem`, its file name without suffix.

    `layout_source` is the publisher of the layout that claims the report, the
    last resort. `declared` is the language and `title` the title that the file
    gives outside its text; both are checked against the text. Where text and
    file name disagree the text wins, with a warning that says so. A name that
    only stands where a country's would is one where `countries` knows it or
    the publisher is known.
    """
    content = _from_content(text, layout_source, title)
    named = read_name(stem)
    source = content.source or named.source or layout_source
    country, match = content.country, content.match
    if country is None:
        country, match = _country_in_name(named, text, source)
    year, published = content.year, content.published
    return Metadata(
        source=source,
        country=country,
        year=year or named.year,
        title=content.title,
        warnings=_warnings(content, named, published, country, match),
        country_code=match.code if match else None,
        language=detect_language(text, declared),
    )


def amend(
    found: Metadata,
    *,
    source: str | None = None,
    country: str | None = None,
    year: int | None = None,
    title: str | None = None,
    language: str | None = None,
) -> Metadata:
    """`found` with what the user gives instead; a doubt about what is given now is dropped.

    `country` may be a name or an ISO 3166 alpha-3 code in capitals.
    """
    warnings = found.warnings
    for given, subject in ((source, "source"), (country, "country"), (year, "year")):
        if given is not None:
            warnings = tuple(doubt for doubt in warnings if not doubt.startswith(f"the {subject}"))
    code = found.country_code
    if country is not None:
        by_code = country_of(country)
        match = by_code or find_country(country)
        country, code = (by_code.name if by_code else country), (match.code if match else None)
    return Metadata(
        source=source or found.source,
        country=country or found.country,
        year=year if year is not None else found.year,
        title=title or found.title,
        warnings=warnings,
        country_code=code,
        language=language or found.language,
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
    plain = unicodedata.normalize("NFKD", words.replace("’", "'")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")


def _from_content(text: str, layout_source: str | None, given: str | None) -> _Content:
    lines = [clean(line) for line in text[:_FRONT].splitlines()]
    given = clean(given) if given and not _IDLE.fullmatch(given.strip()) else ""
    front = "\n".join([given, *lines] if given else lines)
    masthead = read_masthead("\n".join(lines), expected=layout_source == "un")
    if masthead:
        title = masthead.title or given or None
        return _Content("un", masthead.country, masthead.match, masthead.year, None, title)
    publisher = publisher_of(front, text)
    found = read_title(front, text, publisher or layout_source)
    publisher = found.source or publisher
    year, published = found.year, found.published
    if year is None:
        year, stated = read_years(front)
        published = published or stated
    country = found.country or _country_in_front(text, lines, given, publisher or layout_source)
    return _Content(
        source=publisher,
        country=country,
        match=find_country(country) if country else None,
        year=year or (published - 1 if published else None),
        published=published,
        title=found.title or given or _title_in(lines, country),
    )


def _country_in_front(text: str, lines: list[str], given: str, publisher: str | None) -> str | None:
    """The last step of a breadcrumb trail, a name alone on the first line or in a title.

    None of these makes a country of a name that we do not know, unless the
    publisher is known and the report often speaks of it. With a publisher a
    country that we know may also stand alone on one of the next lines.
    """
    filled = [line for line in lines if line]
    trails = [_TRAIL.search(line) for line in filled[:20] if len(re.findall("[»>]", line)) >= 2]
    alone = [line.strip("# *") for line in filled[: _ALONE if publisher else 1]]
    first = alone[0] if alone else ""
    for name in [*(trail[1].strip() for trail in trails if trail), given, first]:
        if find_country(name) or (publisher and spoken_of(in_small(name), text)):
            return in_small(name)
    parts = [part.strip(" ,–—-") for title in (given, first) for part in _PARTS.split(title[:300])]
    return next((in_small(name) for name in [*alone, *parts] if find_country(name)), None)


def _title_in(lines: list[str], country: str | None) -> str | None:
    first = next((line for line in lines if line), "")
    bare = first.strip("#* ")
    if first.startswith("# ") or (heading_form(bare) and len(bare) > 8):
        return bare if in_small(bare) != country and not _OPENING.fullmatch(bare) else None
    return None


def _country_in_name(
    named: NameSigns, text: str, source: str | None
) -> tuple[str | None, CountryMatch | None]:
    """The country of a file name: one that we know, or a name that the report itself writes.

    Where there is no text to check it against, the name is believed.
    """
    match = named.country
    if match and (named.year or source or match.written in text):
        return match.written, match
    country = capitalised(" ".join(named.words).lower())
    written = country in text or not text.strip()
    if named.year and source and could_be_place(country) and written:
        return country, None
    return None, None


def _warnings(
    content: _Content,
    named: NameSigns,
    published: int | None,
    country: str | None,
    match: CountryMatch | None,
) -> tuple[str, ...]:
    warnings = []
    file_year = named.published or named.year
    if content.year and file_year and file_year != content.year and named.year != content.year:
        if file_year == published:
            why = f"{file_year}, in its file name, is when it was published"
        else:
            why = f"its file name says {file_year}"
        warnings.append(f"the year covered is {content.year}, as the report says; {why}")
    if content.source and named.source and content.source != named.source:
        warnings.append(
            f"the source is {content.source}, by the report's own words; its file name says "
            f"{named.source}"
        )
    said = named.country
    if content.country and said and said.code != (content.match.code if content.match else None):
        warnings.append(
            f"the country is {content.country}, as the report says; its file name says "
            f"{said.written}"
        )
    if match and not match.whole:
        warnings.append(
            f"the country code is {match.code} ({match.name}): {country} has none of its own"
        )
    return tuple(warnings)
