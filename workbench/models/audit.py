"""The audit: paragraphs drawn at random, on which alone figures of prevalence rest. Pure.

Every paragraph has a random number of its own for good, made of the seed and its
id (permanent random numbers: Ohlsson 1995, "Coordination of samples using
permanent random numbers"). The audit of a report is all its paragraphs with
numbers up to some bound; to draw more is to raise the bound. So whatever is drawn
in how many batches is a simple random sample without replacement of the whole
report, its tagged paragraphs included: what else was chosen for tagging, and by
which model, cannot bias it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

#: Of a batch one paragraph in so many is drawn at random, and at least so many in all.
AUDIT_ONE_IN = 5
AUDIT_LEAST = 5
#: The bounds of a report that no audit has drawn from, and of one audited whole.
NOWHERE = ""
WHOLE = "f" * 16


@dataclass(frozen=True, slots=True)
class Slice:
    """What an audit draws: paragraph ids in the order of their numbers, and the bound reached."""

    drawn: tuple[str, ...]
    reached: str


def size_audit(number: int) -> int:
    """How many of a batch of `number` paragraphs are drawn at random."""
    return min(number, max(AUDIT_LEAST, -(-number // AUDIT_ONE_IN)))


def number_of(paragraph_id: str, seed: int) -> str:
    """The paragraph's random number: 64 bits in hexadecimal, so that texts compare as numbers."""
    named = f"{seed}\x00{paragraph_id}".encode("utf-8", "surrogatepass")
    return blake2b(named, digest_size=8).hexdigest()


def draw_slice(
    reports: Mapping[str, Sequence[str]],
    reached: Mapping[str, str],
    recorded: Collection[str],
    size: int,
    seed: int,
) -> Slice:
    """`size` further paragraphs of `reports` (id to paragraph ids) at random.

    `reached` has the bound of each report so far (none: NOWHERE), `recorded`
    the ids that the audit holds. Paragraphs below their report's bound that it
    does not hold (a corrected file brought them) are drawn as well.
    """
    late: list[tuple[str, str]] = []
    ahead: list[tuple[str, str]] = []
    for report_id, paragraph_ids in reports.items():
        bound = reached.get(report_id, NOWHERE)
        for paragraph_id in paragraph_ids:
            number = number_of(paragraph_id, seed)
            if number > bound:
                ahead.append((number, paragraph_id))
            elif paragraph_id not in recorded:
                late.append((number, paragraph_id))
    ahead.sort()
    drawn = ahead[:size]
    bound = WHOLE if size >= len(ahead) else drawn[-1][0] if drawn else NOWHERE
    return Slice(tuple(key for _, key in sorted(late) + drawn), bound)


def bounds_of(draws: Iterable[tuple[Sequence[str], str]]) -> dict[str, str]:
    """The bound of each report after `draws`: (report ids, bound reached) each."""
    bounds: dict[str, str] = {}
    for reports, reached in draws:
        for report_id in reports:
            bounds[report_id] = max(bounds.get(report_id, NOWHERE), reached)
    return bounds
