"""Gold paragraphs: text, section and codes from a file, not from the workspace. Pure."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.errors import AnnotationError
from workbench.jsonlines import read_object
from workbench.records import CodedParagraph, Paragraph

#: The report of the paragraphs that name none.
UNNAMED = "gold"
_STEP = " > "


@dataclass(frozen=True, slots=True)
class Gold:
    """The paragraphs of a gold file, who published each report, and what is odd about the lines.

    `sources` has the publishers of those reports, by id, of which a line names one.
    """

    coded: tuple[CodedParagraph, ...]
    sources: Mapping[str, str]
    remarks: tuple[str, ...]


def read_gold(lines: Iterable[str], codes: Sequence[str], origin: str) -> Gold:
    """The paragraphs of JSON Lines of `text`, `codes` and, if wanted, `section` and `report`.

    A report's publisher is the first `source` in its lines. The other fields are
    those that `annotations import` takes: `section` is the heading path, a list
    outermost first or one text with ` > ` between the steps. `tied` lists codes that
    are undecided, as the lines of `annotations consensus` do. Lines that name an
    `annotator` and agree in report, section and text are one paragraph, coded as
    more than half of its annotators did; a code of exactly half of them is tied.
    Blank lines are passed over.

    Raises AnnotationError, which names `origin`, line and field, for what is
    not such a line, for a code that is not one of `codes` or both given and
    tied, for an annotator who codes a paragraph twice or is undecided, and
    where there is no paragraph.
    """
    coded: dict[tuple[object, ...], CodedParagraph] = {}
    votes: dict[tuple[object, ...], dict[str, tuple[str, ...]]] = defaultdict(dict)
    sources: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{origin}, line {number}"
        data = read_object(line, where)
        item = _read(data, codes, where, len(coded))
        annotator = data.get("annotator")
        if isinstance(source := data.get("source"), str) and source:
            sources.setdefault(item.paragraph.report_id, source)
        if annotator is None:
            coded[number,] = item
            continue
        annotator = _take(data, "annotator", where)
        if item.tied:
            raise AnnotationError(
                f"{where}: tied: an annotator gives a code or does not", "leave out tied there"
            )
        paragraph = item.paragraph
        key = (paragraph.report_id, paragraph.section, paragraph.text)
        if annotator in votes[key]:
            raise AnnotationError(
                f"{where}: {annotator} has coded this paragraph before in the file",
                "keep one of the two lines",
            )
        votes[key][annotator] = item.codes
        coded.setdefault(key, item)
    if not coded:
        raise AnnotationError(f"{origin}: holds no paragraph", "write one JSON object a line")
    alone = {key[0]: item for key, item in coded.items() if key not in votes}
    return Gold(
        tuple(_count(item, votes[key]) if key in votes else item for key, item in coded.items()),
        sources,
        tuple(_remark_on_repeats(alone)),
    )


def _remark_on_repeats(alone: Mapping[object, CodedParagraph]) -> list[str]:
    """What to say of lines that name no annotator, by number, and have the text of another."""
    lines: dict[str, list[object]] = defaultdict(list)
    for number, item in alone.items():
        lines[item.paragraph.text].append(number)
    repeated = [numbers for numbers in lines.values() if len(numbers) > 1]
    differing = [
        numbers
        for numbers in repeated
        if len({(alone[number].codes, alone[number].tied) for number in numbers}) > 1
    ]
    remarks = []
    if repeated:
        remarks.append(
            f"{sum(map(len, repeated))} lines have the text of another (such as lines"
            f" {_list(repeated[0])}) and name no annotator: each counts as a paragraph"
        )
    if differing:
        remarks.append(
            f"{len(differing)} text(s) have different codes in several lines (such as lines"
            f" {_list(differing[0])}): whatever a model says, it errs on one of them; name the"
            " annotators, or keep one line"
        )
    return remarks


def _list(numbers: Sequence[object]) -> str:
    return ", ".join(map(str, numbers))


def _count(item: CodedParagraph, votes: Mapping[str, tuple[str, ...]]) -> CodedParagraph:
    counts = Counter(code for chosen in votes.values() for code in chosen)
    return CodedParagraph(
        paragraph=item.paragraph,
        codes=tuple(sorted(code for code, n in counts.items() if 2 * n > len(votes))),
        tied=tuple(sorted(code for code, n in counts.items() if 2 * n == len(votes))),
        coders=tuple(sorted(votes)),
    )


def _read(data: Mapping[str, Any], codes: Sequence[str], where: str, place: int) -> CodedParagraph:
    given = _read_codes(data.get("codes"), "codes", codes, where)
    tied = _read_codes(data.get("tied", []), "tied", codes, where)
    for code in tied:
        if code in given:
            raise AnnotationError(
                f"{where}: tied: {code!r} is in codes too", "leave it out of one of them"
            )
    text = _take(data, "text", where)
    report = _take(data, "report", where) if data.get("report") is not None else UNNAMED
    digest = hashlib.sha256(f"{report}\n{text}".encode()).hexdigest()[:16]
    paragraph = Paragraph(
        paragraph_id=f"{report}-{digest}",
        report_id=report,
        position=place,
        section=_read_section(data.get("section"), where),
        text=text,
        start=0,
        end=len(text),
        spans=((0, len(text)),),
    )
    return CodedParagraph(paragraph, given, tied, ())


def _read_codes(value: Any, field: str, codes: Sequence[str], where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise AnnotationError(f"{where}: {field}: a list of codes expected", "write [] for none")
    for code in value:
        if code not in codes:
            raise AnnotationError(
                f"{where}: {field}: unknown code {code!r}",
                f"use {', '.join(codes)}, or add it to the taxonomy",
            )
    return tuple(sorted(set(value)))


def _read_section(section: Any, where: str) -> tuple[str, ...]:
    if section is None:
        return ()
    steps = section.split(_STEP) if isinstance(section, str) else section
    if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
        raise AnnotationError(
            f"{where}: section: is not a list of headings", 'write "section": ["..."]'
        )
    return tuple(step.strip() for step in steps if step.strip())


def _take(data: Mapping[str, Any], field: str, where: str) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not value.strip():
        raise AnnotationError(f"{where}: {field}: text expected", f"add {field} to the line")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise AnnotationError(
            f"{where}: {field}: holds half a character (a surrogate)", f"mend {field} there"
        )
    return value.strip()
