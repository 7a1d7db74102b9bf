"""Bytes to text, so that character offsets can be found again in the file."""

import codecs
import re

from workbench.errors import ReportError
from workbench.reports.formats import looks_binary

# UTF-32 first: its little-endian mark begins with that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
#: Codecs that are taken for the form of the bytes alone, and their usual names.
GUESSED = {"cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
#: UTF-16 is told by its spaces, in so many first bytes, of which so many characters are one.
_SAMPLE = 65_536
SPACE_SHARE = 0.05
#: Of the letters of a text in Windows-1252 no more are beyond ASCII, and of the
#: characters beyond ASCII no more stand where such a character cannot.
ACCENTED_SHARE = 0.3
MISPLACED_SHARE = 0.05

_ACCENTED = re.compile("[À-ÖØ-öø-ÿŠšŽžŒœŸƒ]")
_LETTER = re.compile(r"[^\W\d_]")
_HIGH = re.compile(r"[^\x00-\x7f]")
# A capital after a small letter, a sign between letters and the letters that only Icelandic
# has (in their places Turkish has its own) are a wrong codec's.
_MISPLACED = re.compile(
    "(?<=[a-zß-öø-ÿ])[À-ÖØ-ÞŠŽŒŸ]|(?<=[A-Za-z])[¡-©«-´¶¸-¿×÷€ƒ‡‰](?=[A-Za-z])|[ÐðÞþÝý]"
)
# UTF-8 bytes read as Windows-1252 ("’" becomes "â€™") or as Latin-1.
_TRAIL = bytes(range(0x80, 0xC0)).decode("cp1252", "ignore") + "\u0080-\u009f"
_GARBLED = re.compile(
    f"[\u00c2-\u00df][{_TRAIL}]|[\u00e0-\u00ef][{_TRAIL}]{{2}}|[\u00f0-\u00f4][{_TRAIL}]{{3}}"
)
# Found much faster, and nearly always nothing.
_MAYBE_GARBLED = re.compile(f"[\u00c2-\u00f4][{_TRAIL}]")
_LOST = "\ufffd"
#: From this share on, and this number, misread characters make a text unfit to be coded.
GARBLED_SHARE, FEWEST_GARBLED = 0.001, 5


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text of a file and the codec that gave it.

    UTF-8, or UTF-8, UTF-16 and UTF-32 with a byte order mark, which is not
    part of the text. Bytes that are none of these are read as UTF-16 without a
    mark or as Windows-1252 where that gives writing; `doubts` then says so. Line
    ends stay as they are: ``data.decode(codec)`` is the text that character
    offsets count in. `name` is for messages only.

    Raises ReportError for an empty file, a binary one, and bytes that are in no
    such encoding; the last names the first byte that fails.
    """
    codec = next((codec for mark, codec in BYTE_ORDER_MARKS if data.startswith(mark)), None)
    codec = codec or _unmarked_utf16(data) or "utf-8"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        text = _western(data) if codec == "utf-8" else None
        if text is None:
            raise _wrong_encoding(data, name, codec, error) from error
        codec = "cp1252"
    if not text.strip("\ufeff \t\r\n\f\v\x00"):
        if "\x00" in text:
            raise _binary(name)
        raise ReportError(f"{name} is empty", "give a report with text in it")
    if looks_binary(text):
        raise _binary(name)
    return text, codec


def doubts(text: str, codec: str, declared: str | None = None) -> tuple[str, ...]:
    """What is doubtful about text that `decode` gave, in plain English.

    `declared` is the codec that the file itself names, which makes it no guess.
    """
    found = []
    if codec in GUESSED and codec != declared:
        found.append(
            f"the file is not UTF-8 and does not say what it is: it was read as {GUESSED[codec]}"
        )
    return (*found, *garbled(text))


def garbled(text: str) -> tuple[str, ...]:
    """A warning where characters were lost or misread before the text came here."""
    found = []
    wrong = _misread(text)
    if wrong:
        example = wrong[0]
        found.append(
            f"{len(wrong)} characters were misread when the file was made, such as "
            f'"{example}" for "{_reread(example)}": get the report again, or mend it with ftfy'
        )
    if lost := text.count(_LOST):
        found.append(f"{lost} characters were lost when the file was made (\ufffd in the text)")
    return tuple(found)


def refuse_garbled(text: str, name: str) -> None:
    """Raise ReportError for text in which `GARBLED_SHARE` of the characters were misread.

    Fewer are a warning of `garbled`: a report is not given up for a name.
    """
    wrong = _misread(text)
    if len(wrong) >= max(FEWEST_GARBLED, GARBLED_SHARE * len(text)):
        raise ReportError(
            f"{name} is garbled: {len(wrong)} characters were misread when it was made, such as "
            f'"{wrong[0]}" for "{_reread(wrong[0])}"',
            "get the report again, or mend it with ftfy",
        )


def _misread(text: str) -> list[str]:
    if text.isascii() or not _MAYBE_GARBLED.search(text):
        return []
    return [piece for piece in _GARBLED.findall(text) if _reread(piece)]


def _reread(piece: str) -> str:
    """What a misread character was, "" where it was none."""
    data = b"".join(
        char.encode("latin-1") if ord(char) < 0x100 else char.encode("cp1252") for char in piece
    )
    return data.decode("utf-8", "ignore")


def _unmarked_utf16(data: bytes) -> str | None:
    """The UTF-16 codec whose spaces are where spaces can be, None where neither's are."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    if len(data) % 2 or b"\x00" not in sample:
        return None
    for codec, space in (("utf-16-le", b" \x00"), ("utf-16-be", b"\x00 ")):
        if sample.count(space) < SPACE_SHARE * len(sample) / 2:
            continue
        text = sample.decode(codec, "replace")
        if text.count(" ") >= SPACE_SHARE * len(text) and not looks_binary(text):
            return codec
    return None


def _western(data: bytes) -> str | None:
    """Bytes as Windows-1252 if that gives the writing of a western language, else None."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    high = len(_HIGH.findall(text))
    letters = len(_LETTER.findall(text))
    if len(_ACCENTED.findall(text)) > ACCENTED_SHARE * letters:
        return None
    wrong = len(_MISPLACED.findall(text)) + 3 * len(_misread(text))
    return text if wrong <= MISPLACED_SHARE * high else None


def _binary(name: str) -> ReportError:
    return ReportError(
        f"{name} is binary, not text: it holds NUL or other control characters",
        "save the report as plain text in UTF-8",
    )


def _wrong_encoding(data: bytes, name: str, codec: str, error: UnicodeDecodeError) -> ReportError:
    if codec == "utf-8" and b"\x00" in data:
        return _binary(name)
    label = codec.removesuffix("-sig").upper()
    byte = data[error.start]
    if codec == "utf-8":
        line = data.count(b"\n", 0, error.start) + 1
        place = f"byte {error.start} (line {line}) is 0x{byte:02x}"
        if _nearly_utf8(data):
            mend = f"drop the damaged bytes: iconv -c -f UTF-8 -t UTF-8 '{name}' > utf8.txt"
        else:
            mend = (
                "re-encode it from the encoding it was saved in, for example: "
                f"iconv -f WINDOWS-1251 -t UTF-8 '{name}' > utf8.txt"
            )
    else:
        place = f"byte {error.start} is 0x{byte:02x}"
        mend = "the file seems cut off or damaged: save it again as UTF-8"
    return ReportError(f"{name} is not {label} text: {place}", mend)


def _nearly_utf8(data: bytes) -> bool:
    """Whether all but a few of the characters beyond ASCII are UTF-8."""
    text = data.decode("utf-8", "replace")
    high = len(_HIGH.findall(text))
    return text.count(_LOST) <= MISPLACED_SHARE * high
