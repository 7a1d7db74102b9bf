"""Who is to code which paragraph: several coders each, shared out by weight and by report. Pure.

A run shares out seats: a paragraph that needs two more coders has two. In each
report a coder gets the whole number of seats just below or above the coder's
share of them, so that reports are balanced one by one; who gets the one more is
who is furthest behind over all reports. Within a report seats are filled so
that every coder meets every other one equally often, as far as weights allow.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from hashlib import blake2b

from workbench.errors import UsageError
from workbench.records import Assignment


def assign_paragraphs(
    paragraphs: Mapping[str, Collection[str]],
    weights: Mapping[str, float],
    per_paragraph: int,
    shared: int,
    seed: int,
    existing: Iterable[Assignment] = (),
    coded: Iterable[tuple[str, str]] = (),
) -> list[Assignment]:
    """What is to be assigned besides the `existing` assignments, which all stay.

    `paragraphs` are the ids by report, `weights` the coders' shares of the work.
    `shared` paragraphs, drawn at random from those that nobody has, go to all
    coders: with those that are shared already, so many in all, or fewer where
    the paragraphs do not suffice. Each of the others gets `per_paragraph`
    different coders, counting those who have it and those who have `coded` it
    (paragraph, coder). The same arguments, in any order, give the same
    assignments; with these among the `existing`, none.

    With equal weights, and where nothing exists, two coders' numbers differ by
    at most 1 in each report; so they do over all reports. In general a number
    is less than 1 from the coder's share, unless who has a paragraph already
    leaves too few others. A weight that asks for more than every paragraph of
    a report gives every paragraph. UsageError where there are fewer coders than
    `per_paragraph`, or a weight is not above 0.
    """
    _check(weights, per_paragraph, shared)
    existing = list(existing)
    had: dict[str, set[str]] = {}
    for paragraph_id, coder in (*((a.paragraph_id, a.coder) for a in existing), *coded):
        had.setdefault(paragraph_id, set()).add(coder)
    everywhere = {a.paragraph_id for a in existing if a.shared}
    fresh = sorted(
        {key for ids in paragraphs.values() for key in ids if key not in had},
        key=lambda key: seeded_rank(seed, "shared", key),
    )
    drawn = fresh[: max(0, shared - len(everywhere))]
    everywhere |= set(drawn)
    coders = sorted(weights)
    made = [
        Assignment(paragraph_id, coder, shared=True)
        for paragraph_id in sorted(everywhere)
        for coder in coders
        if coder not in had.get(paragraph_id, ())
    ]
    table = _Table(weights, seed, [a for a in existing if not a.shared])
    for report_id in sorted(paragraphs):
        lacking = {
            key: per_paragraph - len(had.get(key, ()))
            for key in sorted(paragraphs[report_id])
            if key not in everywhere and len(had.get(key, ())) < per_paragraph
        }
        made += table.seat(report_id, lacking, had)
    return made


def seeded_rank(seed: int, *parts: str) -> bytes:
    """A place in a random order that depends on the seed alone, not on the order of reading."""
    return blake2b("\x1f".join((str(seed), *parts)).encode(), digest_size=8).digest()


def _check(weights: Mapping[str, float], per_paragraph: int, shared: int) -> None:
    if per_paragraph < 1 or shared < 0:
        raise UsageError(f"{per_paragraph} coders a paragraph, {shared} shared: impossible")
    if len(weights) < per_paragraph:
        raise UsageError(
            f"{per_paragraph} coders a paragraph asked for, but only {len(weights)} named",
            "name more coders, or lower --per-paragraph",
        )
    for coder, weight in weights.items():
        if not 0 < weight < float("inf"):
            raise UsageError(f"weight {weight} of {coder}", "give every coder a number above 0")


class _Table:
    """Seats coders at paragraphs, report by report, and remembers who sat where with whom."""

    def __init__(
        self, weights: Mapping[str, float], seed: int, existing: Iterable[Assignment]
    ) -> None:
        self._coders = sorted(weights)
        self._weights = {coder: Fraction(weights[coder]) for coder in self._coders}
        # Exact where they share out, plain numbers where they only compare: it is done very often.
        self._pull = {coder: float(weight) for coder, weight in weights.items()}
        self._seed = seed
        self._load: Counter[str] = Counter()
        self._met: defaultdict[str, Counter[str]] = defaultdict(Counter)
        at: dict[str, list[str]] = {}
        for assignment in existing:
            at.setdefault(assignment.paragraph_id, []).append(assignment.coder)
        for sitting in at.values():
            self._load.update(coder for coder in sitting if coder in weights)
            self._meet(sitting)
        total, whole = sum(self._load.values()), sum(self._weights.values())
        #: What every coder should have by now, by weight.
        self._due = {coder: total * w / whole for coder, w in self._weights.items()}

    def seat(
        self, report_id: str, lacking: Mapping[str, int], had: Mapping[str, set[str]]
    ) -> list[Assignment]:
        """Give each paragraph of a report as many more coders as it is `lacking`."""
        free = {key: [c for c in self._coders if c not in had.get(key, ())] for key in lacking}
        places = Counter(coder for coders in free.values() for coder in coders)
        quota = self._share(report_id, sum(lacking.values()), places)
        seats: dict[str, list[str]] = {}
        # Those with the least choice first, else at random.
        order = sorted(
            free, key=lambda key: (len(free[key]), seeded_rank(self._seed, "order", key))
        )
        for key in order:
            sitting = sorted(had.get(key, ()))
            chosen = seats[key] = []
            for _ in range(lacking[key]):
                coder = self._choose(key, free[key], [*sitting, *chosen], quota, places)
                chosen.append(coder)
                free[key].remove(coder)
                quota[coder] -= 1
                places[coder] -= 1
            places.subtract(free[key])
            self._meet([*sitting, *chosen])
        _settle(order, seats, free, quota)
        made = [Assignment(key, coder) for key, chosen in seats.items() for coder in chosen]
        self._load.update(assignment.coder for assignment in made)
        return made

    def _share(self, report_id: str, seats: int, places: Mapping[str, int]) -> Counter[str]:
        """How many of a report's seats each coder gets, of those with a place for them."""
        targets = _fill(seats, self._weights, places)
        quota = Counter({coder: int(target) for coder, target in targets.items()})
        for coder, target in targets.items():
            self._due[coder] += target
        behind = sorted(
            (coder for coder, target in targets.items() if target > int(target)),
            key=lambda coder: (
                self._load[coder] + quota[coder] - self._due[coder],
                seeded_rank(self._seed, "more", report_id, coder),
            ),
        )
        quota.update(behind[: seats - sum(quota.values())])
        return quota

    def _choose(
        self,
        key: str,
        free: Collection[str],
        sitting: Collection[str],
        quota: Mapping[str, int],
        places: Mapping[str, int],
    ) -> str:
        """Who takes the next seat at a paragraph where some are `sitting`."""
        owed = [coder for coder in free if quota[coder] > 0] or list(free)
        # Whose seats to come are all needed to fill the quota must sit now.
        pressed = [coder for coder in owed if quota[coder] >= places[coder]]
        return min(
            pressed or owed,
            key=lambda coder: (
                self._acquaintance(coder, sitting),
                -quota[coder] / max(1, places[coder]),
                seeded_rank(self._seed, "seat", key, coder),
            ),
        )

    def _acquaintance(self, coder: str, sitting: Collection[str]) -> float:
        """How often a coder met those who are sitting, against how often by their weights."""
        met = self._met[coder]
        often = sum(met[other] / self._pull.get(other, 1.0) for other in sitting)
        return often / self._pull[coder]

    def _meet(self, sitting: Collection[str]) -> None:
        for coder in sitting:
            self._met[coder].update(other for other in sitting if other != coder)


