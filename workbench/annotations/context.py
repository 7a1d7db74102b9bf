"""What a coder is told of a paragraph that stood in an earlier report almost as it is. Pure.

The codes shown are the consensus, never who chose what.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from workbench.annotations.origins import ADJUDICATION
from workbench.records import Annotation, Assignment, CodedParagraph, Paragraph, Report
from workbench.reports.differing import Step, diff_words
from workbench.reports.nearest import find_near
from workbench.reports.twins import heading_of, is_long
from workbench.taxonomy.codebook import Codebook

#: As `workbench duplicates` has it: the Jaccard similarity from which texts are near duplicates.
NEAR = 0.8
#: Of a run of unchanged words longer than twice this and some, only its ends are shown.
_MARGIN = 8
_TAGS = {"delete": "del", "insert": "ins"}


def keep_settled(
    coded: Sequence[CodedParagraph],
    annotations: Iterable[Annotation],
    assignments: Sequence[Assignment],
    paragraphs: Iterable[Paragraph],
) -> list[CodedParagraph]:
    """Those of the `coded` whose codes coders may be shown who work blind on `assignments`.

    What adjudicators decided; what was only imported; what is of a report of
    which everybody has coded or skipped all that is assigned to them. Nothing
    undecided. Codes that were carried over are as settled as the twins that
    they come from. `paragraphs` are all of the workspace. Without assignments
    nobody is blind, and all are kept.
    """
    if not assignments:
        return list(coded)
    report_of = {paragraph.paragraph_id: paragraph.report_id for paragraph in paragraphs}
    given = [annotation for annotation in annotations if annotation.origin != ADJUDICATION]
    done = {(annotation.paragraph_id, annotation.coder) for annotation in given}
    by_coders = {a.paragraph_id for a in given if a.origin != "import"}
    open_reports = {
        report_of.get(a.paragraph_id) for a in assignments if (a.paragraph_id, a.coder) not in done
    }

    def is_settled(item: CodedParagraph) -> bool:
        if item.tied:
            return False
        sources = item.provenance.sources or (item.paragraph.paragraph_id,)
        return item.provenance.decided == "adjudicated" or all(
            key not in by_coders or report_of.get(key) not in open_reports for key in sources
        )

    return [item for item in coded if is_settled(item)]


def find_contexts(
    wanted: Sequence[tuple[Paragraph, Report]],
    coded: Sequence[CodedParagraph],
    reports: Mapping[str, Report],
    codebook: Codebook,
) -> dict[str, str]:
    """HTML by paragraph id, for those of `wanted` that have an earlier, coded near duplicate.

    Earlier: of a year before, as far as both years are known. Of several it is
    the one of the same country and source, the latest, the most similar.
    Short paragraphs (see `reports.twins`) must stand under the same heading.
    """
    if not coded:
        return {}
    targets = [item for item in wanted if item[1].year is not None]
    dated = [item for item in coded if reports[item.paragraph.report_id].year is not None]
    best: dict[str, tuple[tuple[object, ...], Paragraph, CodedParagraph]] = {}
    near = find_near(
        [paragraph.text for paragraph, _ in targets], [c.paragraph.text for c in dated], NEAR
    )
    for place, other, similarity in near:
        (paragraph, report), candidate = targets[place], dated[other]
        earlier = reports[candidate.paragraph.report_id]
        if not _may_follow(candidate.paragraph, earlier, paragraph, report):
            continue
        kin = (earlier.country, earlier.source) == (report.country, report.source)
        rank = (kin, earlier.year, similarity, candidate.paragraph.paragraph_id)
        held = best.get(paragraph.paragraph_id)
        if held is None or rank > held[0]:
            best[paragraph.paragraph_id] = (rank, paragraph, candidate)
    return {
        key: render_context(paragraph, found, reports[found.paragraph.report_id], codebook)
        for key, (_, paragraph, found) in best.items()
    }


def render_context(
    paragraph: Paragraph, earlier: CodedParagraph, report: Report, codebook: Codebook
) -> str:
    """A block that opens on demand: codes in its heading, inside what has changed since."""
    old = earlier.paragraph
    title = report.title or report.report_id
    if report.year is not None and str(report.year) not in title:
        title = f"{title} ({report.year})"
    facts = []
    if heading_of(old.section) != heading_of(paragraph.section):
        facts.append(
            f"<p>There it stood under: {escape(' › '.join(old.section) or 'no heading')}</p>"
        )
    changes = " ".join(_show(step, place) for place, step in _places(old.text, paragraph.text))
    return (
        f"<details><summary>Almost the same in <b>{escape(title)}</b>, "
        f"coded there: {_codes(earlier, codebook)}</summary>"
        "<p>Since then <del>words struck out</del> were left out and "
        "<ins>words underlined</ins> put in.</p>"
        f'<blockquote dir="auto">{changes}</blockquote>{"".join(facts)}</details>'
    )


def _may_follow(
    earlier: Paragraph, earlier_report: Report, paragraph: Paragraph, report: Report
) -> bool:
    if earlier_report.year is None or report.year is None or earlier_report.year >= report.year:
        return False
    same_heading = heading_of(earlier.section) == heading_of(paragraph.section)
    return same_heading or (is_long(paragraph.text) and is_long(earlier.text))


def _codes(earlier: CodedParagraph, codebook: Codebook) -> str:
    names = {code.code: code.name for code in codebook.codes}
    parts = [f"<b>{escape(names.get(code, code))}</b>" for code in earlier.codes]
    if not parts and not earlier.tied:
        parts = [f"<b>{escape(codebook.none_label)}</b>"]
    parts += [f"{escape(names.get(code, code))} (undecided)" for code in earlier.tied]
    return ", ".join(parts)


def _places(old: str, new: str) -> Iterator[tuple[str, Step]]:
    """The steps from one text to the other, each with its place: first, middle, last or only."""
    steps = diff_words(old, new)
    for number, step in enumerate(steps):
        first, last = number == 0, number == len(steps) - 1
        yield "only" if first and last else "first" if first else "last" if last else "middle", step


def _show(step: Step, place: str) -> str:
    op, words = step
    if op != "equal":
        return f"<{_TAGS[op]}>{escape(' '.join(words))}</{_TAGS[op]}>"
    before = () if place == "first" else words[:_MARGIN]
    after = () if place == "last" else words[-_MARGIN:]
    if place == "only" or len(words) <= len(before) + len(after) + 3:
        return escape(" ".join(words))
    return escape(" ".join((*before, "…", *after)))
