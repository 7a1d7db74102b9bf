"""Which country a name stands for: as report pages write it, and in file names.

Codes and official names are ISO 3166's, from pycountry; `country_names` adds what
reports write beside them. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pycountry

from workbench.reports.country_names import ALIASES, PARTS, SHOWN, STATES


@dataclass(frozen=True, slots=True)
class CountryMatch:
    """The country that a name stands for.

    `code` is its ISO 3166-1 alpha-3 code; XKX for Kosovo, and the withdrawn code
    of ISO 3166-3 for a state that is no more. `name` is its common name, else
    ISO's. `written` is the usual spelling of the name found ("Burma"). `whole` is
    False where the name is of a part of the country, or of several of which it is
    the first.
    """

    code: str
    name: str
    written: str
    whole: bool = True


_LONGEST = 120
_SILENT = re.compile("['’‘ʼʹ`´.]")
_TOKEN = re.compile(r"[^\W_]+")
_DROPPED = frozenset({"the", "and"})
_SHORTENED = {"st": "saint", "rep": "republic", "dem": "democratic"}
_STYLE = re.compile(
    r"(?:[a-z]+ ){0,6}(?:republic|kingdom|state|sultanate|emirate|principality|federation|"
    r"commonwealth|union) of (.+)"
)
_BRACKETED = re.compile(r"([^()]+)\(([^()]*)\)(.*)", re.DOTALL)
_INCLUDING = re.compile(r",?\s+(?:including|includes)\b.*", re.IGNORECASE | re.DOTALL)
_EDGES = " \t\n:,;*–—-"
# What stands alone for one country, but with anything in brackets after it perhaps for another.
_AMBIGUOUS = frozenset({"congo", "korea"})


def find_country(name: str) -> CountryMatch | None:
    """The country that `name` stands for, None where it is none that we know.

    The whole of `name` must be a country's name; case, accents, apostrophes, a
    leading "the", "(includes ...)" at the end and the order of "X, Republic of" do
    not matter.
    """
    if len(name) > _LONGEST:
        return None
    return next((found for form in _forms(name) if (found := _named(form))), None)


def country_of(code: str) -> CountryMatch | None:
    """The country of an ISO 3166 alpha-3 code in capitals, None where there is none."""
    return _codes().get(code)


def key_of(name: str) -> str:
    """The words by which two spellings of a name count as one: small, plain, no articles."""
    small = unicodedata.normalize("NFKD", name).casefold()
    plain = unicodedata.normalize("NFKD", _SILENT.sub("", small))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(joined(_TOKEN.findall(plain)))


def joined(tokens: list[str]) -> list[str]:
    """Tokens of a name without articles, "d" and "s" put where an apostrophe cut them off."""
    words: list[str] = []
    prefix = ""
    for token in tokens:
        if token in _DROPPED:
            continue
        if token == "s" and words and not prefix:
            words[-1] += token
        elif token == "d" and not prefix:
            prefix = token
        else:
            words.append(prefix + _SHORTENED.get(token, token))
            prefix = ""
    return [*words, prefix] if prefix else words


@cache
def known_names() -> dict[str, CountryMatch]:
    """Every name in the tables by its `key_of`; whole countries go before parts."""
    names: dict[str, CountryMatch] = {}
    for match in _codes().values():
        names[key_of(match.name)] = match
    for country in pycountry.countries:
        match = _codes()[country.alpha_3]
        for field in ("name", "common_name", "official_name"):
            name = getattr(country, field, match.name)
            # A name turned about for sorting is nobody's usual spelling.
            usual = match if "," in name else replace(match, written=name)
            names.setdefault(key_of(name), usual)
            style, of, rest = name.rpartition(" of ")
            names.setdefault(key_of(f"{rest} {style}{of}"), usual)
    for spellings, whole in ((ALIASES, True), (PARTS, False)):
        for code, written in spellings.items():
            for name in written:
                match = replace(_codes()[code], written=name, whole=whole)
                names.setdefault(key_of(name), match)
    return names


@cache
def _codes() -> dict[str, CountryMatch]:
    shown = {c.alpha_3: getattr(c, "common_name", c.name) for c in pycountry.countries}
    shown |= STATES | SHOWN
    return {code: CountryMatch(code, name, name) for code, name in shown.items()}


def _named(form: str) -> CountryMatch | None:
    key = key_of(form)
    found = known_names().get(key)
    if found is None and (style := _STYLE.fullmatch(key)):
        found = known_names().get(style[1])
    return found


def _forms(name: str) -> Iterator[str]:
    """The ways to read `name`, the most literal first."""
    yield name
    if bracketed := _BRACKETED.fullmatch(name):
        base, inside, rest = (part.strip(_EDGES) for part in bracketed.groups())
        if rest:  # "China (includes Hong Kong, Macau, and Tibet) - Tibet"
            yield rest
            return
        yield f"{inside} {base}"
        if key_of(base) not in _AMBIGUOUS:
            yield base
    if "," in name:
        head, _, style = name.partition(",")
        yield f"{style} {head}"
    yield _INCLUDING.sub("", name)
    parts = re.split(r"\s+[–—-]\s+|\s*—\s*", name)
    if len(parts) == 2 and _named(parts[0]):  # "Israel, West Bank and Gaza - Israel"
        yield parts[1]
    halves = [_named(half) for half in name.split("/")]
    if len(halves) == 2 and halves[0] and halves[1] and halves[0].code == halves[1].code:
        yield name.split("/")[0]
