import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import CodebookError
from workbench.models.density import TYPICAL
from workbench.models.hints import HintFeatures
from workbench.models.reading import RowReader, TextRow
from workbench.taxonomy.codebook import default_codebook_text, parse_codebook

HINTS = {"torture": ["guard*", "cell"], "labor": ["guard*", "mill", "mills"]}


def read(*texts):
    return RowReader({}, {}).transform([TextRow(text) for text in texts])


def count(text):
    """The different hints of each code, as the features have them for a text of usual length."""
    (row,) = read(f"{text} {'und ' * (TYPICAL - len(text.split()))}")
    return np.exp2(HintFeatures(HINTS).transform([row]).toarray()[0]) - 1


def test_different_hints_of_a_code_are_counted_and_each_once():
    assert count("Guards and guardians of the cell, the cell of guards") == pytest.approx([2, 1])
    assert count("mill mills") == pytest.approx([0, 2])
    assert count("cells milled safeguard") == pytest.approx([0, 0])


def test_a_hint_counts_more_in_a_short_text():
    table = HintFeatures(HINTS).transform(read("the cell", "the cell " + "und " * 90)).toarray()
    assert table[0, 0] > table[1, 0] > 0


@given(st.lists(st.sampled_from(["guard", "guards", "cell", "mill", "rain"]), max_size=20))
def test_places_are_those_of_words_that_fit(words):
    rows = read("rain mill", " ".join(words))
    features = HintFeatures(HINTS)
    at = features.find_terms(rows)
    flat = [word for row in rows for word in row.words]
    owner = [n for n, row in enumerate(rows) for _ in row.words]
    fits = {"guard": {0, 1}, "guards": {0, 1}, "cell": {0}, "mill": {1}, "rain": set()}
    found = list(zip(at.rows.tolist(), at.first.tolist(), at.columns.tolist(), strict=True))
    assert found == [
        (owner[i], i, column) for i, word in enumerate(flat) for column in sorted(fits[word])
    ]
    held = {(row, column) for row, _, column in found}
    assert held == set(
        zip(*map(np.ndarray.tolist, features.transform(rows).nonzero()), strict=True)
    )


def test_the_codebook_takes_hints_as_single_words():
    text = default_codebook_text().replace("    hints: [", "    hints: [Wire*, ", 1)
    assert parse_codebook(text, "x").codes[0].hints[0] == "wire*"
    broken = default_codebook_text().replace("    hints: [", "    hints: [two words, ", 1)
    with pytest.raises(CodebookError, match="'two words' is not one word"):
        parse_codebook(broken, "x")


def test_a_codebook_without_hints_is_still_one():
    lines = default_codebook_text().splitlines()
    text, inside = [], False
    for line in lines:
        inside = line.startswith("    hints:") or (inside and line.startswith("      "))
        if not inside:
            text.append(line)
    assert all(code.hints == () for code in parse_codebook("\n".join(text), "x").codes)
