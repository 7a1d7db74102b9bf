"""Consensus labels: majority, ties, skips, second thoughts."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.consensus import find_consensus


def test_more_than_half_decides_and_exactly_half_is_tied(make_document, make_annotation) -> None:
    paragraph = make_document(["One."]).paragraphs[0]
    key = paragraph.paragraph_id
    (coded,) = find_consensus(
        [paragraph],
        [
            make_annotation(key, "ana", "labor", "torture"),
            make_annotation(key, "ben", "labor"),
            make_annotation(key, "chloe", "labor", "torture"),
            make_annotation(key, "dan"),
        ],
    )
    assert coded.codes == ("labor",)
    assert coded.tied == ("torture",)
    assert coded.coders == ("ana", "ben", "chloe", "dan")


def test_skips_do_not_count_and_the_newer_of_two_by_one_coder_does(
    make_document, make_annotation
) -> None:
    paragraph = make_document(["One."]).paragraphs[0]
    key = paragraph.paragraph_id
    old = make_annotation(key, "ana", "labor", key="1")
    new = make_annotation(key, "ana", key="2", updated_at=old.updated_at + timedelta(hours=1))
    skipped = make_annotation(key, "ben", skipped=True)
    (coded,) = find_consensus([paragraph], [new, old, skipped])
    assert (coded.codes, coded.coders) == ((), ("ana",))


def test_uncoded_paragraphs_are_left_out(make_document, make_annotation) -> None:
    first, second = make_document(["One.", "Two."]).paragraphs
    coded = find_consensus([first, second], [make_annotation(second.paragraph_id, "ana")])
    assert [c.paragraph for c in coded] == [second]


@given(st.lists(st.sets(st.sampled_from("abcd")), min_size=1, max_size=7))
def test_codes_and_ties_are_disjoint_and_match_the_counts(choices: list[set[str]]) -> None:
    from datetime import UTC, datetime

    from workbench.records import Annotation, Paragraph

    now = datetime(2026, 1, 1, tzinfo=UTC)
    paragraph = Paragraph("p", "r", 0, (), "t", 0, 1, ((0, 1),))
    annotations = [
        Annotation("p", f"coder {i}", tuple(sorted(codes)), f"k{i}", "studio", now, now)
        for i, codes in enumerate(choices)
    ]
    (coded,) = find_consensus([paragraph], annotations)
    for code in "abcd":
        votes = sum(code in chosen for chosen in choices)
        assert (code in coded.codes) == (2 * votes > len(choices))
        assert (code in coded.tied) == (2 * votes == len(choices) and votes > 0)
