"""Which report a document is: the one held under its id, its bytes or neither."""

from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy.orm import Session

from workbench.errors import UsageError
from workbench.records import Document, Given, Report
from workbench.store.reports import (
    Changes,
    find_report,
    find_report_by_hash,
    find_reports_at,
    list_paragraph_ids,
    save_document,
)

#: A file that keeps this share of its paragraphs was corrected; with less it is another report.
SAME_SHARE = 0.5


def place_document(
    session: Session,
    document: Document,
    now: datetime,
    *,
    replacing: bool = False,
    forgetting: bool = False,
) -> tuple[Document, Changes]:
    """Store a document without silently putting one report in another's place.

    The same bytes are the same report wherever they lie and whatever is now
    said of them: it keeps its id, and what the user said of it before. So is a
    file that was corrected, where `SAME_SHARE` of its paragraphs are those held
    from it, though it now says that it is another year's. A file for an id that
    is held from another file is refused unless `replacing`. With `forgetting`
    what the user said before no longer holds.

    Raises UsageError for that, and for a new id for bytes that are held.
    """
    report = document.report
    same = find_report_by_hash(session, report.sha256)
    if same is None and not report.given.report_id:
        same = _corrected(session, document)
    if same is not None:
        if same.report_id != report.report_id and report.given.report_id:
            raise UsageError(
                f"{report.file}: already ingested as {same.report_id}",
                "leave --id away to update it",
            )
        document = _rename(document, same, Given() if forgetting else same.given)
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


def _corrected(session: Session, document: Document) -> Report | None:
    """The report held from the same file under another id, if the document is it corrected."""
    report = document.report
    if find_report(session, report.report_id) is not None:
        return None
    for held in find_reports_at(session, report.file):
        ids = list_paragraph_ids(session, held.report_id)
        before = {name[len(held.report_id) :] for name in ids}
        now = {p.paragraph_id[len(report.report_id) :] for p in document.paragraphs}
        if len(before & now) >= SAME_SHARE * min(len(before), len(now)):
            return held
    return None


def _rename(document: Document, same: Report, before: Given) -> Document:
    """The document under the id of the report that it is, with what was said `before`."""
    report = document.report
    said = {
        field.name: getattr(same, field.name)
        for field in fields(Given)
        if getattr(report.given, field.name) is None and getattr(before, field.name) is not None
    }
    if "country" in said:
        said["country_code"] = same.country_code
    given = combine_given(report.given, before)
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
