"""--select and --n: which paragraphs a push sends, drawn and recorded."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click
import numpy as np

from workbench.annotations.twins import leave_out_twins
from workbench.cli.app import App
from workbench.cli.output import print_table, tell
from workbench.cli.unlike import Careful
from workbench.errors import UsageError
from workbench.models.audit import bounds_of, draw_slice, size_audit
from workbench.models.coldstart import ColdStart
from workbench.models.rows import TextRow
from workbench.models.selection import STRATEGIES, Pool, build_space, choose_rows, explain_choice
from workbench.records import Annotation, CodedParagraph, Paragraph, Report
from workbench.store.selections import Batch, list_batches, list_selected, save_batch

F = TypeVar("F", bound=Callable[..., Any])
#: Sends every paragraph, as a push does while nothing was ever drawn.
ALL = "all"
#: Why a paragraph is sent that an earlier draw chose, or the audit.
BEFORE, AUDIT = "drawn before", "random"
#: Words of a paragraph that are shown.
_FIRST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """What --select, --n and --seed asked for; None where not given."""

    strategy: str | None = None
    number: int | None = None
    seed: int | None = None


def select_options(command: F) -> F:
    """--select, --n and --seed, of the commands that push."""
    command = click.option(
        "--seed",
        type=click.IntRange(0, 2**32 - 1),
        help="The seed of the draw (else train.seed); the audit keeps that of its first draw.",
    )(command)
    command = click.option(
        "--n",
        "number",
        type=click.IntRange(min=1),
        metavar="N",
        help="Draw so many paragraphs, one in five (5 at least) at random for the audit. Those"
        " drawn before but not sent yet count. Without it nothing new is drawn.",
    )(command)
    return click.option(
        "--select",
        "strategy",
        type=click.Choice((*STRATEGIES, ALL)),
        help="How to draw (mixed where only --n is given): uncertain: near a threshold; diverse:"
        " unlike what is tagged; rare: likely to carry the codes with fewest labels; mixed:"
        " half uncertain, a quarter both uncertain and diverse, a quarter rare; all: send"
        " every paragraph.",
    )(command)


@dataclass(frozen=True, slots=True)
class Picked:
    """A paragraph to tag, why it was drawn, and its first words."""

    paragraph_id: str
    report_id: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a draw gave: numbers of paragraphs; `waiting` were drawn before and not sent.

    `paragraphs` are those to be sent, in the order in which they were drawn.
    """

    strategy: str
    at_random: int
    chosen: int
    waiting: int
    paragraphs: tuple[Picked, ...] = ()


