"""What a stretch of text is by its form alone: a sentence, a heading, a list item, a menu.

English function words and abbreviations are the only words known here; nothing
depends on what a report is about.
"""

import re

_FUNCTION_WORDS = (
    "a about after against all among an and are as at based be before being between but by "
    "de del der du during el for from if in including into is its it la nor not of off on onto "
    "or other out over per regarding than that the their through to toward towards "
    "under until up upon van via vs when which while who with within without von y"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
_DANGLING = FUNCTION_WORDS - {"all", "off", "on", "out", "over", "up", "through", "other"} | {
    "because", "can", "could", "did", "do", "does", "each", "every", "had", "has", "have", "he",
    "her", "his", "how", "however", "may", "might", "more", "must", "our", "she", "should",
    "since", "so", "some", "such", "these", "they", "this", "those", "was", "were", "what",
    "where", "whether", "whose", "will", "would",
}  # fmt: skip
_SHORT_FORMS = (
    "adm art arts brig capt cf cmdr col cpl dr ed eds e.g fr gen gov hon i.e lt maj messrs mr "
    "mrs ms no nos para paras pp prof pvt rep rev sen sgt st vol vs"
)
_ABBREVIATIONS = frozenset(_SHORT_FORMS.split())
# What may follow a sentence's last mark: closing quotes and brackets, footnote numbers.
_CLOSERS = "\"'”’»›)]}*_ "
_OPENERS = "\"'“‘«‹([{*_—–-… "
_FOOTNOTE = re.compile(r"(?:\s?\[\d{1,3}\])+$")
_URL_LAST = re.compile(r"(?:https?://|www\.)\S+$|\b\S+\.(?:org|com|net|gov|int)(?:/\S*)?$")
_WORD = re.compile(r"[^\W_][\w’'.-]*")
_POSSESSIVE = re.compile(r"\w(?:['’]s|s['’])$")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_BULLET = re.compile(r"(?:[-*+•‣▪◦·●○■□–—]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)])\s+(?=\S)")
_MARK = re.compile(r"(?:section\s+\d{1,2}|\(?(?:[a-z]|\d{1,2}|[ivx]{1,5}))[.:)]\s+", re.IGNORECASE)
_RUN_IN = re.compile(r"([A-Z][^:.;?!]{1,100}):\s+\S")
_MENU = re.compile(r"\S\s*(?:[|»›·•>]|::)\s")
_STEP = re.compile(r"\d{1,2}\s*/\s*[^\W\d_]")
_CREDIT = re.compile(r"(?:©|\(c\)\s|copyright\b)", re.IGNORECASE)

#: A heading is at most this long; sentences of this many words are no headings' size.
LONGEST_HEADING = 200
MOST_HEADING_WORDS = 26
#: An unpunctuated stretch of so many words is a sentence that lost its full stop.
SENTENCE_WORDS = 14


def finished(text: str) -> bool:
    """Whether `text` ends as a paragraph does: a full stop or its like, or an address."""
    if _URL_LAST.search(text):
        return True
    bare = _FOOTNOTE.sub("", text).rstrip(_CLOSERS)
    if not bare or bare[-1] not in ".?!…:":
        return False
    last = bare.rsplit(None, 1)[-1].strip(_OPENERS).lower()
    return last.rstrip(".") not in _ABBREVIATIONS


def dangling(text: str) -> bool:
    """Whether `text` stops at what ends no sentence: an article, "of", a comma, a possessive."""
    last = text.rsplit(None, 1)[-1] if text.strip() else ""
    return (
        (last.lower() in _DANGLING and not (last.isupper() and len(last) > 1))
        or text.rstrip().endswith((",", "(", "“", "‘"))
        or bool(_POSSESSIVE.search(last))
    )


def begins_lower(text: str) -> bool:
    """Whether `text` begins in the middle of a sentence."""
    first = text.lstrip(_OPENERS)[:1]
    return first.islower() or text[:1] in {",", ";", ")", ".", "%"}


def title_case(text: str, share: float = 1.0) -> bool:
    """Whether the words that count are capitalised, as in titles; CAPITALS are.

    `share` is the least share of them that must be. Of a compound with hyphens
    the first part counts.
    """
    bare = _PARENTHESIS.sub(" ", text)
    words = [word for word in _WORD.findall(bare) if word.lower() not in FUNCTION_WORDS]
    if not words or not any(word[0].isalpha() for word in words):
        return False
    high = sum(not word[0].islower() for word in words)
    return not words[0][0].islower() and high >= share * len(words)


def heading_form(text: str) -> bool:
    """Whether `text` could be a heading: short, in title case, without a sentence's end."""
    if len(text) > LONGEST_HEADING or len(text.split()) > MOST_HEADING_WORDS:
        return False
    if not text[:1].isupper() or text[-1] in ".,;:?!…" or menu(text) or dangling(text):
        return False
    return title_case(text)


def marked_heading(text: str) -> bool:
    """Whether `text` is a heading with a number or letter before it: "b. Disappearance"."""
    match = _MARK.match(text)
    return bool(match) and heading_form(text[match.end() :].rstrip(":"))


def run_in_heading(text: str) -> bool:
    """Whether a paragraph begins with its own heading: "Physical Conditions: ..."."""
    match = _RUN_IN.match(text)
    return bool(match and len(match[1].split()) <= 14 and title_case(match[1]))


def bullet(text: str) -> bool:
    """Whether `text` is an item of a list, by the mark that it begins with."""
    return bool(_BULLET.match(text))


def menu(text: str) -> bool:
    """Whether `text` is a row of labels, a step of a form ("02 / Choose"), a credit, or no word."""
    if not any(character.isalnum() for character in text):
        return True
    if _CREDIT.match(text) or _STEP.match(text):
        return True
    return len(_MENU.findall(text)) >= 2 and not finished(text)


def sentence(text: str) -> bool:
    """Whether `text` reads as a sentence: it ends as one, or goes on as long as one."""
    return len(text.split()) >= SENTENCE_WORDS or (finished(text) and len(text.split()) > 1)
