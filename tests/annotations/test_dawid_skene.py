"""Dawid and Skene's model: the published example, planted coders, what EM promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.annotations.dawid_skene import RIGHT, DawidSkene, fit_dawid_skene
from workbench.errors import AnnotationError

# Table 1 of Dawid and Skene 1979: 45 patients, whose fitness for a general anaesthetic was
# judged 1 to 4. The first observer judged three times, the other four once.
TABLE = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223
4444444 2223343 1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322
2222222 2222221 2223222 2212222 1111111 1111111 2322222 1111111 1111111 1121121
1111111 3333233 1111111 2222222 2223232 4334343 2212232 2323233 3333432 1111111
1111111 1212111 2322222 1211111 2222222
"""


@pytest.fixture
def anaesthetists() -> np.ndarray:
    counts = np.zeros((45, 5, 4))
    for patient, judgements in enumerate(TABLE.split()):
        for place, judged in enumerate(judgements):
            counts[patient, max(0, place - 2), int(judged) - 1] += 1
    return counts


def invent(
    sensitivity: list[float], specificity: list[float], prevalence: float, items: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Counts (items x coders x 2) of coders who err as planted, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.random(items) < prevalence
    draws = rng.random((items, len(sensitivity)))
    gives = np.where(truth[:, None], draws < sensitivity, draws >= specificity)
    return np.stack([~gives, gives], axis=2).astype(float), truth


def test_the_published_example_comes_out_as_published(anaesthetists: np.ndarray) -> None:
    fitted = fit_dawid_skene(anaesthetists, smoothing=0)
    assert fitted.converged
    assert fitted.prevalence == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.005)
    first = [[0.89, 0.11, 0, 0], [0.07, 0.88, 0.05, 0], [0, 0.34, 0.66, 0], [0, 0, 0.56, 0.44]]
    assert fitted.rates[0] == pytest.approx(np.array(first), abs=0.005)


def test_planted_coders_are_found_again() -> None:
    sensitivity, specificity = [0.95, 0.85, 0.6, 0.9], [0.99, 0.95, 0.9, 0.97]
    counts, truth = invent(sensitivity, specificity, 0.2, 4000, 3)
    fitted = fit_dawid_skene(counts)
    assert fitted.prevalence[1] == pytest.approx(truth.mean(), abs=0.01)
    assert fitted.rates[:, 1, 1] == pytest.approx(sensitivity, abs=0.04)
    assert fitted.rates[:, 0, 0] == pytest.approx(specificity, abs=0.02)


def test_it_errs_less_than_the_majority_where_two_of_three_are_poor() -> None:
    counts, truth = invent([0.95, 0.6, 0.6], [0.99, 0.85, 0.85], 0.3, 3000, 5)
    majority = counts[:, :, 1].sum(axis=1) >= 2
    fitted = fit_dawid_skene(counts)
    model = fitted.probabilities[:, 1] > 0.5
    assert (model != truth).sum() < 0.5 * (majority != truth).sum()


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    """Counts of a few items, coders and classes, in which somebody decided something."""
    shape = (draw(st.integers(1, 12)), draw(st.integers(1, 4)), draw(st.integers(2, 3)))
    counts = draw(arrays(np.int64, shape, elements=st.integers(0, 2)))
    counts[0, 0, 0] += 1
    return counts


@settings(deadline=None)
@given(tables(), st.sampled_from([0.0, 0.5, 5.0]), st.data())
def test_no_round_lowers_what_is_maximised(counts, smoothing: float, data: st.DataObject) -> None:
    known = data.draw(arrays(np.int64, len(counts), elements=st.integers(-1, 1)))
    for settled in (None, known):
        fitted = fit_dawid_skene(counts, settled, smoothing=smoothing)
        assert np.diff(fitted.objective).min(initial=0) >= -1e-8
        assert np.allclose(fitted.probabilities.sum(axis=1), 1)
        assert np.allclose(fitted.rates.sum(axis=2), 1)
        assert np.isfinite(fitted.objective).all()


