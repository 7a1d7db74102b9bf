"""Coders against each other, against a standard, and against what was proposed to them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score, precision_score, recall_score

from workbench.annotations.agreement import measure_agreement
from workbench.annotations.coderagreement import NOT_SHARED, measure_coders
from workbench.annotations.codings import Coding, arrange_codings
from workbench.annotations.prelabelling import measure_prelabels
from workbench.annotations.standards import compare_with_standard, gold_of
from workbench.records import Annotation, PreLabel

CODES = ("assembly", "labor")


def code_noisily(rng, number, noises, missing=0.0):
    codings, truths = [], {}
    for paragraph in range(number):
        truth = rng.random(2) < 0.4
        unit = f"p{paragraph:03}"
        truths[unit] = frozenset(c for c, g in zip(CODES, truth, strict=True) if g)
        for coder, noise in enumerate(noises):
            if rng.random() >= missing:
                given = truth != (rng.random(2) < noise)
                chosen = frozenset(c for c, g in zip(CODES, given, strict=True) if g)
                codings.append(Coding(unit, f"coder-{coder}", chosen))
    return codings, truths


def test_agreement_without_a_coder_is_that_of_the_others_alone():
    codings, _ = code_noisily(np.random.default_rng(1), 120, (0.02, 0.02, 0.3), missing=0.2)
    matrix = arrange_codings(codings, CODES)
    whole = measure_agreement(codings, CODES, resamples=0)
    for coder in measure_coders(matrix):
        others = [c for c in codings if c.coder != coder.coder]
        alone = measure_agreement(others, CODES, resamples=0)
        assert coder.masi_without.value == pytest.approx(alone.sets.masi.value)
        for mine, without, all_of_them in zip(coder.codes, alone.codes, whole.codes, strict=True):
            assert mine.alpha_without.value == pytest.approx(without.alpha.value)
            change = without.alpha.value - all_of_them.alpha.value
            assert mine.change.value == pytest.approx(change)
    noisy = measure_coders(matrix)[2]
    assert min(code.change.value for code in noisy.codes) > 0.1


def test_coder_against_the_rest_is_the_mean_kappa_weighted_by_what_they_share():
    codings, _ = code_noisily(np.random.default_rng(2), 90, (0.02, 0.1, 0.3), missing=0.3)
    whole = measure_agreement(codings, CODES, resamples=0)
    first = measure_coders(arrange_codings(codings, CODES))[0]
    pairs = [p for p in whole.codes[0].pairs if p.coder_1 == "coder-0"]
    expected = np.average([p.kappa.value for p in pairs], weights=[p.paragraphs for p in pairs])
    assert first.codes[0].kappa.value == pytest.approx(expected)
    expected = np.average(
        [p.percent_agreement.value for p in pairs], weights=[p.paragraphs for p in pairs]
    )
    assert first.codes[0].percent_agreement.value == pytest.approx(expected)
    assert first.codes[0].status == "ok"


def test_how_often_a_coder_gives_a_code_is_set_against_the_others_on_the_same_paragraphs():
    labor, none = frozenset(["labor"]), frozenset()
    codings = [
        *[Coding("p1", coder, labor) for coder in "abc"],
        *[Coding("p2", coder, labor if coder == "a" else none) for coder in "abc"],
        Coding("p3", "a", labor),
    ]
    first = measure_coders(arrange_codings(codings, CODES))[0]
    assert (first.coder, first.paragraphs, first.shared) == ("a", 3, 2)
    assert first.codes[1].gave.value == 1
    assert first.codes[1].others_gave.value == 0.5
    assert first.codes[1].status == "insufficient"
    assert first.codes[0].status == "undefined"


def test_coder_who_shares_nothing_has_no_figures_and_the_reason():
    labor, none = frozenset(["labor"]), frozenset()
    codings = [Coding("p1", "a", labor), Coding("p1", "b", none), Coding("p2", "c", labor)]
    alone = measure_coders(arrange_codings(codings, CODES))[2]
    assert alone.codes[1].kappa.reason == NOT_SHARED
    assert (alone.codes[1].status, alone.codes[1].reason) == ("undefined", NOT_SHARED)
    first = measure_coders(arrange_codings(codings, CODES))[0]
    assert first.codes[1].alpha_without.value is None
    assert first.codes[1].alpha_without.reason.startswith("without this coder")


# Against a standard


def test_coder_against_gold_has_scikit_learns_figures():
    codings, gold = code_noisily(np.random.default_rng(3), 150, (0.05, 0.2), missing=0.1)
    gold = dict(list(gold.items())[:120])
    compared = compare_with_standard(codings, gold, CODES, "gold")
    assert (compared.name, compared.paragraphs) == ("gold", 120)
    for against in compared.coders:
        mine = {c.unit: c.codes for c in codings if c.coder == against.coder and c.unit in gold}
        assert against.paragraphs == len(mine)
        exact = np.mean([mine[unit] == gold[unit] for unit in mine])
        assert against.exact.value == pytest.approx(exact)
        for code in against.codes:
            given = [code.code in mine[unit] for unit in mine]
            truth = [code.code in gold[unit] for unit in mine]
            assert code.kappa.value == pytest.approx(cohen_kappa_score(given, truth))
            assert code.f1.value == pytest.approx(f1_score(truth, given))
            assert code.precision.value == pytest.approx(precision_score(truth, given))
            assert code.recall.value == pytest.approx(recall_score(truth, given))
            assert code.both + code.coder_only + code.standard_only + code.neither == len(mine)
            assert code.kappa_interval.low < code.kappa.value < code.kappa_interval.high
            assert code.status == "ok"


def test_standard_that_no_coder_coded_leaves_figures_undefined_with_the_reason():
    compared = compare_with_standard([Coding("p1", "ann", frozenset())], {"p9": ()}, CODES, "gold")
    (ann,) = compared.coders
    assert (ann.paragraphs, ann.exact.value) == (0, None)
    assert ann.codes[0].status == "undefined"
    assert ann.codes[0].kappa.reason == "no paragraph of this coder is in the standard"


def test_perfect_coder_has_an_exact_interval_and_few_positives_are_insufficient():
    labor, none = frozenset(["labor"]), frozenset()
    codings = [Coding(f"p{n}", "ann", labor if n < 20 else none) for n in range(60)]
    (ann,) = compare_with_standard(codings, {c.unit: c.codes for c in codings}, CODES, "g").coders
    assert (ann.codes[1].kappa.value, ann.codes[1].kappa_interval.method) == (1, "exact")
    assert 0.7 < ann.codes[1].kappa_interval.low < 1
    few = [c for c in codings if c.unit != "p0"][5:]
    (ann,) = compare_with_standard(few, {c.unit: c.codes for c in few}, CODES, "g").coders
    assert ann.codes[1].status == "insufficient"
    assert ann.codes[1].kappa_interval.low is None


AT = datetime(2024, 3, 4, tzinfo=UTC)


def annotate(paragraph, coder, codes, shown=None, minute=0, origin="studio"):
    at = AT + timedelta(minutes=minute)
    prelabel = None if shown is None else PreLabel("model-1", shown)
    key = f"{paragraph}-{coder}-{minute}"
    hidden = shown is None and origin == "studio"
    return Annotation(
        paragraph, coder, codes, key, origin, at, at, prelabel=prelabel, hidden=hidden
    )


def test_gold_is_what_most_adjudicators_gave():
    annotations = [
        annotate("p1", "ann", ("assembly",)),
        annotate("p1", "judge", ("labor",), origin="adjudication"),
        *[annotate("p2", f"j{n}", ("labor",), origin="adjudication") for n in range(2)],
        annotate("p2", "j2", ("assembly", "labor"), origin="adjudication"),
    ]
    assert gold_of(annotations) == {"p1": {"labor"}, "p2": {"labor"}}


# Pre-labels


def test_kept_removed_and_added_codes_are_counted_per_code_and_coder():
    annotations = [
        annotate("p1", "ann", ("labor",), shown=("labor",)),
        annotate("p2", "ann", (), shown=("labor",)),
        annotate("p3", "ann", ("assembly", "labor"), shown=("labor",)),
        annotate("p4", "ben", (), shown=()),
        annotate("p5", "ben", ("labor",)),
        annotate("p6", "ben", ("labor",), origin="import"),
    ]
    effect = measure_prelabels(annotations, CODES)
    assert (effect.shown, effect.hidden, effect.unknown) == (4, 1, 1)
    assert (effect.kept, effect.changed, effect.kept_share.value) == (2, 2, 0.5)
    assembly, labor = effect.codes
    assert (labor.proposed, labor.kept, labor.removed, labor.added) == (3, 2, 1, 0)
    assert labor.kept_share.value == pytest.approx(2 / 3)
    assert (assembly.proposed, assembly.added, assembly.added_share.value) == (0, 1, 0.25)
    assert assembly.kept_share.reason == "it was never proposed"
    assert [(c.coder, c.shown, c.kept) for c in effect.coders] == [("ann", 3, 1), ("ben", 1, 1)]


def test_agreement_inflated_by_prelabels_is_found():
    rng = np.random.default_rng(4)
    annotations = []
    for paragraph in range(400):
        truth = rng.random(2) < 0.4
        proposal = tuple(c for c, g in zip(CODES, truth != (rng.random(2) < 0.1), strict=True) if g)
        shown = paragraph % 2 == 0
        for coder in "ab":
            own = tuple(c for c, g in zip(CODES, truth != (rng.random(2) < 0.15), strict=True) if g)
            given = proposal if shown and rng.random() < 0.8 else own
            unit = f"p{paragraph:03}"
            annotations.append(annotate(unit, coder, given, proposal if shown else None))
    annotations.append(annotate("p001", "c", ("labor",), ("labor",)))
    effect = measure_prelabels(annotations, CODES)
    assert (effect.mixed, effect.reason) == (1, "")
    assert effect.comparison.first.group == "pre-labels shown"
    assert (effect.comparison.first.paragraphs, effect.comparison.second.paragraphs) == (200, 199)
    assert [d.verdict for d in effect.comparison.differences] == ["higher"] * 3


def test_without_a_side_to_compare_the_reason_stands_there():
    shown = [annotate("p1", coder, (), shown=()) for coder in "ab"]
    hidden = [annotate("p1", coder, ()) for coder in "ab"]
    assert measure_prelabels(shown, CODES).comparison is None
    assert "without a pre-label" in measure_prelabels(shown, CODES).reason
    assert measure_prelabels(hidden, CODES).reason == "no coder saw a pre-label"
    assert measure_prelabels(hidden, CODES).kept_share.value is None
