"""What several coders' decisions amount to: the consensus labels. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.annotations.codings import adjudications, standing
from workbench.annotations.reliability import Reliability, Settled, measure_reliability
from workbench.errors import UsageError
from workbench.records import Annotation, CodedParagraph, Paragraph, Provenance
from workbench.reports.twins import twin_key

#: How disputed codes are decided; what an adjudicator decided stands in either case.
MAJORITY, DAWID_SKENE = LABELS = ("majority", "dawid-skene")
#: Dawid and Skene's model decides where it is four to one; less is a tie.
DECIDED = 0.8


@dataclass(frozen=True, slots=True)
class Consensus:
    """The paragraphs that have codes.

    `sources` has an entry for each that nobody coded itself and that has the
    codes of its twins (see `reports.twins`): the ids of those, in order.
    `shared` is the number of paragraphs that two coders or more coded.
    `reliability` is what `dawid-skene` labels rest on, None of others.
    """

    coded: tuple[CodedParagraph, ...]
    sources: Mapping[str, tuple[str, ...]]
    shared: int = 0
    reliability: Reliability | None = None

    @property
    def carried(self) -> frozenset[str]:
        """The ids of the paragraphs whose codes were carried over."""
        return frozenset(self.sources)

    def of_reports(self, report_ids: Iterable[str]) -> "Consensus":
        """What of it is in these reports; a source may be in another one."""
        wanted = set(report_ids)
        coded = tuple(c for c in self.coded if c.paragraph.report_id in wanted)
        ids = {c.paragraph.paragraph_id for c in coded}
        sources = {key: found for key, found in self.sources.items() if key in ids}
        return replace(self, coded=coded, sources=sources)


@dataclass(frozen=True, slots=True)
class _Decisions:
    """What was decided on one paragraph or its twins: by coders, by adjudicators."""

    votes: Sequence[Annotation]
    rulings: Sequence[Annotation]


def find_consensus(
    paragraphs: Iterable[Paragraph], annotations: Iterable[Annotation], labels: str = MAJORITY
) -> list[CodedParagraph]:
    """The coded paragraphs, in the order of `paragraphs`.

    What an adjudicator decided stands. Else `labels` says how the coders'
    decisions are weighed. "majority": a code stands where more than half of a
    paragraph's coders gave it; where exactly half did, it is tied and awaits
    adjudication. "dawid-skene": what they all decided alike stands; a code on
    which they differ stands or falls where its probability, given how reliable
    each of them is, is `DECIDED`, and is tied in between.

    Skipped annotations do not count, and of two by one coder the newer does.
    Several adjudicators of a paragraph decide by majority. A paragraph that
    nobody coded is left out. Raises AnnotationError where there is too little
    for "dawid-skene" (see `reliability`), UsageError for any other `labels`.
    """
    decisions = _by_paragraph(annotations)
    reliability = _weigh(decisions, labels)
    return [
        _decide(p, decisions[p.paragraph_id], reliability)
        for p in paragraphs
        if p.paragraph_id in decisions
    ]


def share_consensus(
    paragraphs: Iterable[Paragraph], annotations: Iterable[Annotation], labels: str = MAJORITY
) -> Consensus:
    """As `find_consensus`, and a coded paragraph's codes for its twins as well.

    What was decided on a paragraph itself stands. One that nobody coded has
    what all decisions on its twins together amount to, and says so.
    """
    paragraphs = list(paragraphs)
    decisions = _by_paragraph(annotations)
    reliability = _weigh(decisions, labels)
    keys = {p.paragraph_id: twin_key(p) for p in paragraphs} if decisions else {}
    twins: dict[bytes, list[str]] = defaultdict(list)
    for paragraph_id, key in keys.items():
        if paragraph_id in decisions:
            twins[key].append(paragraph_id)
    coded: list[CodedParagraph] = []
    carried: dict[str, tuple[str, ...]] = {}
    for paragraph in paragraphs if decisions else ():
        paragraph_id = paragraph.paragraph_id
        own = decisions.get(paragraph_id)
        if own is None:
            sources = tuple(twins.get(keys[paragraph_id], ()))
            if not sources:
                continue
            own = _together([decisions[source] for source in sources])
            carried[paragraph_id] = sources
        coded.append(_decide(paragraph, own, reliability, carried.get(paragraph_id, ())))
    shared = sum(len(given.votes) > 1 for given in decisions.values())
    return Consensus(tuple(coded), carried, shared, reliability)


def is_moved(coded: CodedParagraph) -> bool:
    """Whether its codes are others than more than half of its coders gave.

    A code that the majority gave and that is now tied counts. What nobody but
    adjudicators coded is not moved.
    """
    if coded.coders == coded.provenance.adjudicators:
        return False
    majority = {code for code, share in coded.provenance.shares.items() if share > 0.5}
    return majority != set(coded.codes)


def _by_paragraph(annotations: Iterable[Annotation]) -> dict[str, _Decisions]:
    annotations = list(annotations)
    votes: dict[str, list[Annotation]] = defaultdict(list)
    rulings: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in standing(annotations):
        votes[annotation.paragraph_id].append(annotation)
    for annotation in adjudications(annotations):
        rulings[annotation.paragraph_id].append(annotation)
    return {
        key: _Decisions(votes.get(key, ()), rulings.get(key, ())) for key in {**votes, **rulings}
    }


def _weigh(decisions: Mapping[str, _Decisions], labels: str) -> Reliability | None:
    if labels not in LABELS:
        raise UsageError(f"no labels {labels!r}", f"use {' or '.join(LABELS)}")
    if labels == MAJORITY:
        return None
    settled = {
        key: Settled(*_split(_shares(given.rulings)))
        for key, given in decisions.items()
        if given.rulings
    }
    return measure_reliability({k: d.votes for k, d in decisions.items() if d.votes}, settled)


def _together(decisions: Sequence[_Decisions]) -> _Decisions:
    return _Decisions(
        [vote for given in decisions for vote in given.votes],
        [ruling for given in decisions for ruling in given.rulings],
    )


def _decide(
    paragraph: Paragraph,
    given: _Decisions,
    reliability: Reliability | None,
    sources: tuple[str, ...] = (),
) -> CodedParagraph:
    shares = _shares(given.votes)
    if given.rulings:
        # A code that the coders gave and the adjudicators did not has no support left.
        decided, support = "adjudicated", dict.fromkeys(shares, 0.0) | _shares(given.rulings)
        codes, tied = _split(support)
    elif reliability is not None:
        decided = DAWID_SKENE
        support = {c: round(p, 6) for c, p in reliability.judge(given.votes).items()}
        codes = [c for c, p in support.items() if shares[c] == 1 or p >= DECIDED]
        tied = [c for c, p in support.items() if c not in codes and p > 1 - DECIDED]
    else:
        decided, support = MAJORITY, shares
        codes, tied = _split(support)
    people = {annotation.coder for annotation in (*given.votes, *given.rulings)}
    return CodedParagraph(
        paragraph=paragraph,
        codes=tuple(sorted(codes)),
        tied=tuple(sorted(tied)),
        coders=tuple(sorted(people)),
        provenance=Provenance(
            decided=decided,
            support=dict(sorted(support.items())),
            shares=shares,
            adjudicators=tuple(sorted({ruling.coder for ruling in given.rulings})),
            sources=sources,
            reasons=tuple(sorted({ruling.reason for ruling in given.rulings if ruling.reason})),
        ),
    )


def _shares(votes: Sequence[Annotation]) -> dict[str, float]:
    counts = Counter(code for vote in votes for code in vote.codes)
    return {code: round(number / len(votes), 6) for code, number in sorted(counts.items())}


def _split(shares: Mapping[str, float]) -> tuple[list[str], list[str]]:
    """The codes that more than half gave, and those that exactly half did."""
    return [c for c, s in shares.items() if s > 0.5], [c for c, s in shares.items() if s == 0.5]
