"""Bytes to text: which encodings are read, and what is said of those that are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ReportError
from workbench.reports.decoding import decode, doubts, garbled
from workbench.reports.formats import TEXT, format_of

WRITTEN = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\r\n\t"), max_size=80
).map(lambda text: "Veldoria " + text)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@given(text=WRITTEN)
def test_text_comes_back_with_its_line_ends_and_a_codec_that_gives_it_again(
    codec: str, text: str
) -> None:
    data = text.encode(codec)
    decoded, found = decode(data, "x.txt")
    assert decoded == text
    assert found == codec
    assert data.decode(found) == decoded


OLD = "The guards’ “café” in Señor Ávila’s street was closed – twice, at £3 each.\n"


@pytest.mark.parametrize(
    ("codec", "name"),
    [("cp1252", "Windows-1252"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")],
)
def test_writing_in_an_encoding_that_nothing_names_is_read_with_a_warning(
    codec: str, name: str
) -> None:
    data = OLD.encode(codec)
    assert decode(data, "old.txt") == (OLD, codec)
    assert [warning for warning in doubts(OLD, codec) if name in warning]
    assert doubts(OLD, codec, declared=codec) == ()
    assert doubts(OLD, "utf-8") == ()


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1251", "Права человека были нарушены, и никто не ответил. "),
        ("koi8-r", "Права человека были нарушены, и никто не ответил. "),
        ("mac-roman", "The guards’ “café” wasn’t open, and nobody’s boat left. "),
        ("cp1254", "İşkence yasağı çiğnendi, hiçbir görevli yargılanmadı. "),
        ("cp1250", "Więzienie było przepełnione, żaden lekarz nie przyszedł. "),
        ("gbk", "人权状况没有改善。"),
    ],
)
def test_other_encodings_are_never_read_as_windows_1252(codec: str, text: str) -> None:
    with pytest.raises(ReportError, match=r"^old\.txt is not UTF-8 text: byte ") as caught:
        decode((text * 20).encode(codec), "old.txt")
    assert "iconv" in caught.value.mend


def test_a_wrong_byte_in_utf8_is_named_with_its_line_and_how_to_drop_it() -> None:
    with pytest.raises(ReportError) as caught:
        decode((OLD * 20).encode() + b"\x92 end", "damaged.txt")
    assert "damaged.txt is not UTF-8 text: byte " in caught.value.message
    assert "(line 21) is 0x92" in caught.value.message
    assert "iconv -c" in caught.value.mend


def test_characters_misread_before_are_counted_with_an_example() -> None:
    wrong = OLD.encode("utf-8").decode("latin-1")
    (warning,) = garbled(wrong)
    assert warning.startswith("9 characters were misread")
    assert garbled(OLD) == ()
    assert "3 characters were lost" in garbled("Velmar \ufffd\ufffd and \ufffd")[0]


@given(WRITTEN)
def test_writing_in_any_language_is_rarely_called_misread(text: str) -> None:
    count = len(garbled(text))
    assert count <= 1 or "\ufffd" in text


def test_a_cut_off_utf16_file_is_an_error() -> None:
    with pytest.raises(ReportError, match="is not UTF-16 text: byte 6"):
        decode("Vel".encode("utf-16")[:-1], "cut.txt")


@pytest.mark.parametrize("data", [b"", b"  \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x0c"])
def test_a_file_without_words_is_empty(data: bytes) -> None:
    with pytest.raises(ReportError, match="is empty"):
        decode(data, "x.txt")


@pytest.mark.parametrize(
    "data",
    [
        b"some text\x00and more",
        b"\x00" * 40,
        bytes(range(1, 30)) * 20,
        "unmarked".encode("utf-16-le"),
        b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe",
    ],
)
def test_a_binary_file_is_called_binary(data: bytes) -> None:
    with pytest.raises(ReportError, match="is binary"):
        decode(data, "x.txt")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04....", "zip"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html>", "HTML"),
        (b"<!-- saved -->\n<html lang='en'>", "HTML"),
        (b"<?xml version='1.0'?><?x y?>\n<!-- a --><html>", "HTML"),
        ("\ufeff<!DOCTYPE html><html>".encode("utf-16-le"), "HTML"),
        ("<html>".encode("utf-16-be"), "HTML"),
        (b"PAR1....", "Parquet"),
        (b"A report that speaks of <html> in passing", TEXT),
    ],
)
def test_a_format_is_told_by_its_content(data: bytes, kind: str) -> None:
    assert format_of(data) == kind
