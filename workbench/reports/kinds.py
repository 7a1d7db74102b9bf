"""What a paragraph is for: a finding to code, a pointer elsewhere, or a word on the report itself.

Pure, and by form alone. Every sentence of a paragraph must be of a kind for the
paragraph to be: a false mark hides a finding from coders, a missed one only
costs them a glance.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from workbench.records import KINDS
from workbench.reports.runins import run_in_of

_TEXT, _CROSS_REFERENCE, _BOILERPLATE = KINDS

# What stands between a run-in heading and its paragraph.
_AFTER_HEADING = " :.–—―-"
# An abbreviation such as "U.S." ends no sentence.
_SENTENCE_END = re.compile(r"(?<=[.?!])(?<!\.[A-Z]\.)[)”\"’\]]?\s+(?=[A-Z“\"(\[])")


def _any_of(*patterns: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), flags)


_ADDRESS = r"(?:https?:|\bwww\.)"
_MORE = r"(?:more|further|additional|other|detailed|specific|full)"
_POINTER = _any_of(
    r"(?:(?:also|in\saddition),?\s+|please\s+)*"
    rf"(?:for\s[^.]{{3,160}}?,\s+|for\s{_MORE}\s[^.,]{{3,100}}?\s+)?"
    r"(?:also,?\s+|please\s+)*(?:see|refer\sto|consult)\b",
    rf"{_MORE}\s(?:information|details?|data|discussion)\b[^.]{{0,160}}?\b"
    r"(?:(?:can|may)\s(?:also\s)?be\s(?:found|read)|(?:is|are)\s(?:also\s)?(?:available|provided"
    r"|included|given))\s(?:in|at|on|under)\b",
    r"(?:information|details|data)\s(?:about|on|regarding|concerning)\s[^.]{3,160}?"
    r"\b(?:can|may)\s(?:also\s)?be\sfound\s(?:in|at|on|under)\b",
    r"(?:the|our)\s[^.]{3,160}?\b(?:reports?|findings|list)\b[^.]{0,80}?\b(?:(?:can|may)\s(?:also\s)?"
    rf"be\sfound|(?:is|are)\s(?:also\s)?available)\s(?:at|on|online\sat)\s+{_ADDRESS}",
)
_ELSEWHERE = _any_of(
    _ADDRESS, r"\b(?:reports?|findings|list|annex|appendix|sections?|subsections?)\b"
)

_PAPER = r"(?:reports?|documents?|publications?|entr(?:y|ies)|chapters?|summar(?:y|ies)|briefings?)"
_THIS = r"(?:this|the\spresent)\s(?:[\w’'-]+\s){0,4}?" + _PAPER
_DATE = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?\s)?(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
    r"\.?\s(?:\d{1,2}(?:st|nd|rd|th)?,?\s)?\d{4}|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}"
)
_REACH = r"(?:[\w.+-]+@[\w-]+\.\w|\+?\(?\d[\d\s().-]{6,}\d)"
#: What says something of the report: in the present, since reports tell of others in the past.
_SELF = _any_of(
    # "This report does not compare countries", "This report covers ..."
    rf"{_THIS}\s(?:also\s)?(?:does\snot\s(?:\w+\s){{0,3}}?(?:assess|compare|rank|attempt|seek|purport"
    r"|aim|intend|constitute|represent|reach|draw|address|cover|include|reflect|state|imply)\b"
    r"|covers\s|reflects\s|is\s(?:not\s)?(?:based|intended|submitted|drawn|available|part\sof)\s"
    r"|(?:is|was|has\sbeen)\s(?:last\s|most\srecently\s)?"
    r"(?:updated|revised|corrected|amended|translated|reposted)\b)",
    r"these\sreports\sdo\snot\s(?:\w+\s){0,3}?(?:assess|compare|rank|attempt|purport|state|reach)\b",
    # "The Department submits this report to ..."
    r"(?:the|our)\s[^.]{3,100}?\s(?:submits|prepares|transmits|presents|issues|publishes|releases)\s"
    r"(?:this|these|the\spresent)\s(?:[\w-]+\s){0,3}?reports?\b",
    rf"(?:in\s(?:compliance|accordance)\swith|pursuant\sto)\s[^.]*?,\s{_THIS}\s(?:is|has)\b",
    # "The entry for ... is based on ..."
    r"the\s(?:entry|chapter|section|report|summary)\s(?:for|on|about)\s[^.]{2,80}?\s"
    r"is\s(?:\w+\s)?(?:based|drawn)\son\b",
    # "Note: ... this report ..."
    rf"\W?(?:(?:editor|author)(?:[’']?s)?\s)?note(?:\sto\s(?:the\s)?readers?)?\s?[:.–—-]\s.*\b{_THIS}\b",
    r"(?:(?:un)?official|english|courtesy|working|provisional)\stranslation\s(?:from|by)\s[^.]{2,80}",
    r"\W?translated\s(?:from|by|into)\s(?:the\s)?(?-i:[A-Z])[^.,]{1,60}\W?$",
    r"\W*end\sof\s(?:the\s)?(?:report|document|text|translation|summary|chapter|entry)\W*$",
)
_LICENCE = _any_of(
    r"^\W*(?:©|\(c\)\s|copyright\s?(?:©|\(c\)|\d{4}\b))",
    r"\ball\srights\sreserved\W*$",
    r"\b(?:licen[cs]ed|published|available)\sunder\s.{0,60}\blicen[cs]e\b",
    r"\bcreative\scommons\b.{0,80}\blicen[cs]e\b",
)
_LICENCE_WORDS = ("©", "(c)", "opyright", "ights reserved", "icense", "icence")
#: Labels and lines of service: the whole line, and short.
_LABEL = _any_of(
    r"(?:share|print|tweet|save|listen|subscribe|donate|e-?mail|download)"
    r"(?:\s(?:this|on|via|with)(?:\s[\w-]+){0,4})?",
    r"(?:download|print|read|view|open|get)\s(?:[\w’'-]+\s){0,4}?(?:report|document|pdf|page|version"
    r"|summary|chapter|text)(?:\s(?:here|now|as|in|online)(?:\s\w+){0,3})?(?:\s\(.{1,30}\))?",
    r"(?:back\sto|top\sof)\s(?:the\s)?(?:top|page|contents)|(?:read|see|view|show)\s(?:more|all)",
    r"(?:table\sof\scontents|on\sthis\spage|in\sthis\ssection|read\sa\ssection.{0,60})",
    rf"(?:(?:first\s)?(?:released|published|posted|issued|updated|last\s(?:updated|modified)|date)"
    rf"\s?(?:on|:)?\s)?(?:{_DATE})",
)
_CONTACT = _any_of(
    rf"(?:(?:media|press|general|for)\s[^:]{{0,80}})?(?:contacts?|tel(?:ephone)?|phone|mobile|fax"
    rf"|e-?mail|enquiries|inquiries|hotline)\b[^:]{{0,60}}:\s.{{0,100}}?{_REACH}",
    rf"(?:tel|phone|mobile|fax|e-?mail)\.?\s{_REACH}",
    rf"for\s(?:{_MORE}\sinformation|(?:media|press)\s\w+)[^.]{{0,80}}?"
    rf"\b(?:contact|call|e-?mail|write\sto)\b.{{0,160}}?{_REACH}",
    r"(?:please\s(?:contact|call|e-?mail|write\sto)\s|(?:contact|call|e-?mail)\sus\b).{0,120}?"
    + _REACH,
    r"[\w.+-]+@[\w-]+(?:\.\w+)+|\+\d[\d\s().-]{6,}\d",
)
_CONTACT_WORDS = 40
# Who made the report, alone on a line; the rest of it in a title's form.
_BYLINE = _any_of(
    r"(?:(?i:released|published|prepared|issued|produced|compiled|drafted|edited|written)\sby\s"
    r"(?:the\s)?)?(?:(?:U\.?S\.?|United\sStates)\s)?(?i:bureau|department|office|directorate|ministry)"
    r"\s(?i:of|for)\s(?:(?:(?:[A-Z][\w’'-]*|and|of|for|the|on|&),?\s?){1,12})",
    flags=re.RegexFlag(0),
)
#: Headings under which everything is about the report.
_ABOUT = _any_of(
    r"about\sth(?:is|e)\s(?:report|document|publication|chapter|entry)s?|acknowledge?ments?"
    r"|copyright(?:\sand\s.*)?|imprint|credits|errat(?:a|um)|corrections|notes?\sto\s(?:the\s)?readers?"
    r"|contact(?:s|\sus|\sinformation|\sdetails)?|(?:media|press)\scontacts?"
    r"|how\sto\s(?:use|read|cite)\sthis\s\w+"
)


def kind_of(text: str, section: tuple[str, ...] = ()) -> str:
    """One of `records.KINDS`, by what every sentence of a paragraph is.

    ``cross-reference``: each only points to another text or place, behind a run-in
    heading too. ``boilerplate``:
    each says something of the report, not of its country (how it was made,
    translated, corrected, licensed, whom to ask), or points elsewhere; so does
    all that stands under a heading such as "About this report" in `section`.
    ``text``: everything else.
    """
    if _stands_apart(section):
        return _BOILERPLATE
    heading = run_in_of(text)
    if heading is not None:
        rest = text[len(heading) :].lstrip(_AFTER_HEADING)
        if all(_points(sentence) for sentence in _sentences(rest)):
            return _CROSS_REFERENCE
    kind = _CROSS_REFERENCE
    for sentence in _sentences(text):
        if _points(sentence):
            continue
        if not _about_the_report(sentence):
            return _TEXT
        kind = _BOILERPLATE
    return kind


def _points(sentence: str) -> bool:
    """Whether a sentence only points to another text or place."""
    return bool(_POINTER.match(sentence.lstrip("([")) and _ELSEWHERE.search(sentence))


@lru_cache(maxsize=1024)
def _stands_apart(section: tuple[str, ...]) -> bool:
    return any(_ABOUT.fullmatch(step.strip(" .:")) for step in section)


def _sentences(text: str) -> Iterator[str]:
    """One by one: mostly the first decides."""
    start = 0
    for end in _SENTENCE_END.finditer(text):
        yield text[start : end.start()]
        start = end.end()
    yield text[start:]


def _about_the_report(sentence: str) -> bool:
    bare = sentence.strip(" .*_-–—")
    return bool(
        _SELF.match(sentence)
        or (any(word in sentence for word in _LICENCE_WORDS) and _LICENCE.search(sentence))
        or _LABEL.fullmatch(bare)
        or _BYLINE.fullmatch(bare)
        or (len(sentence.split()) <= _CONTACT_WORDS and _CONTACT.match(bare))
    )
