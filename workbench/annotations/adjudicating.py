"""What coders differ on as tasks for an adjudicator, and what the decisions say. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from workbench.annotations.codings import Coding, adjudications, codings_from, standing
from workbench.annotations.disagreement import DisputedParagraph, comments_from, rank_disputed
from workbench.annotations.tasks import CHOSEN, result_of, task_data
from workbench.errors import UsageError
from workbench.records import Annotation, Evidence, Paragraph, Report
from workbench.taxonomy.codebook import Code, Codebook
from workbench.taxonomy.labelconfig import CHOICES, COMMENT, DEFINITIONS, REASONS, TEXT

#: The model version of what more than half of the coders chose: the page begins with it. No
#: coder's own version has a slash.
MAJORITY = "coders/majority"
#: What may not stand in a coder's version (Label Studio lists versions with commas between), and
#: what looks like it.
_LOOKALIKES = str.maketrans({"/": "\N{DIVISION SLASH}", ",": "\N{SINGLE LOW-9 QUOTATION MARK}"})


@dataclass(frozen=True, slots=True)
class Case:
    """A paragraph to adjudicate: what was chosen, and the words that each coder marked.

    `undecided` are the codes that exactly half of its coders gave; `ruled` says
    that an adjudicator decided on it already.
    """

    disputed: DisputedParagraph
    undecided: tuple[str, ...]
    evidence: Mapping[str, tuple[Evidence, ...]]
    ruled: bool = False

    @property
    def paragraph_id(self) -> str:
        return self.disputed.unit


@dataclass(frozen=True, slots=True)
class CodeReasons:
    """How adjudicators settled the paragraphs on which coders differed about a code.

    `code` is None for rulings of which it is not known what was in dispute.
    `given` counts those that have the code now, `overruled` those where more
    than half of the coders had it otherwise. `reasons` counts by reason, "" for
    none given; `notes` are the adjudicators' (paragraph id, note).
    """

    code: str | None
    paragraphs: int
    given: int
    overruled: int
    reasons: Mapping[str, int]
    notes: tuple[tuple[str, str], ...]


def find_cases(annotations: Iterable[Annotation]) -> list[Case]:
    """The paragraphs on which coders differ, most disputed first; those ruled on are marked."""
    everything = list(annotations)
    ruled = {annotation.paragraph_id for annotation in adjudications(everything)}
    marked: dict[str, dict[str, tuple[Evidence, ...]]] = defaultdict(dict)
    for annotation in standing(everything):
        marked[annotation.paragraph_id][annotation.coder] = annotation.evidence
    return [
        Case(
            disputed,
            tuple(code for code, share in _shares(disputed).items() if share == 0.5),
            marked[disputed.unit],
            disputed.unit in ruled,
        )
        for disputed in rank_disputed(codings_from(everything), comments_from(everything))
    ]


def choose_cases(
    cases: Iterable[Case],
    codes: Collection[str] = (),
    *,
    undecided_only: bool = False,
    most: int | None = None,
) -> list[Case]:
    """Those that wait for a ruling, in their order, at `most` so many.

    With `codes`, those that differ about one of them; with `undecided_only`,
    those that no majority decides.
    """
    chosen = [
        case
        for case in cases
        if not case.ruled
        and (not codes or set(codes) & set(case.disputed.codes))
        and (case.undecided or not undecided_only)
    ]
    return chosen[:most]


def case_data(
    case: Case, paragraph: Paragraph, report: Report, codebook: Codebook
) -> dict[str, Any]:
    """A task's data: as a coder's, with what each chose and what the codes in dispute mean."""
    return {
        **task_data(paragraph, report),
        CHOICES: _choices_html(case, codebook),
        DEFINITIONS: _definitions_html(case, codebook),
        CHOSEN: {choice.coder: list(choice.codes) for choice in case.disputed.choices},
    }


def case_predictions(case: Case) -> list[dict[str, Any]]:
    """What more than half chose, then each coder's choice, words and comment under their name.

    Where more than half chose nothing in common, "none" neither, the first
    proposes nothing. Label Studio shows it while tagging, the others on a task
    that is opened from the list.
    """
    majority = tuple(code for code, share in _shares(case.disputed).items() if share > 0.5)
    words = sorted(
        {e for marked in case.evidence.values() for e in marked if e.code in majority},
        key=lambda e: (e.start, e.end, e.code),
    )
    choices = case.disputed.choices
    none = sum(not choice.codes for choice in choices) * 2 > len(choices)
    common = result_of(majority, words) if majority or none else []
    bodies: list[dict[str, Any]] = [{"model_version": MAJORITY, "result": common}]
    for choice in choices:
        result = result_of(choice.codes, case.evidence.get(choice.coder, ()))
        if choice.comment:
            result.append(
                {
                    "id": "comment",
                    "from_name": COMMENT,
                    "to_name": TEXT,
                    "type": "textarea",
                    "value": {"text": [choice.comment]},
                }
            )
        version = choice.coder.translate(_LOOKALIKES)
        bodies.append({"model_version": version, "result": result})
    return bodies


def tabulate_reasons(annotations: Iterable[Annotation]) -> list[CodeReasons]:
    """By code: what was adjudicated of it and why; the most often disputed first.

    Of several rulings on a paragraph the newest counts. A paragraph counts for
    every code on which its coders differed when the adjudicator decided, whatever
    they have changed since. Where the ruling does not say that (an import's), it
    is what they differ on now; if that is nothing, it counts in a row of its own,
    the last. Raises UsageError where nothing was adjudicated.
    """
    everything = list(annotations)
    newest: dict[str, Annotation] = {}
    for ruling in sorted(adjudications(everything), key=lambda a: (a.updated_at, a.key)):
        newest[ruling.paragraph_id] = ruling
    if not newest:
        raise UsageError("nothing was adjudicated yet", "run `workbench adjudicate`, then decide")
    then = [
        Coding(ruling.paragraph_id, coder, frozenset(codes))
        for ruling in newest.values()
        for coder, codes in ruling.choices
    ]
    told = {coding.unit for coding in then}
    now = [c for c in codings_from(everything) if c.unit in newest.keys() - told]
    by_code: dict[str | None, list[tuple[DisputedParagraph | None, Annotation]]] = defaultdict(list)
    known = {disputed.unit: disputed for disputed in rank_disputed([*then, *now])}
    for paragraph_id, ruling in newest.items():
        disputed = known.get(paragraph_id)
        for code in disputed.codes if disputed else (None,):
            by_code[code].append((disputed, ruling))
    rows = [_reasons_of(code, settled) for code, settled in by_code.items()]
    return sorted(rows, key=lambda row: (row.code is None, -row.paragraphs, row.code or ""))


def _reasons_of(
    code: str | None, settled: Sequence[tuple[DisputedParagraph | None, Annotation]]
) -> CodeReasons:
    overruled = 0
    for disputed, ruling in settled:
        if disputed is not None and code is not None:
            share = _shares(disputed)[code]
            overruled += share != 0.5 and (share > 0.5) != (code in ruling.codes)
    return CodeReasons(
        code=code,
        paragraphs=len(settled),
        given=sum(code in ruling.codes for _, ruling in settled),
        overruled=overruled,
        reasons=dict(Counter(ruling.reason for _, ruling in settled)),
        notes=tuple((r.paragraph_id, r.comment) for _, r in settled if r.comment),
    )


def _shares(disputed: DisputedParagraph) -> dict[str, float]:
    """The share of the coders who gave each code that some gave, in alphabetical order."""
    counts = Counter(code for choice in disputed.choices for code in choice.codes)
    return {code: counts[code] / len(disputed.choices) for code in sorted(counts)}


def _choices_html(case: Case, codebook: Codebook) -> str:
    names = {code.code: code.name for code in codebook.codes}
    rows = []
    for choice in case.disputed.choices:
        shown = [
            f'<span class="differs">{escape(names.get(code, code))}</span>'
            if code in case.disputed.codes
            else escape(names.get(code, code))
            for code in choice.codes
        ]
        chosen = ", ".join(shown) or escape(codebook.none_label)
        rows.append(
            f'<tr><th scope="row">{escape(choice.coder)}</th><td>{chosen}</td>'
            f'<td dir="auto">{escape(choice.comment)}</td></tr>'
        )
    return (
        '<table><thead><tr><th scope="col">coder</th><th scope="col">chose</th>'
        '<th scope="col">comment</th></tr></thead><tbody>' + "".join(rows) + "</tbody></table>"
    )


def _definitions_html(case: Case, codebook: Codebook) -> str:
    chosen = [code for code in codebook.codes if code.code in case.disputed.codes]
    return "<details open><summary>What the codebook says</summary>" + (
        "".join(_definition(code) for code in chosen) + "</details>"
    )


def _definition(code: Code) -> str:
    parts = [f"<p><b>{escape(code.name)}</b>: {escape(code.definition)}</p>"]
    for title, items in (("Code", code.include), ("Do not code", code.exclude)):
        if items:
            parts.append(f"<p>{title}: {escape('; '.join(items))}</p>")
    return "".join(parts)


def reason_name(reason: str) -> str:
    """A reason as the page words it."""
    return REASONS.get(reason, reason or "none given")