class Drawing:
    """Draws among the `held` paragraphs of the reports `chosen` once the tasks are known.

    `annotations` are all that stand, `coded` what they amount to. Without
    `record` a draw is not kept. `drawn` is None until something is drawn, and
    where nothing is.
    """

    def __init__(
        self,
        app: App,
        wish: Wish,
        labeller: Careful,
        held: Sequence[tuple[Paragraph, Report]],
        chosen: Collection[str],
        annotations: Sequence[Annotation],
        coded: Sequence[CodedParagraph],
        *,
        all_duplicates: bool,
        record: bool = True,
    ) -> None:
        self._app, self._wish, self._labeller, self._held = app, wish, labeller, held
        self._scope = [p for p, _ in held if p.report_id in chosen]
        self._annotated = {annotation.paragraph_id for annotation in annotations}
        self._coded = coded
        self._all_duplicates = all_duplicates
        self._record = record
        self.drawn: Drawn | None = None

    def narrow(self, tasks: Collection[str]) -> frozenset[str]:
        """The ids that should be tasks, given those that are; draws and records where asked to."""
        wish = self._wish
        with self._app.database.session() as session:
            batches, selected = list_batches(session), list_selected(session)
        everything = frozenset(p.paragraph_id for p in self._scope)
        if wish.strategy == ALL or (not batches and wish == Wish(seed=wish.seed)):
            return everything
        if wish.number is None:
            if not batches:
                raise UsageError("nothing was drawn yet", "say with --n how many to draw")
            tell("sending what was drawn only; --n draws more, --select all sends everything")
            return self._to_send(everything & selected, tasks)
        waiting = (everything & selected) - self._settled(selected, tasks)
        lacking = wish.number - len(waiting)
        if lacking > 0:
            selected |= self._draw(lacking, waiting, selected | set(tasks), batches)
        else:
            tell(f"{len(waiting)} paragraphs drawn before are sent first; nothing new is drawn")
            picked = self._pick(dict.fromkeys(self._in_order(waiting), BEFORE))
            self.drawn = Drawn(wish.strategy or "mixed", 0, 0, len(waiting), picked)
        return self._to_send(everything & selected, tasks)

    def _to_send(self, drawn: frozenset[str], tasks: Collection[str]) -> frozenset[str]:
        """Those `drawn` that are tasks or need one: an audit holds tagged paragraphs as well."""
        return drawn - (self._settled(drawn, tasks) - set(tasks))

    def _settled(self, wanted: Collection[str], tasks: Collection[str]) -> set[str]:
        """The ids that need no task: they or a twin of theirs have one, or they are annotated."""
        settled = set(tasks) | self._annotated
        if not self._all_duplicates:
            settled |= leave_out_twins(self._held, wanted, settled)
        return settled

    def _draw(
        self, number: int, waiting: Collection[str], gone: set[str], batches: Sequence[Batch]
    ) -> set[str]:
        """Draw `number` paragraphs, `gone` being those that are tasks or drawn, and record them."""
        strategy = self._wish.strategy or "mixed"
        seed = self._wish.seed
        if seed is None:
            seed = self._app.workspace.number("seed")
        audit_seed = batches[0].audit_seed if batches else seed
        with self._app.database.session() as session:
            held_audit = list_selected(session, audit=True)
        by_report: dict[str, list[str]] = {}
        for paragraph in self._scope:
            by_report.setdefault(paragraph.report_id, []).append(paragraph.paragraph_id)
        reached = bounds_of((b.reports, b.audited_to) for b in batches)
        audit = draw_slice(by_report, reached, held_audit, size_audit(number), audit_seed)
        # What of the audit is tagged, or a task, already costs nothing.
        new = set(audit.drawn) - gone - self._settled(audit.drawn, gone)
        gone = gone | set(audit.drawn)
        in_scope = [p.paragraph_id for p in self._scope]
        gone |= self._settled(in_scope, gone)
        chosen = self._choose(strategy, number - len(new), seed, gone)
        batch = Batch(
            strategy=strategy,
            seed=seed,
            labeller=self._labeller.labeller.version,
            reports=tuple(sorted(by_report)),
            population=len(self._scope),
            audit_seed=audit_seed,
            audited_to=audit.reached,
            drawn_at=self._app.now(),
        )
        if self._record:
            with self._app.database.session() as session:
                save_batch(session, batch, audit.drawn, dict.fromkeys(chosen, strategy))
        reasons = dict.fromkeys(self._in_order(waiting), BEFORE)
        reasons |= dict.fromkeys((key for key in audit.drawn if key in new), AUDIT)
        reasons |= {key: explain_choice(strategy, n) for n, key in enumerate(chosen)}
        picked = self._pick(reasons)
        self.drawn = Drawn(strategy, len(audit.drawn), len(chosen), len(waiting), picked)
        if (wanted := self._wish.number or 0) > len(picked):
            tell(f"{wanted} were asked for; {len(picked)} are all there is left to tag")
        return {*audit.drawn, *chosen}

    def _in_order(self, wanted: Collection[str]) -> list[str]:
        return [p.paragraph_id for p in self._scope if p.paragraph_id in wanted]

    def _pick(self, reasons: Mapping[str, str]) -> tuple[Picked, ...]:
        held = {p.paragraph_id: p for p in self._scope}
        return tuple(
            Picked(key, held[key].report_id, reason, shorten(held[key].text))
            for key, reason in reasons.items()
        )

    def _choose(self, strategy: str, number: int, seed: int, gone: set[str]) -> list[str]:
        """The ids of `number` paragraphs of the reports in question that are not `gone`."""
        in_scope = {p.paragraph_id for p in self._scope} - gone
        paragraphs = [
            p for p, _ in self._held if p.paragraph_id in in_scope or p.paragraph_id in gone
        ]
        open_ = np.array([p.paragraph_id in in_scope for p in paragraphs], dtype=bool)
        if number <= 0 or not open_.any():
            return []
        # Imported here: it takes a third of a second, and few pushes draw.
        from workbench.models.folds import group_duplicates

        codes = self._app.codebook.code_names
        scores, thresholds = self._score(paragraphs, open_, codes)
        given = [code for item in self._coded for code in item.codes]
        texts = [p.text for p in paragraphs]
        pool = Pool(
            open_=open_,
            scores=scores,
            thresholds=thresholds,
            features=build_space(texts),
            clusters=group_duplicates(texts),
            positives=np.array([given.count(code) for code in codes]),
        )
        return [paragraphs[row].paragraph_id for row in choose_rows(pool, strategy, number, seed)]

    def _score(
        self, paragraphs: Sequence[Paragraph], open_: np.ndarray, codes: Sequence[str]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Scores and thresholds; by the codebook's phrases for codes the model has not learned."""
        asked = [p for p, is_open in zip(paragraphs, open_, strict=True) if is_open]
        rows = [TextRow(p.text, p.section) for p in asked]
        cold = ColdStart(self._app.codebook)
        answers = zip(
            self._labeller.predict(asked), cold.predict(rows, evidence=False), strict=True
        )
        scores = np.zeros((len(paragraphs), len(codes)))
        scores[open_] = [
            [learned.scores.get(code, plain.scores[code]) for code in codes]
            for learned, plain in answers
        ]
        known = {**cold.thresholds, **self._labeller.labeller.thresholds}
        return scores, np.array([known[code] for code in codes])


def shorten(text: str) -> str:
    """The first words of a text."""
    words = text.split()
    return " ".join(words[:_FIRST_WORDS]) + (" ..." if len(words) > _FIRST_WORDS else "")


def print_drawn(drawn: Drawn) -> None:
    """Which paragraphs were drawn and why, as a table."""
    rows = [(p.paragraph_id, p.reason, p.words) for p in drawn.paragraphs]
    print_table(("paragraph", "why", "it begins"), rows)


def tell_drawn(drawn: Drawn | None) -> None:
    """What was drawn, for a person."""
    if drawn is None:
        return
    tell(
        f"drawn: {drawn.at_random} paragraphs at random for the audit,"
        f" {drawn.chosen} as {drawn.strategy}"
        + (f"; {drawn.waiting} drawn before are sent first" if drawn.waiting else "")
    )
