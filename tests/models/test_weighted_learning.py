"""Weights reach what is learned, the thresholds and the hash of the data, and no figure."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.models.linear import MANY_ROWS, LearningTable, fit_weights
from workbench.models.registry import read_meta, save_model
from workbench.models.thresholds import choose_thresholds
from workbench.models.training import hash_labels, train_model
from workbench.models.weighting import MOST
from workbench.records import Provenance


@given(
    arrays(int, (20, 3), elements=st.sampled_from([-1, 0, 1])),
    arrays(float, (20, 3), elements=st.floats(0, 1)),
    arrays(int, 20, elements=st.integers(1, 4)),
)
def test_a_threshold_with_weights_is_that_of_repeated_paragraphs(labels, scores, times) -> None:
    weights = np.repeat(times[:, None], 3, axis=1).astype(float)
    repeated = choose_thresholds(np.repeat(labels, times, axis=0), np.repeat(scores, times, axis=0))
    assert (choose_thresholds(labels, scores, weights) == repeated).all()


@pytest.mark.parametrize("rows", [200, MANY_ROWS])
def test_a_row_that_counts_little_teaches_little(rows: int) -> None:
    draw = np.random.default_rng(3)
    table = sp.csr_matrix((draw.random((rows, 4)) < 0.4).astype(float))
    honest = table[:, [0]].toarray().ravel() > 0
    # The second half has every label wrong.
    labels = np.where(np.arange(rows) < rows // 2, honest, ~honest).astype(int)
    learned = LearningTable(table, 1, np.zeros(4, dtype=bool))
    counted = np.where(np.arange(rows) < rows // 2, 1.0, 0.1)
    alike, _ = fit_weights(learned, labels, seed=0)
    weighed, _ = fit_weights(learned, labels, seed=0, counted=counted)
    assert weighed[0] > 1 > alike[0]


def dispute(item, share):
    support = dict.fromkeys(item.codes, share)
    return replace(item, provenance=Provenance("majority", support))


def test_disputed_labels_and_publishers_change_the_model_and_the_hash(coded, codebook) -> None:
    agreed = [dispute(item, 1.0) for item in coded]
    disputed = [dispute(item, 2 / 3) for item in coded[:20]] + agreed[20:]
    sources = {"ostravia-2031": "state", "ostravia-2033": "ngo"}
    hashes = {hash_labels(agreed), hash_labels(disputed), hash_labels(agreed, sources)}
    assert len(hashes) == 3
    assert hash_labels(agreed[::-1], sources) == hash_labels(agreed, sources)
    plain, doubted = train_model(agreed, codebook), train_model(disputed, codebook)
    assert plain.metrics["weights"]["disputed"] == 0
    assert doubted.metrics["weights"]["disputed"] == sum(bool(item.codes) for item in coded[:20])
    assert plain.data_sha256 != doubted.data_sha256
    assert (coefficients(plain) != coefficients(doubted)).any()


def test_few_labels_of_a_new_publisher_weigh_more(coded, codebook, tmp_path) -> None:
    few = [*coded[:40], *(item for item in coded[40:48])]
    sources = {"ostravia-2031": "state", "ostravia-2033": "ngo"}
    alike, weighed = train_model(few, codebook), train_model(few, codebook, sources=sources)
    assert (coefficients(alike) != coefficients(weighed)).any()
    assert weighed.metrics["weights"]["publishers"] == [
        {"name": "ngo", "paragraphs": 8, "weight": MOST},
        {"name": "state", "paragraphs": 40, "weight": 1.0},
    ]
    info = save_model(tmp_path, weighed, codebook, coded=few)
    card = (tmp_path / info.model_id / "card.md").read_text()
    assert "ngo (8 paragraphs) counts 4 times" in card
    assert read_meta(info)["data"]["sha256"] == hash_labels(few, sources)


def test_figures_count_every_paragraph_alike(coded, codebook) -> None:
    """With labels that are all disputed alike, what is judged and how often stays the same."""
    one = train_model([dispute(item, 1.0) for item in coded], codebook).metrics["methods"]
    other = train_model([dispute(item, 2 / 3) for item in coded], codebook).metrics["methods"]
    for method in ("baseline", "cold_start"):
        assert one[method] == other[method]
    supports = [
        {code: figures["support"] for code, figures in metrics["model"]["all"]["codes"].items()}
        for metrics in (one, other)
    ]
    assert supports[0] == supports[1]


def coefficients(trained) -> np.ndarray:
    return trained.pipeline.named_steps["codes"].coef_