def _settle(
    order: Iterable[str],
    seats: Mapping[str, list[str]],
    free: Mapping[str, list[str]],
    quota: Counter[str],
) -> None:
    """Move seats from coders with more than their quota to those who have less, where they can.

    Only where some have paragraphs already can the one be over and the other below.
    """
    for key in order:
        for place, coder in enumerate(seats[key]):
            if quota[coder] < 0:
                others = [other for other in free[key] if quota[other] > 0]
                if others:
                    seats[key][place] = others[0]
                    free[key].remove(others[0])
                    free[key].append(coder)
                    quota[coder] += 1
                    quota[others[0]] -= 1


def _fill(
    seats: int, weights: Mapping[str, Fraction], places: Mapping[str, int]
) -> dict[str, Fraction]:
    """Shares of the seats by weight, none above its places; they sum to `seats`."""
    shares = {coder: Fraction(0) for coder in weights}
    open_ = [coder for coder in weights if places.get(coder, 0)]
    left = Fraction(seats)
    while open_:
        whole = sum(weights[coder] for coder in open_)
        full = [coder for coder in open_ if left * weights[coder] / whole >= places[coder]]
        if not full:
            return shares | {coder: left * weights[coder] / whole for coder in open_}
        for coder in full:
            shares[coder] = Fraction(places[coder])
            left -= places[coder]
        open_ = [coder for coder in open_ if coder not in full]
    return shares
