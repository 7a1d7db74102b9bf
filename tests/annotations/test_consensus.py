"""Consensus labels: majority, ties, adjudication, the coders' reliability, provenance."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.codings import codings_from, notes_on
from workbench.annotations.consensus import find_consensus, is_moved, share_consensus
from workbench.annotations.reliability import FEWEST_SHARED
from workbench.errors import AnnotationError, UsageError


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
        share = coded.provenance.shares.get(code, 0)
        assert share == pytest.approx(votes / len(choices), abs=1e-6)
    assert coded.provenance.support == coded.provenance.shares
    assert coded.provenance.decided == "majority"


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


def settle(make_annotation, paragraph_id: str, name: str, *codes: str, **changes: object):
    key = f"adjudication/{name}/{paragraph_id}"
    return make_annotation(
        paragraph_id, name, *codes, **({"origin": "adjudication", "key": key} | changes)
    )


def test_an_adjudicator_stands_over_the_coders_and_their_shares_are_kept(
    make_document, make_annotation
) -> None:
    paragraph = make_document(["One."]).paragraphs[0]
    key = paragraph.paragraph_id
    votes = [make_annotation(key, name, "labor") for name in ("ana", "ben")]
    votes.append(make_annotation(key, "chloe", "torture"))
    (coded,) = find_consensus(
        [paragraph], [*votes, settle(make_annotation, key, "dora", "torture")]
    )
    assert (coded.codes, coded.tied) == (("torture",), ())
    assert coded.coders == ("ana", "ben", "chloe", "dora")
    provenance = coded.provenance
    assert (provenance.decided, provenance.adjudicators) == ("adjudicated", ("dora",))
    assert provenance.support == {"labor": 0.0, "torture": 1.0}
    assert provenance.shares == {"labor": 0.666667, "torture": 0.333333}
    assert is_moved(coded)


def test_none_of_these_can_be_what_the_adjudicator_decided(make_document, make_annotation) -> None:
    paragraph = make_document(["One."]).paragraphs[0]
    key = paragraph.paragraph_id
    votes = [make_annotation(key, "ana", "labor"), settle(make_annotation, key, "dora")]
    (coded,) = find_consensus([paragraph], votes)
    assert (coded.codes, coded.provenance.decided) == ((), "adjudicated")
    assert coded.provenance.support == {"labor": 0.0}


def test_two_adjudicators_who_differ_leave_a_tie(make_document, make_annotation) -> None:
    paragraph = make_document(["One."]).paragraphs[0]
    key = paragraph.paragraph_id
    rulings = [
        settle(make_annotation, key, "dora", "labor"),
        settle(make_annotation, key, "emil", "labor", "torture"),
    ]
    (coded,) = find_consensus([paragraph], rulings)
    assert (coded.codes, coded.tied) == (("labor",), ("torture",))
    assert not is_moved(coded)


def test_an_adjudicator_who_skipped_settles_nothing_and_the_newer_ruling_stands(
    make_document, make_annotation
) -> None:
    first, second = make_document(["One.", "Two."]).paragraphs
    old = settle(make_annotation, second.paragraph_id, "dora", "labor")
    later = old.updated_at + timedelta(days=1)
    coded = find_consensus(
        [first, second],
        [
            make_annotation(first.paragraph_id, "ana", "labor"),
            settle(make_annotation, first.paragraph_id, "dora", skipped=True),
            settle(
                make_annotation, second.paragraph_id, "dora", "torture", updated_at=later, key="2"
            ),
            old,
        ],
    )
    assert [(c.codes, c.provenance.decided) for c in coded] == [
        (("labor",), "majority"),
        (("torture",), "adjudicated"),
    ]


def test_adjudication_changes_nothing_of_the_agreement(make_document, make_annotation) -> None:
    paragraph = make_document(["One."]).paragraphs[0]
    key = paragraph.paragraph_id
    votes = [make_annotation(key, "ana", "labor"), make_annotation(key, "ben")]
    # Ben decides later, as adjudicator, what he decided otherwise as a coder.
    ruling = settle(
        make_annotation, key, "ben", "labor", updated_at=votes[0].updated_at + timedelta(days=1)
    )
    assert codings_from([*votes, ruling]) == codings_from(votes)
    assert notes_on(votes) == ()
    assert notes_on([*votes, ruling]) == (
        "Left out: 1 of an adjudicator, who saw what the coders chose.",
    )
    (coded,) = find_consensus([paragraph], [*votes, ruling])
    assert coded.provenance.shares == {"labor": 0.5}
    assert coded.codes == ("labor",)


def test_a_twin_of_an_adjudicated_paragraph_has_what_was_decided(
    make_document, make_annotation
) -> None:
    early, late = two_years(make_document)
    key = late[0].paragraph_id
    decisions = [make_annotation(key, "ana", "labor"), settle(make_annotation, key, "dora")]
    twin = share_consensus([*early, *late], decisions).coded[0]
    assert twin.paragraph == early[0]
    assert (twin.codes, twin.provenance.decided) == ((), "adjudicated")
    assert twin.provenance.sources == (key,)


def crowd(make_document, make_annotation, number: int = 400, coders: str = "abc"):
    """Paragraphs, each coded by two of the coders (the last one guesses), and the truth."""
    draw = random.Random(4)
    document = make_document([f"{place} words of their own." for place in range(number)])
    truth, annotations = {}, []
    for paragraph in document.paragraphs:
        key = paragraph.paragraph_id
        truth[key] = draw.random() < 0.3
        for coder in draw.sample(coders, 2):
            wrong = draw.random() < (0.4 if coder == coders[-1] else 0.03)
            codes = ["labor"] if truth[key] != wrong else []
            annotations.append(make_annotation(key, coder, *codes))
    return document.paragraphs, annotations, truth


def test_the_coders_reliability_decides_ties_mostly_rightly(make_document, make_annotation) -> None:
    paragraphs, annotations, truth = crowd(make_document, make_annotation)
    majority = share_consensus(paragraphs, annotations)
    weighed = share_consensus(paragraphs, annotations, "dawid-skene")
    tied = sum(bool(c.tied) for c in majority.coded)
    assert tied > 80
    assert sum(bool(c.tied) for c in weighed.coded) < 0.25 * tied
    decided = [c for c in weighed.coded if not c.tied]
    wrong = sum((c.codes == ("labor",)) != truth[c.paragraph.paragraph_id] for c in decided)
    assert wrong < 0.05 * len(decided)
    quality = {q.coder: q for q in weighed.reliability.qualities}
    assert quality["c"].sensitivity < 0.75 < 0.9 < quality["a"].sensitivity
    assert quality["c"].paragraphs == sum(a.coder == "c" for a in annotations)
    assert (weighed.shared, majority.reliability) == (400, None)


def test_what_all_coders_decided_alike_stands_and_a_doubtful_code_is_tied(
    make_document, make_annotation
) -> None:
    paragraphs, annotations, _ = crowd(make_document, make_annotation)
    for coded in share_consensus(paragraphs, annotations, "dawid-skene").coded:
        share = coded.provenance.shares.get("labor", 0)
        probability = coded.provenance.support.get("labor", 0)
        assert coded.provenance.decided == "dawid-skene"
        assert ("labor" in coded.codes) == (share == 1 or probability >= 0.8)
        assert ("labor" in coded.tied) == (0 < share < 1 and 0.2 < probability < 0.8)


def test_adjudicated_paragraphs_stand_under_dawid_skene_and_teach_it(
    make_document, make_annotation
) -> None:
    paragraphs, annotations, truth = crowd(make_document, make_annotation)
    # An adjudicator who finds the reliable coders wrong: so they count as less reliable.
    settled = {key: not truth[key] for key in list(truth)[:200]}
    rulings = [
        settle(make_annotation, key, "dora", *(["labor"] if has else []))
        for key, has in settled.items()
    ]
    plain = share_consensus(paragraphs, annotations, "dawid-skene")
    taught = share_consensus(paragraphs, [*annotations, *rulings], "dawid-skene")
    for coded in taught.coded[:200]:
        assert coded.provenance.decided == "adjudicated"
        assert (coded.codes == ("labor",)) == settled[coded.paragraph.paragraph_id]
    assert taught.reliability.coders == ("a", "b", "c")
    for place in (0, 1):
        before, after = (c.reliability.models["labor"].rates[place, 1, 1] for c in (plain, taught))
        assert after < before - 0.2


def test_twins_are_judged_by_all_that_was_decided_on_them(make_document, make_annotation) -> None:
    paragraphs, annotations, _ = crowd(make_document, make_annotation)
    twin = make_document([paragraphs[0].text], "veldoria-2022-state", year=2022).paragraphs[0]
    coded = share_consensus([*paragraphs, twin], annotations, "dawid-skene").coded
    assert coded[-1].provenance.sources == (paragraphs[0].paragraph_id,)
    assert coded[-1].provenance.support == coded[0].provenance.support
    assert (coded[-1].codes, coded[-1].tied) == (coded[0].codes, coded[0].tied)


def test_the_order_of_the_annotations_does_not_matter(make_document, make_annotation) -> None:
    paragraphs, annotations, _ = crowd(make_document, make_annotation)
    backwards = share_consensus(paragraphs, annotations[::-1], "dawid-skene")
    assert backwards.coded == share_consensus(paragraphs, annotations, "dawid-skene").coded


@pytest.mark.parametrize(("number", "coders"), [(FEWEST_SHARED - 1, "abc"), (400, "ab")])
def test_too_few_paragraphs_or_coders_are_refused(
    make_document, make_annotation, number: int, coders: str
) -> None:
    paragraphs, annotations, _ = crowd(make_document, make_annotation, number, coders)
    with pytest.raises(AnnotationError, match=f"there are {len(coders)} and {number}"):
        share_consensus(paragraphs, annotations, "dawid-skene")


def test_labels_of_another_name_are_refused(make_document, make_annotation) -> None:
    paragraph = make_document(["One."]).paragraphs[0]
    with pytest.raises(UsageError, match="coin"):
        find_consensus([paragraph], [make_annotation(paragraph.paragraph_id, "ana")], "coin")


def test_a_coded_paragraph_can_be_hashed(make_document, make_annotation) -> None:
    paragraph = make_document(["One."]).paragraphs[0]
    (coded,) = find_consensus(
        [paragraph], [make_annotation(paragraph.paragraph_id, "ana", "labor")]
    )
    assert len({coded, coded}) == 1
