"""Which report a document is: its bytes, its id, and what was said of it before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from workbench.errors import UsageError
from workbench.records import Document, Given, Paragraph, Report
from workbench.store.database import Database
from workbench.store.placing import combine_given, place_document
from workbench.store.reports import find_report, list_reports

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = Database(f"sqlite:///{tmp_path / 'w.db'}")
    with database.session() as session:
        yield session
    database.close()


def document_of(
    report_id: str, sha256: str, file: str = "a.txt", words: str = "abc", **fields: object
) -> Document:
    """A document with a paragraph for each letter of `words`."""
    held = {"title": "T", "source": "state", "country": "Veldoria", "year": 2019} | fields
    report = Report(report_id, file=file, sha256=sha256, encoding="utf-8", layout="x", **held)
    return Document(
        report,
        tuple(
            Paragraph(f"{report_id}.{letter}", report_id, place, (), letter, 0, 1, ((0, 1),))
            for place, letter in enumerate(words)
        ),
    )


def test_the_same_bytes_keep_their_id_and_what_was_said_of_them(session: Session) -> None:
    said = Given(year=2001, country="Castellane")
    first = document_of("castellane-2001-state", "1", year=2001, country="Castellane", given=said)
    place_document(session, first, NOW)
    moved = document_of("veldoria-2019-state", "1", file="elsewhere.txt")
    placed, changes = place_document(session, moved, NOW)
    assert placed.report == replace(
        moved.report,
        report_id="castellane-2001-state",
        year=2001,
        country="Castellane",
        given=said,
    )
    assert placed.paragraphs[0].paragraph_id == "castellane-2001-state.a"
    assert (changes.metadata, changes.added, changes.unchanged) == (True, 0, 3)
    assert find_report(session, "castellane-2001-state") == placed.report
    assert len(list_reports(session)) == 1


def test_what_is_said_anew_stands_over_what_was_said(session: Session) -> None:
    place_document(session, document_of("a", "1", given=Given(year=2001), year=2001), NOW)
    anew = document_of("a", "1", given=Given(year=2002), year=2002)
    assert place_document(session, anew, NOW)[0].report.year == 2002
    assert combine_given(Given(year=1), Given(year=2, title="t")) == Given(year=1, title="t")


def test_a_new_id_for_held_bytes_and_a_file_for_a_held_id_are_refused(session: Session) -> None:
    place_document(session, document_of("a", "1"), NOW)
    with pytest.raises(UsageError, match="already ingested as a"):
        place_document(session, document_of("b", "1", given=Given(report_id="b")), NOW)
    other = document_of("a", "2", file="b.txt")
    with pytest.raises(UsageError, match=r"already held, from a\.txt"):
        place_document(session, other, NOW)
    assert place_document(session, other, NOW, replacing=True)[0].report.file == "b.txt"


def test_a_corrected_file_takes_the_place_of_what_it_was(session: Session) -> None:
    place_document(session, document_of("a", "1"), NOW)
    assert place_document(session, document_of("a", "2"), NOW)[0].report.sha256 == "2"


def test_a_corrected_file_that_now_says_another_year_keeps_its_id(session: Session) -> None:
    place_document(session, document_of("veldoria-2018-state", "1", words="abcd"), NOW)
    corrected = document_of("veldoria-2019-state", "2", words="abce", year=2019)
    placed, changes = place_document(session, corrected, NOW)
    assert (placed.report.report_id, placed.report.year) == ("veldoria-2018-state", 2019)
    assert (changes.added, changes.removed, changes.unchanged) == (1, 1, 3)
    assert len(list_reports(session)) == 1


def test_another_report_at_the_place_of_one_is_a_report_of_its_own(session: Session) -> None:
    place_document(session, document_of("veldoria-2018-state", "1", words="abcd"), NOW)
    place_document(session, document_of("veldoria-2019-state", "2", words="awxyz"), NOW)
    assert len(list_reports(session)) == 2
