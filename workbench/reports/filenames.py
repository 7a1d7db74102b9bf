"""What the name of a report's file says: publisher, year, country.

Pure; `stem` is always a file name without its suffix.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from workbench.reports.countries import CountryMatch, country_of, joined, known_names

_SOURCES = {
    "state": "state", "usdos": "state", "dos": "state", "usstate": "state", "hrw": "hrw",
    "wr": "hrw", "amnesty": "amnesty", "ai": "amnesty", "un": "un", "ohchr": "un", "upr": "un",
}  # fmt: skip
# A publisher's own words, which are taken out before a country is looked for.
_PHRASES = (
    (r"(?:us |u s |usa |united states )(?:department of state|state department|dept of state|dos|"
     r"state)", "state"),
    (r"department of state|state department", "state"),
    (r"(?<=\d )human rights reports?|country reports? on human rights practices", "state"),
    (r"human rights watch|world report", "hrw"),
    (r"amnesty international", "amnesty"),
    (r"united nations", "un"),
    (r"(?:ccpr|cat|crc|cedaw|cerd|cescr|crpd|cmw|ced) c|a hrc(?: wg)?|e c ?n?", "un"),
)  # fmt: skip
_NOISE_WORDS = (
    "report reports country human rights the text en eng english final copy practices on for "
    "of in annual page pdf html htm doc docx odt txt web version draft entry chapter events "
    "world international hrc wg ccpr cat crc cedaw cerd cescr crpd cmw ced add rev corr co "
    "concluding observations national compilation summary review"
)
_NOISE = frozenset(_NOISE_WORDS.split())
#: Small English words that are also ISO codes.
_WORDS = frozenset({"and", "are", "can", "com", "mar", "per"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_PIECE = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_NAME = 9


@dataclass(frozen=True, slots=True)
class NameSigns:
    """What a file name says; `published` is a year that it names as that of publication.

    `words` are what is left where no known country is named: perhaps an invented one.
    """

    source: str | None
    year: int | None
    published: int | None
    country: CountryMatch | None
    words: tuple[str, ...]


def read_name(stem: str) -> NameSigns:
    """The publisher, the year covered and the country that a file name gives."""
    pieces = _pieces(stem)
    lowered = " ".join(pieces).lower()
    sources = [_SOURCES[word] for word in lowered.split() if word in _SOURCES]
    sources += [source for phrase, source in _PHRASES if re.search(rf"\b(?:{phrase})\b", lowered)]
    source = sources[0] if sources else None
    years = list(dict.fromkeys(int(word) for word in lowered.split() if _YEAR.fullmatch(word)))
    year = years[0] if len(years) == 1 else None
    if source == "amnesty" and len(years) == 2 and years[1] == years[0] + 1:
        year = years[0]  # "2017-2018" is the report on 2017
    published = year if year and re.search(rf"\b(?:wr|world report) {year}\b", lowered) else None
    return NameSigns(
        source=source,
        year=published - 1 if published else year,
        published=published,
        country=code_in_name(stem),
        words=tuple(
            piece
            for piece in pieces
            if piece.isalpha() and piece.lower() not in _NOISE and piece.lower() not in _SOURCES
        ),
    )


def code_in_name(stem: str) -> CountryMatch | None:
    """The one country that a file name names, in words or by its ISO alpha-3 code.

    A code counts where nothing else in the name could be a word: "KAZ_2019", or a
    symbol of the United Nations. None where no country or several are named.
    """
    pieces = _pieces(stem)
    for phrase, _ in _PHRASES:
        pieces = _without(pieces, phrase)
    found = _by_words(joined([piece.lower() for piece in pieces])) or _by_code(pieces)
    return found[0] if len({match.code for match in found}) == 1 else None


def _pieces(stem: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "-", stem))
    return _PIECE.findall("".join(mark for mark in plain if not unicodedata.combining(mark)))


def _without(pieces: list[str], phrase: str) -> list[str]:
    """The pieces that are no part of a publisher's phrase, or follow "includes" up to a number."""
    words = re.sub(rf"(?i)\b(?:{phrase})\b", " ", " ".join(pieces))
    return re.sub(r"(?i)\binclud(?:es|ing)\b\D*", " ", words).split()


def _by_words(words: list[str]) -> list[CountryMatch]:
    """The countries named in words, longest names first to take theirs."""
    found: list[CountryMatch] = []
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST_NAME, len(words) - place), 0, -1):
            name = " ".join(words[place : place + length])
            match = known_names().get(name) if len(name) > 3 else None
            if match:
                found.append(match)
                place += length
                break
        else:
            place += 1
    return found


def _by_code(pieces: list[str]) -> list[CountryMatch]:
    """The countries named by code or initials, where no other piece could be a word."""
    found: list[CountryMatch] = []
    dated = False
    for piece in pieces:
        small = piece.lower()
        match = None if small in _NOISE or small in _SOURCES else _short(piece)
        if match:
            found.append(replace(match, written=match.name))
        elif len(piece) > 2 and piece.isalpha() and small not in _NOISE | set(_SOURCES):
            return []
        dated = dated or bool(_YEAR.fullmatch(piece)) or small in _SOURCES
    if not dated and any(piece.islower() for piece in pieces):
        return []  # "ben.txt" is anything
    return found


def _short(piece: str) -> CountryMatch | None:
    if len(piece) > 3 or (not piece.isupper() and piece.lower() in _WORDS):
        return None
    return country_of(piece.upper()) or known_names().get(piece.lower())
