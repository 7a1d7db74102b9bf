"""Consensus labels: majority, ties, skips, second thoughts."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.codings import codings_from
from workbench.annotations.consensus import find_consensus, share_consensus


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


def two_years(make_document):
    early = make_document(["Same words.", "Only then."], "veldoria-2017-state", year=2017)
    late = make_document(["Same words.", "Only now."], "veldoria-2020-state")
    return early.paragraphs, late.paragraphs


def test_a_twin_that_nobody_coded_has_the_codes_and_says_whose(
    make_document, make_annotation
) -> None:
    early, late = two_years(make_document)
    decisions = [make_annotation(late[0].paragraph_id, name, "labor") for name in ("ana", "ben")]
    consensus = share_consensus([*early, *late], decisions)
    assert [c.paragraph for c in consensus.coded] == [early[0], late[0]]
    assert {c.codes for c in consensus.coded} == {("labor",)}
    assert consensus.sources == {early[0].paragraph_id: (late[0].paragraph_id,)}
    assert consensus.carried == {early[0].paragraph_id}


def test_what_was_decided_on_a_paragraph_itself_stands(make_document, make_annotation) -> None:
    early, late = two_years(make_document)
    third = make_document(["Same words."], "veldoria-2021-state").paragraphs[0]
    consensus = share_consensus(
        [*early, *late, third],
        [
            make_annotation(early[0].paragraph_id, "ana", "labor", "torture"),
            make_annotation(late[0].paragraph_id, "ana", "labor"),
        ],
    )
    codes = {c.paragraph.report_id: (c.codes, c.tied) for c in consensus.coded}
    assert codes["veldoria-2017-state"] == (("labor", "torture"), ())
    assert codes["veldoria-2020-state"] == (("labor",), ())
    assert codes["veldoria-2021-state"] == (("labor",), ("torture",))
    assert consensus.sources == {third.paragraph_id: (early[0].paragraph_id, late[0].paragraph_id)}


def test_skipped_twins_carry_nothing_over(make_document, make_annotation) -> None:
    early, late = two_years(make_document)
    skipped = make_annotation(late[0].paragraph_id, "ana", skipped=True)
    assert share_consensus([*early, *late], [skipped]).coded == ()


def test_codes_reach_a_report_from_another_one_that_was_not_asked_for(
    make_document, make_annotation
) -> None:
    early, late = two_years(make_document)
    everything = share_consensus(
        [*early, *late], [make_annotation(late[0].paragraph_id, "ana", "labor")]
    )
    part = everything.of_reports(["veldoria-2017-state"])
    assert [c.paragraph for c in part.coded] == [early[0]]
    assert part.sources == {early[0].paragraph_id: (late[0].paragraph_id,)}
    assert everything.of_reports(["veldoria-2020-state"]).sources == {}


def test_agreement_counts_decisions_not_the_twins_they_carry_over_to(
    make_document, make_annotation
) -> None:
    early, late = two_years(make_document)
    decisions = [make_annotation(late[0].paragraph_id, name, "labor") for name in ("ana", "ben")]
    assert len(share_consensus([*early, *late], decisions).coded) == 2
    assert {coding.unit for coding in codings_from(decisions)} == {late[0].paragraph_id}
