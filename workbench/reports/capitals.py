"""What makes words a title: the English way of capitals."""

import re

_FUNCTION_WORDS = (
    "a about after against all among an and are as at based be before being between but by "
    "de del der du during el for from if in including into is its it la nor not of off on onto "
    "or other out over per regarding than that the their through to toward towards "
    "under until up upon van via vs when which while who with within without von y"
)
#: Words that titles leave small.
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
_WORD = re.compile(r"[^\W_][\w’'.-]*")
_PARENTHESIS = re.compile(r"\([^()]*\)")


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