@settings(deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_neither_the_order_of_items_nor_that_of_coders_matters(counts, draw) -> None:
    items, coders = list(range(len(counts))), list(range(counts.shape[1]))
    draw.shuffle(items)
    draw.shuffle(coders)
    one, other = fit_dawid_skene(counts), fit_dawid_skene(counts[items][:, coders])
    assert np.allclose(one.probabilities[items], other.probabilities, atol=1e-6)
    assert np.allclose(one.rates[coders], other.rates, atol=1e-6)


def test_the_same_counts_give_the_same_bits(anaesthetists: np.ndarray) -> None:
    one, other = fit_dawid_skene(anaesthetists), fit_dawid_skene(anaesthetists)
    assert one.probabilities.tobytes() == other.probabilities.tobytes()


def test_what_is_found_cannot_be_bettered_nearby() -> None:
    counts, _ = invent([0.9, 0.8, 0.7], [0.95, 0.9, 0.9], 0.3, 400, 2)
    fitted = fit_dawid_skene(counts, smoothing=0)

    def likelihood(prevalence: float, rates: np.ndarray) -> float:
        # Written out item by item, as in the paper's equation 2.6, not as the module has it.
        total = 0.0
        for item in counts:
            joint = [1 - prevalence, prevalence]
            for coder, said in enumerate(item.argmax(axis=1)):
                joint = [joint[j] * rates[coder, j, said] for j in (0, 1)]
            total += float(np.log(sum(joint)))
        return total

    best = likelihood(fitted.prevalence[1], fitted.rates)
    assert best == pytest.approx(fitted.objective[-1], abs=1e-6)
    for coder in range(3):
        for true in (0, 1):
            for step in (-0.02, 0.02):
                moved = fitted.rates.copy()
                moved[coder, true] += [step, -step]
                assert likelihood(fitted.prevalence[1], moved) < best


def test_what_is_settled_stays_settled_and_teaches_who_errs() -> None:
    counts, truth = invent([0.9, 0.9, 0.6], [0.95, 0.95, 0.95], 0.3, 600, 7)
    known = np.where(np.arange(600) < 300, truth.astype(int), -1)
    fitted = fit_dawid_skene(counts, known)
    assert (fitted.probabilities[:300, 1] == truth[:300]).all()
    contrary = fit_dawid_skene(counts, np.where(known >= 0, 1 - known, -1))
    assert contrary.rates[0, 1, 1] < fitted.rates[0, 1, 1] - 0.2


def test_other_items_are_judged_by_the_fitted_rates() -> None:
    model = DawidSkene(
        prevalence=np.array([0.8, 0.2]),
        rates=np.array([[[0.9, 0.1], [0.3, 0.7]], [[0.6, 0.4], [0.5, 0.5]]]),
        probabilities=np.empty((0, 2)),
        objective=(),
        converged=True,
    )
    both = model.judge(np.array([[[0, 1], [1, 0]], [[0, 0], [0, 0]]]))
    given, withheld = 0.2 * 0.7 * 0.5, 0.8 * 0.1 * 0.6
    assert both[0, 1] == pytest.approx(given / (given + withheld))
    assert both[1, 1] == pytest.approx(0.2)


def test_a_coder_who_never_met_the_code_is_thought_ordinary() -> None:
    counts, _ = invent([0.9, 0.9, 0.9], [0.95, 0.95, 0.95], 0.3, 500, 1)
    counts[:, 2] = 0
    fitted = fit_dawid_skene(counts)
    assert fitted.rates[2] == pytest.approx(np.array([[RIGHT, 1 - RIGHT], [1 - RIGHT, RIGHT]]))


def test_nothing_decided_is_an_error() -> None:
    with pytest.raises(AnnotationError, match="nobody"):
        fit_dawid_skene(np.zeros((3, 2, 2)))


@pytest.mark.parametrize(("items", "off"), [(100, 0.10), (300, 0.07), (1000, 0.05)])
def test_sensitivities_are_as_far_off_as_the_page_on_labels_says(items: int, off: float) -> None:
    sensitivity = np.array([0.95, 0.9, 0.6])
    errors = []
    for seed in range(30):
        counts, _ = invent(list(sensitivity), [0.98, 0.98, 0.9], 0.05, items, seed)
        errors.append(np.abs(fit_dawid_skene(counts).rates[:, 1, 1] - sensitivity).mean())
    assert np.mean(errors) == pytest.approx(off, abs=0.015)
