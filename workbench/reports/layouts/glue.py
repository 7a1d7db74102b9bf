"""Where a page that was flattened to one line runs its pieces into each other.

Nothing but the missing space shows that one piece ended and another began:
``...was closed.Authorities said`` (a sentence's end, so a new paragraph) or
``Freedom of AssemblyAlthough`` (a small letter before a capital: two labels,
or a heading and its paragraph). Names such as "WhatsApp", initials, addresses
and abbreviations look the same and are told apart here.
"""

import re

_OPENING = "“‘«([\"'¿¡"
_SENTENCE_END = re.compile(r"[.?!…][”’»)\]\"']*(?=[“‘«(\[\"¿¡]?\w)")
_INITIALS = re.compile(r"(?:^|[\s(“‘\"])((?:[^\W\d_]\.)+)$")
_STOPS = ".?!…"
_CLOSING = "”’»)]\"'"
# The ends of addresses that are written with capitals, where English words are not meant.
_ADDRESS_END = re.compile(
    r"(?:Com|Org|Net|Info|Ru|Tv|Kz|Kg|Uz|Ua|COM|ORG|NET|BY|RU|KZ|KG|UZ|UA|TV|AZ|GE|MD)\b"
)
_CAPITALISED = re.compile(r"[A-Z](?:[a-z]{2,}|[a-rt-z](?![A-Za-z]))")
_NEXT_NUMBER = re.compile(r"\d[\d,.]*%?\s[a-z]")
_SHORT_FORMS = (
    "art arts brig capt col dr fig gen gov hon lt maj mr mrs ms no nos para pp prof rep rev sen "
    "sgt st vol vs"
)
_ABBREVIATIONS = frozenset(_SHORT_FORMS.split())
_CAPITAL_INSIDE = re.compile(r"[^\W\d_]*[^\W\d_A-Z][A-Z]\w*")
_NAMES = (
    "AccessNow AfriForum AirBnB BioNTech BitTorrent BuzzFeed ByteDance CitizenLab CloudFlare "
    "DreamWorks DuckDuckGo eBay ExxonMobil FaceTime FedEx GitHub GoFundMe HarperCollins iPad "
    "iPhone JetBlue LinkedIn MasterCard MegaFon MySpace NetBlocks OpenAI OpenNet PayPal "
    "PricewaterhouseCoopers ProPublica SoundCloud SpaceX StarLink TeleSUR TikTok TotalEnergies "
    "TripAdvisor VKontakte WeChat WhatsApp WikiLeaks WordPress YouTube"
)
#: Words that are written with a capital inside, and with what such names begin.
CAMEL_NAMES = frozenset(_NAMES.split())
_BEGINNINGS = "Mc Mac De Di Du La Le Van Von Fitz al el an ul d l e i"
_NAME_BEGINNINGS = frozenset(_BEGINNINGS.split())


def sentence_glue(text: str) -> list[int]:
    """The positions at which a new piece begins right after a sentence's end."""
    found: list[int] = []
    # The straight quotes from the last piece's beginning, or the line's, to `counted`.
    quotes = counted = 0
    for match in _SENTENCE_END.finditer(text):
        position = match.end()
        line = -1 if found else text.rfind("\n", counted, position)
        since = max(counted, line, found[-1] if found else 0)
        if since > counted:
            quotes = 0
        quotes += text.count('"', since, position - 1)
        counted = position - 1
        if match.group().endswith('"') and quotes % 2 == 0:
            # An even number of straight quotes stands before: this one opens.
            position -= 1
        following = text[position : position + 80].lstrip(_OPENING)[:40]
        if following and _new_piece(text[max(0, position - 40) : position], following):
            found.append(position)
    return found


def _new_piece(before: str, following: str) -> bool:
    first = following[0]
    word = _last_word(before)
    if first.isdigit():
        return len(word) >= 4 and word.isalpha() and bool(_NEXT_NUMBER.match(following))
    if not first.isupper() or _ADDRESS_END.match(following) or following[1:2] == ".":
        return False
    if word.lower() in _ABBREVIATIONS:
        return False
    # "J.K.V." is one name; "hepatitis C.The clinic" and "the U.S.They" are two sentences.
    return not _INITIALS.search(before) or following[1:2].islower()


def _last_word(before: str) -> str:
    """The word that a sentence ends with, without its last mark and what closes behind that."""
    bare = before.rstrip(_CLOSING)
    if bare[-1:] not in set(_STOPS):
        return ""
    start = end = len(bare) - 1
    while start > 0 and (bare[start - 1].isalnum() or bare[start - 1] in "_.-"):
        start -= 1
    return bare[start:end]


def label_glue(text: str, names: frozenset[str] = frozenset()) -> list[int]:
    """The positions at which a capital follows a small letter, a digit or a capital's end.

    `names` are words with a capital inside that are no glue in this text.
    """
    found = []
    for position in range(1, len(text)):
        if _label_ends(text, position) and not _inside_name(text, position, names):
            found.append(position)
    return found


def _label_ends(text: str, position: int) -> bool:
    before, here = text[position - 1], text[position]
    if before.isspace() or here.isspace():
        return False
    if here in "“‘«(" and text[position + 1 : position + 2].isupper():
        return before.isalnum()
    if here == "©":
        return True
    if not here.isalpha() or here.islower() or here in _OPENING:
        return False
    if before.islower() or before.isdigit() or before in "”»)%?!]":
        return True
    if before.isalpha() and before.isupper() and text[position - 2 : position - 1].isupper():
        # "...in the DRCThe": the last capital begins a word, but not in "NGOs".
        return bool(_CAPITALISED.match(text, position))
    # Scripts without capitals run into others: "العربيةEnglish".
    return before.isalpha() and not before.isupper() and not before.islower()


def _inside_name(text: str, position: int, names: frozenset[str]) -> bool:
    start = position
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "-"):
        start -= 1
    end = position
    while end < len(text) and text[end].isalnum():
        end += 1
    word = text[start:end]
    for name in CAMEL_NAMES | names:
        at = word.find(name)
        if at >= 0 and at < position - start < at + len(name):
            return True
    return word[: position - start].rsplit("-", 1)[-1] in _NAME_BEGINNINGS


def camel_words(text: str) -> frozenset[str]:
    """The words of a text with a capital after a small letter."""
    return frozenset(match.group() for match in _CAPITAL_INSIDE.finditer(text))
