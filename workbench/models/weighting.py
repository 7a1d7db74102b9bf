"""How much each label counts: more where coders agreed, more where a publisher has few. Pure.

Weights steer what is learned and where thresholds lie, never a figure: every paragraph is judged
alike.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from workbench.models.classifier import UNDECIDED
from workbench.records import CodedParagraph

#: A label counts no less than this, however near to a tie its coders were.
LEAST = 0.1
#: A paragraph of a publisher with few of them counts no more than so many of another's.
MOST = 4.0


def weigh_labels(
    coded: Sequence[CodedParagraph],
    codes: Sequence[str],
    sources: Mapping[str, str | None] | None = None,
    carried: Collection[str] = (),
) -> np.ndarray:
    """The weight of each label, of the shape (paragraphs, codes): trust times publisher.

    `sources` has the publisher of each report by its id (`Report.source`). The
    paragraphs whose ids are `carried` have a twin's codes: nobody coded that
    publisher there, so they count once, and make no publisher one of many labels.
    """
    by_publisher = weigh_publishers(_publishers_of(coded, sources, carried))
    shares = [
        1.0
        if item.paragraph.paragraph_id in carried
        else by_publisher[(sources or {}).get(item.paragraph.report_id)]
        for item in coded
    ]
    return weigh_agreement(coded, codes) * np.array(shares)[:, np.newaxis]


def weigh_agreement(coded: Sequence[CodedParagraph], codes: Sequence[str]) -> np.ndarray:
    """|2 s - 1| for each label with the support s (`Provenance.support`), LEAST at least.

    1 where all coders agree and where an adjudicator decided, 1/3 where two of
    three gave the code, or one of three. It is the share of those for the label
    less that of those against: to learn from a paragraph with the code and
    without it, each weighed by who said so, comes to the same for a code that
    the model is in doubt about. 1 where nothing is known of the coders.
    """
    weights = np.ones((len(coded), len(codes)))
    for row, item in zip(weights, coded, strict=True):
        support = item.provenance.support
        for k, code in enumerate(codes):
            if code in support:
                row[k] = max(LEAST, abs(2 * support[code] - 1))
    return weights


def weigh_publishers(publishers: Sequence[str | None]) -> dict[str | None, float]:
    """What a paragraph of each publisher counts, given the publisher of each paragraph.

    As many times as the publisher with the most paragraphs has more, MOST at
    most. So all publishers count alike, until a few labels would count for too
    much. Reports whose publisher is not known are taken for one publisher's.
    """
    counts = Counter(publishers)
    most = max(counts.values(), default=0)
    return {
        publisher: min(MOST, most / count)
        for publisher, count in sorted(counts.items(), key=lambda item: str(item[0]))
    }


def describe_weights(
    coded: Sequence[CodedParagraph],
    labels: np.ndarray,
    codes: Sequence[str],
    sources: Mapping[str, str | None] | None = None,
    carried: Collection[str] = (),
) -> dict[str, object]:
    """What the weights rest on, in plain JSON types.

    `disputed` counts the labels, of `labels` (paragraphs, codes), that count
    less because coders disagreed. `publishers` has an entry for each, with its
    name (None where it is not known), its `paragraphs` that are not `carried` and
    their `weight`.
    """
    publishers = _publishers_of(coded, sources, carried)
    counts = Counter(publishers)
    disputed = (weigh_agreement(coded, codes) < 1) & (labels != UNDECIDED)
    return {
        "disputed": int(disputed.sum()),
        "publishers": [
            {"name": name, "paragraphs": counts[name], "weight": round(weight, 4)}
            for name, weight in weigh_publishers(publishers).items()
        ],
    }


def _publishers_of(
    coded: Sequence[CodedParagraph],
    sources: Mapping[str, str | None] | None,
    carried: Collection[str],
) -> list[str | None]:
    """The publisher of each paragraph that was coded itself."""
    return [
        (sources or {}).get(item.paragraph.report_id)
        for item in coded
        if item.paragraph.paragraph_id not in carried
    ]
