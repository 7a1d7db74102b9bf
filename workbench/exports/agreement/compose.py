"""Everything that an agreement report shows, measured from what was coded. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from workbench.annotations.agreement import measure_matrix
from workbench.annotations.breakdowns import (
    Breakdown,
    break_down,
    calibration_units,
    reports_of,
    sections_of,
    sources_of,
    weeks_of,
)
from workbench.annotations.coderagreement import measure_coders
from workbench.annotations.codings import (
    Coding,
    arrange_codings,
    codings_from,
    notes_on,
)
from workbench.annotations.comparisons import GroupComparison, compare_groups
from workbench.annotations.disagreement import comments_from, find_confused, rank_disputed
from workbench.annotations.figures import NOTHING_PAIRABLE
from workbench.annotations.matrices import CodingMatrix
from workbench.annotations.needs import WIDTH, paragraphs_needed
from workbench.annotations.origins import ADJUDICATION
from workbench.annotations.prelabelling import measure_prelabels
from workbench.annotations.rawcodings import RawCodings
from workbench.annotations.standards import compare_with_standard, gold_of
from workbench.errors import AgreementError
from workbench.exports.agreement.phrases import count
from workbench.exports.agreement.report import GOLD, AgreementReport
from workbench.records import Annotation, Paragraph, PreLabel, Report


@dataclass(frozen=True, slots=True)
class Subject:
    """What was coded, whatever tool it comes from.

    `groups` maps the name of a breakdown to unit and group, `reports` a unit to
    its report. `calibration` are the units that were meant for all coders,
    empty where none were. `standards` maps a name to unit and codes.
    """

    codings: tuple[Coding, ...]
    codes: tuple[str, ...]
    annotations: tuple[Annotation, ...] = ()
    paragraphs: Mapping[str, Paragraph] = field(default_factory=dict, hash=False)
    comments: Mapping[tuple[str, str], str] = field(default_factory=dict, hash=False)
    reports: Mapping[str, str] = field(default_factory=dict, hash=False)
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    calibration: frozenset[str] = frozenset()
    standards: Mapping[str, Mapping[str, Collection[str]]] = field(default_factory=dict, hash=False)
    notes: tuple[str, ...] = ()


def subject_of(
    annotations: Sequence[Annotation],
    paragraphs: Sequence[Paragraph],
    reports: Iterable[Report],
    codes: Sequence[str],
    *,
    calibration: Collection[str] = (),
    model: Mapping[str, Collection[str]] | None = None,
) -> Subject:
    """A workspace's annotations.

    `calibration` are the paragraphs assigned to all, `model` what a model that
    had not seen the paragraph said of it.
    """
    standards: dict[str, Mapping[str, Collection[str]]] = {}
    if gold := gold_of(annotations):
        standards[GOLD] = gold
    if model:
        standards["the model"] = model
    return Subject(
        codings=tuple(codings_from(annotations)),
        codes=tuple(codes),
        annotations=tuple(annotations),
        paragraphs={p.paragraph_id: p for p in paragraphs},
        comments=comments_from(annotations),
        reports=reports_of(paragraphs),
        groups={
            "report": reports_of(paragraphs),
            "source": sources_of(paragraphs, reports),
            "section": sections_of(paragraphs),
            "week": weeks_of(annotations),
        },
        calibration=frozenset(calibration),
        standards=standards,
        notes=notes_on(annotations),
    )


def subject_of_raw(raw: RawCodings) -> Subject:
    """Codings of a file from any tool.

    Raises AgreementError where no unit was coded by two coders.
    """
    units = {coding.unit for coding in raw.codings}
    if len(units) == len(raw.codings):
        coders = len({coding.coder for coding in raw.codings})
        column = " and ".join(raw.columns.get("unit", ("text",)))
        raise AgreementError(
            f"{NOTHING_PAIRABLE}: of {count(len(raw.codings), 'coding')} by "
            f"{count(coders, 'coder')} each has another value in the column {column}, which was "
            "taken for the paragraph's id",
            "call the column that names the paragraph unit, or have some paragraphs coded twice",
        )
    gold = gold_of(_annotation(coding, origin=ADJUDICATION) for coding in raw.settled)
    return Subject(
        codings=raw.codings,
        codes=raw.codes,
        annotations=_annotations(raw) if raw.prelabels or raw.hidden else (),
        paragraphs={unit: _paragraph(unit, raw) for unit in sorted(units & raw.texts.keys())},
        comments=raw.comments,
        reports=raw.reports,
        groups={
            "report": raw.reports,
            "source": raw.sources,
            "section": raw.sections,
            "week": raw.weeks,
        },
        standards={GOLD: gold} if gold else {},
        notes=raw.notes,
    )


def compose_report(
    subject: Subject,
    title: str,
    made_at: datetime,
    *,
    resamples: int = 1000,
    seed: int = 0,
    width: float = WIDTH,
    with_text: bool = True,
) -> AgreementReport:
    """Measure everything. Raises AgreementError as `measure_matrix` does."""
    matrix = arrange_codings(subject.codings, subject.codes)
    known = subject.reports or None
    measured = measure_matrix(
        matrix, resamples=resamples, seed=seed, notes=subject.notes, reports=known
    )
    return AgreementReport(
        title=title,
        made_at=made_at,
        agreement=measured,
        disputed=tuple(rank_disputed(subject.codings, subject.comments)),
        confused=tuple(find_confused(subject.codings)),
        paragraphs=subject.paragraphs,
        with_text=with_text,
        breakdowns=tuple(_break_down(matrix, subject, resamples, seed)),
        coders=measure_coders(matrix),
        calibration=_calibrate(matrix, subject, resamples, seed),
        prelabels=measure_prelabels(
            subject.annotations, subject.codes, reports=known, resamples=resamples, seed=seed
        )
        if subject.annotations
        else None,
        standards=tuple(
            compare_with_standard(
                subject.codings, codes, subject.codes, name, resamples=resamples, seed=seed
            )
            for name, codes in subject.standards.items()
        ),
        needs=paragraphs_needed(measured, width),
    )


def _break_down(
    matrix: CodingMatrix, subject: Subject, resamples: int, seed: int
) -> Iterable[Breakdown]:
    for name, group_of in subject.groups.items():
        if len(set(group_of.values())) > 1:
            yield break_down(
                matrix,
                name,
                group_of,
                reports=subject.reports or None,
                resamples=resamples,
                seed=seed,
            )


def _calibrate(
    matrix: CodingMatrix, subject: Subject, resamples: int, seed: int
) -> GroupComparison | None:
    """The paragraphs meant for all, or where none were those that all coded, and the others."""
    shared = subject.calibration or calibration_units(matrix)
    others = frozenset(matrix.units) - shared
    if not shared or not others:
        return None
    return compare_groups(
        matrix,
        shared,
        others,
        ("calibration set", "the rest"),
        reports=subject.reports or None,
        resamples=resamples,
        seed=seed,
    )


def _annotations(raw: RawCodings) -> tuple[Annotation, ...]:
    """The codings with the pre-labels that are known; of the others it is not known."""
    annotations = []
    for coding in raw.codings:
        place = (coding.unit, coding.coder)
        proposed = raw.prelabels.get(place)
        shown = None if proposed is None else PreLabel("", tuple(sorted(proposed)))
        annotations.append(_annotation(coding, prelabel=shown, hidden=place in raw.hidden))
    return tuple(annotations)


def _annotation(
    coding: Coding,
    origin: str = "import",
    prelabel: PreLabel | None = None,
    hidden: bool = False,
) -> Annotation:
    """A coding as an annotation; the time, which a file need not tell, is the same for all."""
    beginning = datetime(1970, 1, 1, tzinfo=UTC)
    return Annotation(
        paragraph_id=coding.unit,
        coder=coding.coder,
        codes=tuple(sorted(coding.codes)),
        key=f"{coding.unit}\n{coding.coder}",
        origin=origin,
        created_at=beginning,
        updated_at=beginning,
        prelabel=prelabel,
        hidden=hidden,
    )


def _paragraph(unit: str, raw: RawCodings) -> Paragraph:
    text = raw.texts[unit]
    section = raw.sections.get(unit)
    return Paragraph(
        paragraph_id=unit,
        report_id=raw.reports.get(unit, ""),
        position=0,
        section=(section,) if section else (),
        text=text,
        start=0,
        end=len(text),
        spans=((0, len(text)),),
    )
