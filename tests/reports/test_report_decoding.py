"""Bytes to text: which encodings are read, and what is said of those that are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ReportError
from workbench.reports.decoding import decode
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


def test_a_wrong_encoding_is_named_with_its_first_bad_byte_and_a_way_out() -> None:
    with pytest.raises(ReportError) as caught:
        decode("Velmar\nCafé, closed".encode("windows-1252"), "old.txt")
    assert "old.txt is not UTF-8" in caught.value.message
    assert "byte 10 (line 2) is 0xe9" in caught.value.message
    assert "iconv" in caught.value.mend


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
        "without a mark".encode("utf-16-le"),
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
        (b"PK\x03\x04....", "a zip archive (DOCX, ODT or zip)"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html>", "HTML"),
        (b"<!-- saved -->\n<html lang='en'>", "HTML"),
        (b"A report that speaks of <html> in passing", TEXT),
    ],
)
def test_a_format_is_told_by_its_content(data: bytes, kind: str) -> None:
    assert format_of(data) == kind
