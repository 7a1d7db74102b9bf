"""What a document's own properties say of it, where that is worth believing. Pure."""

import re

from workbench.reports.words import normalise

_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)
#: What programs and scanners write where nobody gave a title.
_NO_TITLE = re.compile(
    r"(?:untitled|unbenannt|sans nom|document|dokument|documento|doc|word|microsoft word"
    r"|presentation|report|title|titre|slide|template|draft|normal|blank|scan)?[\s\d._()-]*"
    r"|microsoft (?:office )?word\b.*|.*\.(?:docx?|odt|rtf|dotx?|ott|pdf|html?|txt|wpd)"
    r"|.*[\\/][^ ]*[\\/].*|powerpoint presentation",
    re.IGNORECASE,
)
_LONGEST_TITLE = 250
#: The title of a report stands within so many characters of its beginning.
_FRONT = 4000


def language_code(said: str | None) -> str | None:
    """The ISO 639-1 code of a language tag ("en-GB"), None for none or one without such a code."""
    match = _LANGUAGE.fullmatch((said or "").strip())
    return match[1].lower() if match else None


def title_of(said: str | None, shown: str | None, text: str) -> str | None:
    """The title of a document: what its properties say, or the line in the style of titles.

    The properties are often those of the file that it was copied from. So what
    they say is believed where the text has it too, or has no title of its own,
    and never where it is what programs write by themselves.
    """
    said = " ".join((said or "").split())
    if not 2 < len(said) <= _LONGEST_TITLE or _NO_TITLE.fullmatch(said):
        return shown
    if shown is None or normalise(said) in normalise(text[:_FRONT]):
        return said
    return shown
