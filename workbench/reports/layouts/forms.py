"""What a stretch of text is by its form alone: a sentence, a heading, a list item, a menu.

English function words and abbreviations are the only words known here; nothing
depends on what a report is about.
"""

import re

from workbench.reports.capitals import FUNCTION_WORDS, title_case

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
# Both are matched against a text's last word, so that a long one costs its length once.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S")
_DOMAIN_LAST = re.compile(r"\.(?:org|com|net|gov|int)(?:/|$)")
_POSSESSIVE = re.compile(r"\w(?:['’]s|s['’])$")
_BULLET = re.compile(r"(?:[-*+•‣▪◦·●○■□–—]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)])\s+(?=\S)")
_MARK = re.compile(r"(?:section\s+\d{1,2}|\(?(?:[a-z]|\d{1,2}|[ivx]{1,5}))[.:)]\s+", re.IGNORECASE)
_MENU = re.compile(r"\S\s*(?:[|»›·•>]|::)\s")
_STEP = re.compile(r"\d{1,2}\s*/\s*[^\W\d_]")
_CREDIT = re.compile(r"(?:©|\(c\)\s+(?:\d{4}|copyright)\b|copyright\b)", re.IGNORECASE)

#: A text's end is looked for in so many of its last characters.
_LONGEST_END = 500
#: A heading is at most this long; sentences of this many words are no headings' size.
LONGEST_HEADING = 200
MOST_HEADING_WORDS = 26
#: An unpunctuated stretch of so many words is a sentence that lost its full stop.
SENTENCE_WORDS = 14


def finished(text: str) -> bool:
    """Whether `text` ends as a paragraph does: a full stop or its like, or an address."""
    if _ends_in_address(text):
        return True
    end = text[-_LONGEST_END:]
    bare = (text[:-_LONGEST_END] + _FOOTNOTE.sub("", end)).rstrip(_CLOSERS)
    if not bare or bare[-1] not in ".?!…:":
        return False
    last = bare.rsplit(None, 1)[-1].strip(_OPENERS).lower()
    return last.rstrip(".") not in _ABBREVIATIONS


def _ends_in_address(text: str) -> bool:
    """Whether the last word is an address, or a domain's name with what stands behind it."""
    if not text or text[-1].isspace():
        return False
    last = text[-_LONGEST_END:].rsplit(None, 1)[-1]
    domain = _DOMAIN_LAST.search(last)
    return bool(_ADDRESS.search(last)) or (domain is not None and domain.start() > 0)


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
