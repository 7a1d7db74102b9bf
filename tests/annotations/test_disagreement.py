"""The most disputed paragraphs and the codes that stand in each other's place."""

from datetime import UTC, datetime, timedelta

import pytest

from workbench.annotations.codings import Coding
from workbench.annotations.disagreement import (
    Choice,
    ConfusedPair,
    comments_from,
    find_confused,
    rank_disputed,
)
from workbench.records import Annotation


def code(unit, **choices):
    return [
        Coding(unit, coder, frozenset(codes.split())) for coder, codes in sorted(choices.items())
    ]


def test_paragraphs_are_ranked_by_mean_masi_distance():
    codings = [
        *code("agreed", ann="labor", ben="labor"),
        *code("subset", ann="labor", ben="labor assembly"),
        *code("apart", ann="labor", ben="torture"),
        *code("against-none", ann="labor", ben=""),
        *code("overlap", ann="labor torture", ben="labor assembly"),
        *code("two-of-three", ann="labor", ben="labor", cy=""),
        *code("alone", ann="labor"),
    ]
    ranked = [(d.unit, round(d.distance, 4)) for d in rank_disputed(codings)]
    assert ranked == [
        ("against-none", 1.0),
        ("apart", 1.0),
        ("overlap", round(1 - 1 / 9, 4)),
        ("subset", round(1 - 1 / 3, 4)),
        ("two-of-three", round(2 / 3, 4)),
    ]


def test_disputed_paragraph_names_each_coders_choice_and_comment():
    codings = code("p1", cy="labor assembly", ann="labor", ben="")
    (disputed,) = rank_disputed(codings, {("p1", "ben"): "only background"})
    assert disputed.codes == ("assembly", "labor")
    assert disputed.choices == (
        Choice("ann", ("labor",)),
        Choice("ben", (), "only background"),
        Choice("cy", ("assembly", "labor")),
    )


def test_code_that_all_gave_is_not_disputed():
    (disputed,) = rank_disputed(code("p1", ann="labor", ben="labor torture"))
    assert disputed.codes == ("torture",)


def test_codes_in_each_others_place_are_counted_by_paragraph_and_by_pair():
    codings = [
        *code("p1", ann="labor", ben="assembly", cy="assembly"),
        *code("p2", ann="assembly", ben="labor"),
        *code("p3", ann="labor", ben=""),
        *code("p4", ann="labor torture", ben="labor"),
        *code("p5", ann="labor", ben="labor"),
    ]
    assert find_confused(codings) == [
        ConfusedPair("assembly", "labor", paragraphs=2, pairs=3),
        ConfusedPair("labor", None, paragraphs=1, pairs=1),
        ConfusedPair("torture", None, paragraphs=1, pairs=1),
    ]


def test_order_of_codings_and_coders_does_not_change_what_is_confused():
    codings = [*code("p1", ann="labor", ben="assembly"), *code("p2", ann="torture", ben="")]
    swapped = [Coding(c.unit, {"ann": "zoe", "ben": "al"}[c.coder], c.codes) for c in codings]
    assert find_confused(reversed(swapped)) == find_confused(codings)


@pytest.mark.parametrize("find", [rank_disputed, find_confused])
def test_without_codings_or_disagreement_nothing_is_found(find):
    assert find([]) == []
    assert find(code("p1", ann="labor", ben="labor")) == []


def test_comments_are_those_of_the_annotations_that_count():
    at = datetime(2024, 5, 1, tzinfo=UTC)

    def annotate(coder, comment, minute, skipped=False):
        when = at + timedelta(minutes=minute)
        key = f"{coder}{minute}"
        return Annotation(
            "p1", coder, (), key, "import", when, when, comment=comment, skipped=skipped
        )

    annotations = [
        annotate("ann", "unsure", 1),
        annotate("ann", "see rule 2", 2),
        annotate("ben", "old thought", 1),
        annotate("ben", "", 3),
        annotate("cy", "cannot read it", 1, skipped=True),
    ]
    assert comments_from(annotations) == {("p1", "ann"): "see rule 2"}
