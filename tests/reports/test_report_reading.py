"""Reading files: what is detected, what overrides it, one clear line for what cannot be read."""

import hashlib
from pathlib import Path

import pytest

from workbench.errors import ReportError
from workbench.records import Document, Given
from workbench.reports.gathering import gather_files
from workbench.reports.paragraphs import join_spans
from workbench.reports.reading import read_document, source_text
from workbench.reports.words import clean

FIXTURES = Path(__file__).parent / "fixtures"
WHOLE = FIXTURES / "veldoria-2018-state.txt"


def test_the_report_says_what_the_file_is() -> None:
    report = read_document(WHOLE).report
    assert report.report_id == "veldoria-2018-state"
    assert (report.source, report.country, report.year) == ("state", "Veldoria", 2018)
    assert report.title == "Country Report on Human Rights Practices 2018 - Veldoria"
    assert report.file == str(WHOLE)
    assert report.sha256 == hashlib.sha256(WHOLE.read_bytes()).hexdigest()
    assert (report.encoding, report.layout) == ("utf-8", "state-text")


def test_what_is_given_overrides_what_is_found() -> None:
    given = Given("un", "Castellane", 1999, "A title", "fr", "mine")
    document = read_document(WHOLE, given)
    report = document.report
    assert (report.language, report.given) == ("fr", given)
    assert (report.source, report.country, report.year) == ("un", "Castellane", 1999)
    assert (report.title, report.report_id) == ("A title", "mine")
    assert all(p.paragraph_id.startswith("mine.") for p in document.paragraphs)
    assert read_document(WHOLE, Given(year=2001)).report.report_id == "veldoria-2001-state"


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.[tm][xd]*")), ids=lambda path: path.name)
def test_reading_again_gives_identical_records(path: Path) -> None:
    assert read_document(path) == read_document(path)


def test_the_name_and_the_order_of_files_do_not_change_ids(tmp_path: Path) -> None:
    other = tmp_path / "elsewhere.txt"
    other.write_bytes(WHOLE.read_bytes())
    ids = [p.paragraph_id for p in read_document(other).paragraphs]
    assert ids == [p.paragraph_id for p in read_document(WHOLE).paragraphs]


def test_windows_line_ends_and_utf16_give_the_same_ids_with_offsets_of_their_own(
    tmp_path: Path,
) -> None:
    text = WHOLE.read_text(encoding="utf-8").replace("\n", "\r\n")
    other = tmp_path / "veldoria-2018-state.txt"
    other.write_bytes(text.encode("utf-16"))
    document, plain = read_document(other), read_document(WHOLE)
    assert document.report.encoding == "utf-16"
    assert [p.paragraph_id for p in document.paragraphs] == [
        p.paragraph_id for p in plain.paragraphs
    ]
    for paragraph in document.paragraphs:
        assert text[paragraph.start : paragraph.end] == paragraph.text


def _read(tmp_path: Path, data: bytes, name: str = "x.txt") -> Document:
    path = tmp_path / name
    path.write_bytes(data)
    return read_document(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x.txt is empty"),
        (b"text\x00text", "x.txt is binary"),
        (b"caf\x81 soci\x8dty", "x.txt is not UTF-8"),
        (b"{\\rtf1 hello}", "x.txt is RTF, which has no reader"),
        (b"PK\x03\x04\x14\x00", "x.txt is zip, which has no reader"),
        (b"Home\n\nAbout\n\nContact\n", "x.txt has no paragraph"),
    ],
)
def test_a_file_that_is_no_report_is_named_with_a_mend(
    tmp_path: Path, data: bytes, message: str
) -> None:
    with pytest.raises(ReportError) as caught:
        _read(tmp_path, data)
    assert message in caught.value.message
    assert "\n" not in str(caught.value)
    assert caught.value.mend


def test_a_missing_file_and_a_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="does not exist"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(ReportError, match="is a folder"):
        read_document(tmp_path)


def test_a_file_that_may_not_be_read_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ReportError, match="cannot be read: Permission denied"):
        read_document(WHOLE)


def test_a_name_that_no_file_can_have_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="cannot be read"):
        read_document(tmp_path / ("x" * 300))


def test_a_saved_web_page_is_read_with_offsets_into_its_source(tmp_path: Path) -> None:
    words = ("The harbour police closed the gate in May.", "Nobody was told why it was closed.")
    page = (
        "<html><head><title>2021 Country Reports on Human Rights Practices: Veldoria</title></head>"
        "<body><nav><a href='/'>Home</a></nav><main><h1>Veldoria</h1><h2>Section 1. The Person</h2>"
        f"<p>{words[0]}</p><h3>b. Disappearance</h3><p>{words[1]}</p></main></body></html>"
    )
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    document = read_document(path)
    assert (document.report.country, document.report.year) == ("Veldoria", 2021)
    assert [p.text for p in document.paragraphs] == list(words)
    assert document.paragraphs[1].section[-1] == "b. Disappearance"
    for paragraph in document.paragraphs:
        assert paragraph.text in page[paragraph.start : paragraph.end]
    assert [file.path for file in gather_files([tmp_path]).files] == [path]


def test_the_country_that_is_given_gets_its_code() -> None:
    assert read_document(WHOLE, Given(country="Cote d'Ivoire")).report.country_code == "CIV"
    assert read_document(WHOLE, Given(country="Castellane")).report.country_code is None


def test_the_source_text_gives_back_every_paragraph_of_text_and_page(tmp_path: Path) -> None:
    for path in sorted(FIXTURES.glob("*.[tm][xd]*")):
        report, paragraphs = (document := read_document(path)).report, document.paragraphs
        text = source_text(path.read_bytes(), report)
        assert paragraphs
        for paragraph in paragraphs:
            assert clean(join_spans(text, paragraph.spans)) == paragraph.text


def test_a_page_that_declares_a_wrong_encoding_is_read_right_and_says_so(tmp_path: Path) -> None:
    words = "The café’s owner was fined for a poster of the harbour, and closed it in May."
    page = f"<html><head><meta charset=iso-8859-1></head><body><p>{words}</p></body></html>"
    document = _read(tmp_path, page.encode(), "page.html")
    assert [paragraph.text for paragraph in document.paragraphs] == [words]
    assert any("the page says that it is cp1252; it is utf-8" in w for w in document.warnings)
    right = page.replace("iso-8859-1", "utf-8").encode()
    assert not any("says that it is" in w for w in _read(tmp_path, right, "p.html").warnings)


def test_a_text_full_of_misread_characters_is_refused_and_one_name_is_not(tmp_path: Path) -> None:
    line = "The ombudsman’s staff said that the harbour’s owner hadn’t paid its workers’ wages. "
    garbled = (line * 4).encode("utf-8").decode("cp1252")
    with pytest.raises(ReportError, match=r"x\.txt is garbled: 16 characters were misread"):
        _read(tmp_path, garbled.encode())
    document = _read(tmp_path, ("CafÃ© owners spoke. " + line * 40).encode())
    assert any("1 characters were misread" in warning for warning in document.warnings)


def test_what_is_given_against_the_report_is_a_doubt() -> None:
    warnings = read_document(WHOLE, Given(year=2001, country="Ruritania")).warnings
    assert "the year is given as 2001, the report says 2018" in warnings
    assert "the country is given as Ruritania, the report says Veldoria" in warnings
    assert any("Ruritania is no country that ISO 3166 has" in warning for warning in warnings)
