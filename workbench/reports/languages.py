"""The language of a text, by py3langid on samples of it; pure, offline, the same each time."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: A text with fewer bytes of letters than this (UTF-8) is too short to tell.
LEAST_LETTERS = 100
#: The samples, spread over the text, and the length of each in characters.
SAMPLES = 7
SAMPLE_LENGTH = 200
#: The winner's mean probability over the samples must reach this.
LEAST_SHARE = 0.4
#: A declared language stands if its probability is at least this share of the winner's.
DECLARED_SHARE = 0.25

_LETTERS = re.compile(r"[^\W\d_]+")
_TAG = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE | re.DOTALL)
# Pages in these are common enough that the content overrules a declaration it cannot check.
_OFFICIAL = frozenset({"ar", "en", "es", "fr", "ru", "zh"})
_SAME = {"nb": "no"}


def detect_language(text: str, declared: str | None = None) -> str | None:
    """The ISO 639-1 code of the language that most of `text` is in; None where it is too short.

    `declared` is the language that the file says it is in (``en-US``). Files
    often say so wrongly: it stands only where the text is too short to tell, or
    bears it out, as between close relatives.
    """
    claimed = language_code(declared) if declared else None
    samples = _samples(text)
    if not samples:
        return claimed
    votes = _votes(samples)
    winner = max(votes, key=lambda language: votes[language])
    if votes[winner] < LEAST_SHARE * len(samples):
        return claimed
    if claimed is None or _SAME.get(claimed, claimed) == winner:
        return claimed or winner
    known = _SAME.get(claimed, claimed) in _identifier().labels
    if not known:
        return winner if winner in _OFFICIAL else claimed
    share = sum(dict(_identifier().rank(sample))[_SAME.get(claimed, claimed)] for sample in samples)
    return claimed if share >= DECLARED_SHARE * votes[winner] else winner


def language_code(declared: str) -> str | None:
    """The ISO 639-1 code in a language tag ("en-US", "eng", "pt_BR"), None where it has none."""
    import pycountry  # its table of 8,000 languages is read when first asked for

    tag = _TAG.fullmatch(declared.strip())
    if not tag:
        return None
    code = tag[1].lower()
    if len(code) == 2:
        found = pycountry.languages.get(alpha_2=code)
    else:
        found = pycountry.languages.get(alpha_3=code) or pycountry.languages.get(bibliographic=code)
    return getattr(found, "alpha_2", None)


def _samples(text: str) -> list[str]:
    """Pieces spread over the text, none where it holds too few letters."""
    if len(text) <= SAMPLES * SAMPLE_LENGTH:
        pieces = [text[at : at + SAMPLE_LENGTH] for at in range(0, len(text), SAMPLE_LENGTH)]
    else:
        step = (len(text) - SAMPLE_LENGTH) // (SAMPLES - 1)
        # From the middle outwards: menus and notes stand at the ends.
        order = sorted(range(SAMPLES), key=lambda place: (abs(place - SAMPLES // 2), place))
        pieces = [text[place * step : place * step + SAMPLE_LENGTH] for place in order]
    words = [" ".join(_LETTERS.findall(piece)) for piece in pieces]
    letters = sum(len(piece.encode("utf-8", "surrogatepass")) for piece in words)
    return [piece for piece in words if piece] if letters >= LEAST_LETTERS else []


def _votes(samples: list[str]) -> dict[str, float]:
    """Summed probabilities by language, of as many samples as it takes to know the winner."""
    votes: dict[str, float] = {}
    for sample in samples:
        language, probability = _identifier().classify(sample)
        votes[language] = votes.get(language, 0.0) + probability
        if votes[language] > len(samples) / 2:
            break
    return votes


@cache
def _identifier() -> "LanguageIdentifier":
    """The model, read when first asked for; it takes about a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if len(label) == 2])
    return identifier
