"""Broken, locked and strange PDFs: a ReportError that names the file, never anything else."""

import io
import re
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from typesetting import Look, invent, typeset

from workbench.errors import ReportError
from workbench.reports.extracting import Extracted
from workbench.reports.pdf import process
from workbench.reports.pdf.reading import extract_pdf

GOOD = typeset(invent(3, 8)[0], Look())


def locked() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("open sesame", canPrint=0))
    canvas.drawString(72, 700, "A secret report on the canton of Orrin.")
    canvas.save()
    return buffer.getvalue()


def scanned() -> bytes:
    image = pytest.importorskip("PIL.Image").new("L", (60, 80), 200)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(600, 800))
    for _ in range(3):
        canvas.drawImage(ImageReader(image), 0, 0, 600, 800)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def without_text() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.line(10, 10, 200, 200)
    canvas.save()
    return buffer.getvalue()


def many_pages() -> bytes:
    """One page, five thousand times."""
    kids = re.search(rb"/Kids \[ (\d+ 0 R)", GOOD)
    assert kids
    pages = b"/Kids [" + (kids[1] + b" ") * 5000 + b"]"
    data = re.sub(rb"/Kids \[[^\]]*\]", pages, GOOD)
    return re.sub(rb"/Count \d+", b"/Count 5000", data)


BROKEN = {
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "other": (b"PK\x03\x04 a zip archive", "is no PDF"),
    "garbage": (b"%PDF-1.4\n" + bytes(range(256)) * 40 + b"\n%%EOF", "damaged"),
    "signature": (b"%PDF-1.7", "cut short"),
    "half": (GOOD[: len(GOOD) // 2], "cut short"),
    "tail-gone": (GOOD[:-200], "cut short"),
    "locked": (locked(), "encrypted"),
    "scanned": (scanned(), "OCR"),
    "pages": (many_pages(), "5000 pages"),
    "drawing": (without_text(), "without text"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_named_with_what_is_wrong_and_a_mend(kind: str) -> None:
    data, says = BROKEN[kind]
    with pytest.raises(ReportError, match=re.escape(says)) as caught:
        extract_pdf(data, "broken.pdf")
    assert caught.value.message.startswith("broken.pdf ")
    assert "\n" not in str(caught.value)
    assert caught.value.mend


def test_a_damaged_index_is_made_anew_with_a_warning() -> None:
    broken = re.sub(rb"startxref\s+\d+", b"startxref\n7", GOOD)
    extracted = extract_pdf(broken, "r.pdf")
    assert extracted.text == extract_pdf(GOOD, "r.pdf").text
    assert any("index" in warning for warning in extracted.warnings)


def test_a_count_of_pages_that_is_absurd_is_not_believed() -> None:
    check(re.sub(rb"/Count \d+", b"/Count 2000000000", GOOD))


def test_reading_twice_gives_the_same() -> None:
    assert extract_pdf(GOOD, "r.pdf") == extract_pdf(GOOD, "r.pdf")


@pytest.mark.parametrize("code", [-11, -6, -9, 1])
def test_a_worker_that_dies_is_an_error_of_the_file(
    code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = subprocess.CompletedProcess([], code, b"", b"")
    monkeypatch.setattr(process.subprocess, "run", lambda *args, **options: dead)
    with pytest.raises(ReportError, match=r"r\.pdf is a damaged PDF"):
        extract_pdf(GOOD, "r.pdf")


def test_a_worker_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LONGEST", 0.001)
    with pytest.raises(ReportError, match=r"r\.pdf takes more than"):
        extract_pdf(GOOD, "r.pdf")


def read_or_refuse(data: bytes) -> Extracted | ReportError:
    """What was read, or the error that names the file; any other exception fails the test."""
    try:
        return extract_pdf(data, "fuzzed.pdf")
    except ReportError as error:
        return error


def check(data: bytes) -> None:
    """A file is read or refused, and a refusal names it and says what to do."""
    found = read_or_refuse(data)
    if isinstance(found, ReportError):
        assert found.message.startswith("fuzzed.pdf ")
        assert found.mend
    else:
        assert found.text.strip()


FUZZ = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@FUZZ
@given(st.integers(0, len(GOOD)))
def test_any_beginning_of_a_pdf_is_read_or_refused(length: int) -> None:
    check(GOOD[:length])


@FUZZ
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=40))
def test_a_pdf_with_changed_bytes_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for at, byte in changes:
        data[at] = byte
    check(bytes(data))


@FUZZ
@given(st.binary(max_size=300))
def test_anything_after_the_signature_is_read_or_refused(data: bytes) -> None:
    check(b"%PDF-1.7\n" + data + b"\nstartxref\n0\n%%EOF")
