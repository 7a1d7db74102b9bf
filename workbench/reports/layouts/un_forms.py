"""What stretches of a United Nations document are by their words: headings, annexes, contents."""

import re

from workbench.reports.layouts.forms import MOST_HEADING_WORDS, begins_lower, dangling
from workbench.reports.layouts.un_lines import ended

ANNEX = re.compile(r"(?:annex(?:es)?|appendix)\b(?:\s+[IVX\d]{1,4})?[.:]?(?:\s+.{0,100})?", re.I)
OPENING = re.compile(r"introduction|overview|background", re.IGNORECASE)
SUMMARY = re.compile(r"(?:executive )?summary:?", re.IGNORECASE)
NOTES = re.compile(r"(?:end|foot)?\s?notes?:?", re.IGNORECASE)
CONTENTS = re.compile(r"(?:\.\s?){4,}|\s\d{1,3}(?:\s?[-–—]\s?\d{1,3})?(?:\s+\d{1,3})?$")
IN_BRACKETS = re.compile(r"\[[^\[\]]*\]\.?")
STATE_NAMED = re.compile(r"\([A-Z][^()]*(?:\([^()]*\)[^()]*)*\)\s*[;.,]?$")
REFERS = re.compile(r"\b(?:articles?|arts?\.|paragraphs?|paras?\.|sections?|rules?|items?|No\.)$")
ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
MARKS = "#*_ \t"


def heads(words: str) -> bool:
    """Whether words could be a heading: few, from a capital on, without a sentence's end."""
    if not len(words) > 1 or len(words.split()) > MOST_HEADING_WORDS:
        return False
    if begins_lower(words) or dangling(words):
        return False
    return not ended(words) and words[-1] != ";"
