"""What several coders' decisions amount to: the consensus labels. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.annotations.codings import standing
from workbench.records import Annotation, CodedParagraph, Paragraph
from workbench.reports.twins import twin_key


@dataclass(frozen=True, slots=True)
class Consensus:
    """The paragraphs that have codes.

    `sources` has an entry for each that nobody coded itself and that has the
    codes of its twins (see `reports.twins`): the ids of those, in order.
    """

    coded: tuple[CodedParagraph, ...]
    sources: Mapping[str, tuple[str, ...]]

    @property
    def carried(self) -> frozenset[str]:
        """The ids of the paragraphs whose codes were carried over."""
        return frozenset(self.sources)

    def of_reports(self, report_ids: Iterable[str]) -> "Consensus":
        """What of it is in these reports; a source may be in another one."""
        wanted = set(report_ids)
        coded = tuple(c for c in self.coded if c.paragraph.report_id in wanted)
        ids = {c.paragraph.paragraph_id for c in coded}
        return Consensus(coded, {key: found for key, found in self.sources.items() if key in ids})


def find_consensus(
    paragraphs: Iterable[Paragraph], annotations: Iterable[Annotation]
) -> list[CodedParagraph]:
    """The coded paragraphs, in the order of `paragraphs`.

    A code stands where more than half of a paragraph's coders chose it; where
    exactly half did, it is tied and awaits adjudication. Skipped annotations
    do not count, and of two by one coder the newer does. A paragraph that
    nobody coded is left out.
    """
    votes = _votes(annotations)
    return [_count(p, votes[p.paragraph_id]) for p in paragraphs if p.paragraph_id in votes]


def share_consensus(
    paragraphs: Iterable[Paragraph], annotations: Iterable[Annotation]
) -> Consensus:
    """As `find_consensus`, and a coded paragraph's codes for its twins as well.

    What was decided on a paragraph itself stands. One that nobody coded has
    the codes that more than half of all decisions on its twins gave; where
    exactly half did, it is tied as well.
    """
    paragraphs = list(paragraphs)
    votes = _votes(annotations)
    keys = {p.paragraph_id: twin_key(p) for p in paragraphs} if votes else {}
    sources: dict[bytes, list[str]] = defaultdict(list)
    for paragraph_id, key in keys.items():
        if paragraph_id in votes:
            sources[key].append(paragraph_id)
    coded: list[CodedParagraph] = []
    carried: dict[str, tuple[str, ...]] = {}
    for paragraph in paragraphs if votes else ():
        paragraph_id = paragraph.paragraph_id
        given = votes.get(paragraph_id)
        if given is None:
            twins = sources.get(keys[paragraph_id])
            if twins is None:
                continue
            given = [vote for twin in twins for vote in votes[twin]]
            carried[paragraph_id] = tuple(twins)
        coded.append(_count(paragraph, given))
    return Consensus(tuple(coded), carried)


def _votes(annotations: Iterable[Annotation]) -> dict[str, list[Annotation]]:
    votes: dict[str, list[Annotation]] = {}
    for annotation in standing(annotations):
        votes.setdefault(annotation.paragraph_id, []).append(annotation)
    return votes


def _count(paragraph: Paragraph, votes: Sequence[Annotation]) -> CodedParagraph:
    counts = Counter(code for annotation in votes for code in annotation.codes)
    return CodedParagraph(
        paragraph=paragraph,
        codes=tuple(sorted(c for c, n in counts.items() if 2 * n > len(votes))),
        tied=tuple(sorted(c for c, n in counts.items() if 2 * n == len(votes))),
        coders=tuple(sorted({annotation.coder for annotation in votes})),
    )
