"""What several coders' decisions amount to: the consensus labels. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from workbench.annotations.codings import standing
from workbench.records import Annotation, CodedParagraph, Paragraph


def find_consensus(
    paragraphs: Iterable[Paragraph], annotations: Iterable[Annotation]
) -> list[CodedParagraph]:
    """The coded paragraphs, in the order of `paragraphs`.

    A code stands where more than half of a paragraph's coders chose it; where
    exactly half did, it is tied and awaits adjudication. Skipped annotations
    do not count, and of two by one coder the newer does. A paragraph that
    nobody coded is left out.
    """
    votes: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in standing(annotations):
        votes[annotation.paragraph_id].append(annotation)
    return [_count(p, votes[p.paragraph_id]) for p in paragraphs if p.paragraph_id in votes]


def _count(paragraph: Paragraph, votes: Sequence[Annotation]) -> CodedParagraph:
    counts = Counter(code for annotation in votes for code in annotation.codes)
    return CodedParagraph(
        paragraph=paragraph,
        codes=tuple(sorted(c for c, n in counts.items() if 2 * n > len(votes))),
        tied=tuple(sorted(c for c, n in counts.items() if 2 * n == len(votes))),
        coders=tuple(sorted(annotation.coder for annotation in votes)),
    )
