"""Which report a document is: the one held under its id, its bytes or neither."""

from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy.orm import Session

from workbench.errors import UsageError
from workbench.records import Document, Given, Report
from workbench.store.reports import Changes, find_report, find_report_by_hash, save_document


def place_document(
    session: Session, document: Document, now: datetime, *, replacing: bool = False
) -> tuple[Document, Changes]:
    """Store a document without silently putting one report in another's place.

    The same bytes are the same report wherever they lie and whatever is now
    said of them: it keeps its id, and what the user said of it before. A file
    for an id that is held from another file is refused unless `replacing`.

    Raises UsageError for that, and for a new id for bytes that are held.
    """
    report = document.report
    same = find_report_by_hash(session, report.sha256)
    if same is not None:
        if same.report_id != report.report_id and report.given.report_id:
            raise UsageError(
                f"{report.file}: already ingested as {same.report_id}",
                "leave --id away to update it",
            )
        document = _rename(document, same)
        report = document.report
    held = find_report(session, report.report_id)
    if held and held.sha256 != report.sha256 and held.file != report.file and not replacing:
        raise UsageError(
            f"{report.file}: the report {held.report_id} is already held, from {held.file}",
            "use --replace to take this file instead, or --id to keep both",
        )
    return document, save_document(session, document, now)


def combine_given(first: Given, second: Given) -> Given:
    """What is said in `first`, and where it says nothing, in `second`."""
    return Given(
        *(
            getattr(second if getattr(first, field.name) is None else first, field.name)
            for field in fields(Given)
        )
    )


def _rename(document: Document, same: Report) -> Document:
    """The document under the id of the report that it is, with what was said of it before."""
    report = document.report
    said = {
        field.name: getattr(same, field.name)
        for field in fields(Given)
        if getattr(report.given, field.name) is None and getattr(same.given, field.name) is not None
    }
    if "country" in said:
        said["country_code"] = same.country_code
    given = combine_given(report.given, same.given)
    renamed = replace(report, **said | {"report_id": same.report_id, "given": given})
    # An id is the report's, a full stop, and the hash of the words.
    paragraphs = tuple(
        replace(
            paragraph,
            report_id=same.report_id,
            paragraph_id=same.report_id + paragraph.paragraph_id[len(report.report_id) :],
        )
        for paragraph in document.paragraphs
    )
    return replace(document, report=renamed, paragraphs=paragraphs)
