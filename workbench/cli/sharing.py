"""What `workbench assign` has to do: its options, completed by the last draw; what is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from workbench.annotations.origins import ADJUDICATION
from workbench.annotations.twins import leave_out_twins
from workbench.config import Workspace
from workbench.errors import UsageError
from workbench.records import Assignment, Coder
from workbench.store.annotations import list_annotations
from workbench.store.assignments import Draw, list_assignments
from workbench.store.database import Database
from workbench.store.reports import iterate_paragraphs, list_reports
from workbench.store.selections import list_selected


@dataclass(frozen=True, slots=True)
class Wished:
    """The options as they were given; None where not."""

    coders: str | None = None
    weights: str | None = None
    per_paragraph: int | None = None
    shared: int | None = None
    seed: int | None = None
    reports: tuple[str, ...] = ()
    one_project: bool = False


@dataclass(frozen=True, slots=True)
class Stock:
    """The ids of the paragraphs to be coded by report, who is to code and who coded what.

    `report_of` names the report of every paragraph.
    """

    paragraphs: Mapping[str, Sequence[str]]
    existing: Sequence[Assignment]
    coded: Sequence[tuple[str, str]]
    report_of: Mapping[str, str]


def settle_draw(
    wished: Wished,
    drawn: Sequence[Draw],
    people: Sequence[Coder],
    workspace: Workspace,
    now: datetime,
) -> Draw:
    """The draw to make: what was not said is as in the last one; its reports are those of all.

    UsageError where a name, a weight or a number does not fit.
    """
    last = drawn[-1] if drawn else None
    one = wished.one_project or (last is not None and last.one_project and wished.coders is None)
    weights = _weights(wished, last, people)
    per_paragraph = wished.per_paragraph
    if per_paragraph is None:
        stays = last is not None and not one
        per_paragraph = last.per_paragraph if stays else workspace.number("coders_per_paragraph")
    if len(weights) < per_paragraph:
        raise UsageError(
            f"{per_paragraph} coders a paragraph, but only {len(weights)} of them:"
            f" {', '.join(weights)}",
            "name more with --coders, or lower --per-paragraph",
        )
    if one:
        _check_one_project(wished, per_paragraph, workspace)
        weights = dict.fromkeys(weights, 0.0)
    seed = wished.seed if wished.seed is not None else last.seed if last else None
    shared = wished.shared if wished.shared is not None else last.shared if last else 0
    return Draw(
        seed=workspace.number("seed") if seed is None else seed,
        weights=weights,
        per_paragraph=per_paragraph,
        shared=shared,
        reports=tuple(sorted(set(wished.reports))) or _reports(drawn),
        drawn_at=now,
    )


def take_stock(database: Database, draw: Draw) -> Stock:
    """The paragraphs that `draw` is about: those drawn by a push, if any were, and of twins one.

    UsageError where there are none at all.
    """
    with database.session() as session:
        reports = {report.report_id: report for report, _ in list_reports(session)}
        held = [(p, reports[p.report_id]) for p in iterate_paragraphs(session, kinds=("text",))]
        selected = list_selected(session)
        existing = list_assignments(session)
        given = [a for a in list_annotations(session) if a.origin != ADJUDICATION]
    if not held:
        raise UsageError("there are no paragraphs to assign", "run `workbench ingest PATH` first")
    chosen = set(draw.reports or reports)
    wanted = {p.paragraph_id for p, _ in held if p.report_id in chosen}
    if selected:
        wanted &= selected
    taken = {a.paragraph_id for a in existing} | {a.paragraph_id for a in given}
    wanted -= leave_out_twins(held, wanted, taken)
    paragraphs: dict[str, list[str]] = {}
    for paragraph, _ in held:
        if paragraph.paragraph_id in wanted:
            paragraphs.setdefault(paragraph.report_id, []).append(paragraph.paragraph_id)
    coded = [(a.paragraph_id, a.coder) for a in given if not a.skipped]
    return Stock(paragraphs, existing, coded, {p.paragraph_id: p.report_id for p, _ in held})


def _weights(wished: Wished, last: Draw | None, people: Sequence[Coder]) -> dict[str, float]:
    known = {coder.name: coder for coder in people}
    if wished.coders is None:
        if last is None:
            names = ", ".join(c.name for c in people if _can_code(c)) or "none yet"
            raise UsageError("nobody is named to code", f"say --coders; there are: {names}")
        for name in last.weights:
            if name not in known:
                raise UsageError(f"{name} was named to code, but is not known now", "say --coders")
        names = [name for name in last.weights if not known[name].left]
    else:
        names = [name.strip() for name in wished.coders.split(",")]
        for name in names:
            _check_coder(name, names, known)
    if wished.weights is not None:
        return dict(zip(names, _numbers(wished.weights, names), strict=True))
    held = last.weights if last is not None and wished.coders is None else {}
    return {name: held.get(name) or 1.0 for name in names}


def _check_coder(name: str, names: Sequence[str], known: dict[str, Coder]) -> None:
    coder = known.get(name)
    if coder is None:
        raise UsageError(
            f"--coders: no coder {name!r}", "run `workbench coders add NAME --email ...` first"
        )
    if names.count(name) > 1:
        raise UsageError(f"--coders names {name} twice", "name every coder once")
    if coder.left:
        raise UsageError(
            f"--coders: {name} has left",
            f"run `workbench coders add {name} --email ...` to have them back",
        )
    if not _can_code(coder):
        raise UsageError(
            f"--coders: {name} has no account in Label Studio",
            f"run `workbench coders add {name} --email ...` first",
        )


def _can_code(coder: Coder) -> bool:
    return not coder.left and (coder.email is not None or coder.studio_id is not None)


def _numbers(text: str, names: Sequence[str]) -> list[float]:
    parts = text.split(",")
    if len(parts) != len(names):
        raise UsageError(
            f"--weights has {len(parts)} numbers for {len(names)} coders: {', '.join(names)}",
            "give one for each, as 2,1,1",
        )
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = [0.0]
    if not all(0 < number <= 1000 for number in numbers):
        raise UsageError(
            f"--weights {text!r}: numbers above 0, up to 1000, expected", "write them as 2,1,1"
        )
    return numbers


def _check_one_project(wished: Wished, per_paragraph: int, workspace: Workspace) -> None:
    """Label Studio's overlap cannot do all that the options ask for."""
    if wished.weights is not None:
        raise UsageError(
            "--weights: in one project Label Studio gives a paragraph to whoever comes first",
            "leave --weights or --one-project away",
        )
    if wished.reports:
        raise UsageError(
            "--report: in one project every task that was pushed is for all coders",
            "push only that report, or leave --one-project away",
        )
    if per_paragraph != workspace.number("coders_per_paragraph"):
        raise UsageError(
            f"--per-paragraph {per_paragraph}: the one project has"
            f" {workspace.number('coders_per_paragraph')} coders a paragraph",
            f"set label_studio.coders_per_paragraph = {per_paragraph} in workbench.toml",
        )


def _reports(drawn: Sequence[Draw]) -> tuple[str, ...]:
    """Those of all draws together; none means all."""
    if not all(draw.reports for draw in drawn):
        return ()
    return tuple(sorted({report_id for draw in drawn for report_id in draw.reports}))
