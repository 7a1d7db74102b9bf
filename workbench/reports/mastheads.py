"""What the masthead of a United Nations document says: symbol, date, country, title; pure."""

import re
from dataclasses import dataclass

from workbench.reports.countries import CountryMatch, country_of, find_country
from workbench.reports.titles import YEAR, could_be_place, in_small

_SYMBOL = re.compile(
    r"^[^\w\n]*(?:united nations\W+)?"
    r"((?:[ACES]|CCPR|CAT|CRC|CEDAW|CERD|CESCR|CRPD|CMW|CED|HRI|INT)(?:/[A-Z0-9][A-Z0-9.()_-]*){2,})",
    re.IGNORECASE | re.MULTILINE,
)
_UNITED_NATIONS = re.compile(r"^[^\w\n]*united nations\W*$", re.IGNORECASE | re.MULTILINE)
_DATED = re.compile(
    rf"^[^\w\n]*distr\b[^\d]{{0,60}}?\d{{1,2}}\s+(?:de\s+)?[^\W\d]+\s+(?:de\s+)?({YEAR})\b",
    re.IGNORECASE | re.MULTILINE,
)
_SESSION = re.compile(rf"\bsession\W{{1,3}}[^()]{{0,60}}?\b({YEAR})\)", re.IGNORECASE)
_HEAD = 1500
# A country's name may go on on the next line; a footnote's mark ends it.
_REST = r"(?P<rest>[^\n]{2,90}(?:\n[^\n]{1,60})?)"
_ABOUT = (
    r"^[^\w\n]*(?:concluding observations|list of issues|replies|follow-up|information received)"
)
_TITLES = tuple(
    re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"{_ABOUT}[^*]{{0,160}}?\breports? (?:of|submitted by) {_REST}",
        rf"{_ABOUT}\s*(?::|on|concerning) {_REST}",
        rf"^[^\w\n]*(?:report (?:of [^*]{{0,160}}? )?on (?:the|his|her|its|their) )?(?:official )?"
        rf"(?:visit|mission) to {_REST}",
        rf"^[^\w\n]*(?:report on the )?(?:situation of )?human rights (?:situation )?in {_REST}",
        rf"^[^\w\n]*(?:compilation|summary)[^*]{{0,80}}? on {_REST}",
    )
)
_ENDS = re.compile(r"\s*(?:[*†‡:]|\d|$)")
_LINES = 60


@dataclass(frozen=True, slots=True)
class Masthead:
    """What a document of the United Nations says of itself; `year` is that of its date.

    `country` is as its title writes it, `match` the country of its symbol or of that name.
    """

    country: str | None = None
    match: CountryMatch | None = None
    year: int | None = None
    title: str | None = None


def read_masthead(front: str, *, expected: bool = False) -> Masthead | None:
    """The masthead of a United Nations document, None where `front` has none.

    A symbol at the beginning, or the name with a date of distribution, makes one;
    with `expected` the text is known to be such a document.
    """
    head = front[:_HEAD]
    symbol = _SYMBOL.search(head)
    dated = _DATED.search(front)
    if not (symbol or expected or (dated and _UNITED_NATIONS.search(head))):
        return None
    meant = _country_in_symbol(symbol[1]) if symbol else None
    country, title = _titled(front, meant)
    if country is None:
        country = _line_alone(front, meant)
    match = meant or (find_country(country) if country else None)
    return Masthead(
        country=country or (meant.name if meant else None),
        match=match,
        year=_year_of(front, dated, symbol[1] if symbol else ""),
        title=title,
    )


def _country_in_symbol(symbol: str) -> CountryMatch | None:
    """The country of CCPR/C/KAZ/CO/2: the part of three letters that is a country's code."""
    for part in symbol.upper().split("/")[1:]:
        if found := country_of(part[:3] if re.fullmatch(r"[A-Z]{3}-[A-Z]{3}", part) else part):
            return found
    return None


def _year_of(front: str, dated: re.Match[str] | None, symbol: str) -> int | None:
    stated = dated or _SESSION.search(front)
    if stated:
        return int(stated[1])
    within = re.search(rf"/({YEAR})(?:/|$)", symbol)
    return int(within[1]) if within else None


def _titled(front: str, meant: CountryMatch | None) -> tuple[str | None, str | None]:
    """The country that a title of the known kinds names, and that title."""
    for form in _TITLES:
        for match in form.finditer(front):
            country = _place_in(match["rest"], meant)
            if country:
                before = match.group()[: match.start("rest") - match.start()]
                the = "the " if match["rest"].startswith("the ") else ""
                title = " ".join(f"{before}{the}{country}".split())
                return in_small(country), title.lstrip("*#: ")
    return None, None


def _place_in(rest: str, meant: CountryMatch | None) -> str | None:
    """The country's name that `rest` begins with, over the line's end where it goes on there."""
    first = rest.split("\n")[0]
    readings = [_cut(reading) for reading in (rest, first)]
    readings += [re.split(r"\s*[,(]", reading)[0] for reading in readings]
    known = [name for name in readings if find_country(name)]
    if meant:
        known = [name for name in known if _code(name) == meant.code] or known
    if known:
        return known[0]
    return readings[-1] if could_be_place(readings[-1]) else None


def _cut(reading: str) -> str:
    words = " ".join(reading.split())
    end = _ENDS.search(words)
    return re.sub(r"^the ", "", words[: end.start()] if end else words).strip(" .,;")


def _line_alone(front: str, meant: CountryMatch | None) -> str | None:
    """The one country that a line of its own names, the symbol's where there is one."""
    lines = [line.strip(" *†#\t") for line in front.splitlines()[:_LINES]]
    named = {code: line for line in lines if 3 < len(line) < 80 and (code := _code(line))}
    if meant:
        return in_small(named[meant.code]) if meant.code in named else None
    return in_small(next(iter(named.values()))) if len(named) == 1 else None


def _code(name: str) -> str | None:
    found = find_country(name)
    return found.code if found else None
