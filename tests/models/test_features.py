from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from workbench.models.density import SHORT, TYPICAL
from workbench.models.features import (
    PhraseFeatures,
    TextRow,
    WordFeatures,
    build_features,
    count_distinct,
    find_names,
)
from workbench.models.reading import RowReader, pick_rows, reader_for
from workbench.models.terms import count_terms, number_words

READER = RowReader(
    phrases={"torture": ["tortur*", "beat* by police"], "labor": ["strike*"]},
    headings={"torture": ["prison*"], "labor": []},
)


def read(*texts: str, section: tuple[str, ...] = ()):
    return READER.transform([TextRow(text, section) for text in texts])


@given(st.text(max_size=200))
def test_offsets_of_words_are_those_of_the_text(text):
    (row,) = read(text)
    assert [text[start:end].lower() for start, end in row.spans] == list(row.words)
    assert all(text[find.start : find.end] == find.text for find in row.finds)


def test_a_capital_in_mid_sentence_marks_a_name_and_one_at_a_sentence_start_does_not():
    (row,) = read("Guards met Ilvo. Prisons in Velm were “Full” then.")
    named = {word for word, is_name in zip(row.words, row.named, strict=True) if is_name}
    assert named == {"ilvo", "velm"}


def test_words_mostly_written_with_a_capital_are_names():
    rows = read("They met Ilvo in the hope of peace.", "They saw Hope and hope, and hope for Ilvo.")
    assert find_names(rows) == {"ilvo"}


def test_a_name_spread_over_many_countries_is_none_and_one_of_a_single_country_is():
    rows = read(*["They signed the Accord in Velm."] * 2, *["They signed the Accord."] * 8)
    assert find_names(rows) == {"accord", "velm"}
    countries = ["ostravia", "ostravia", *"abcdefgh"]
    assert find_names(rows, countries) == {"velm"}
    assert find_names(rows, ["ostravia"] * 10) == {"accord", "velm"}
    terms = WordFeatures().fit(rows, countries).terms_.tolist()
    assert "the accord" in terms
    assert "velm" not in terms


def test_names_are_not_among_the_words_learned():
    rows = read("The strike in Velm ended.", "The strike in Velm began.")
    terms = set(WordFeatures().fit(rows).terms_.tolist())
    assert {"strike", "the strike", "in"} <= terms
    assert not any("velm" in term for term in terms)


def test_phrases_of_a_code_share_columns_and_headings_have_their_own():
    filling = " ".join(["words"] * 53)
    rows = read(f"He was tortured and beaten by police {filling}.") + read(
        "Nothing.", section=("Prisons",)
    )
    table = PhraseFeatures(["torture", "labor"]).transform(rows).toarray()
    nothing = [0.0] * PhraseFeatures.WIDTH
    log = pytest.approx(np.log2(3))
    assert table.tolist() == [[1.0, 1.0, log, log, 0.0, *nothing], [0.0] * 4 + [1.0, *nothing]]


def test_one_wording_is_not_yet_two():
    table = PhraseFeatures(["torture"]).transform(read("Torture and torture.")).toarray()
    assert table[0, :3].tolist() == [1.0, 0.0, 1.0]


def test_a_phrase_counts_more_in_a_short_text_than_in_passing():
    texts = [f"Torture {'and more ' * n}" for n in (0, 7, 30, 60)]
    counts = PhraseFeatures(["torture"]).transform(read(*texts)).toarray()[:, 3]
    assert counts[0] == counts[1] == np.log2(1 + TYPICAL / SHORT)
    assert counts[1] > counts[2] > counts[3] > 0


def test_the_same_wording_twice_counts_once():
    (row,) = read("Torture, torture and tortured.")
    assert count_distinct(row.finds) == {"torture": 2}


def test_without_heading_nothing_of_the_heading_is_left():
    rows = read("A strike.", section=("Section 1", "Prisons"))
    (row,) = rows
    assert row.heading_words == ("section", "prisons")
    assert row.heading_codes == {"torture"}
    (bare,) = rows.without_headings()
    assert bare.heading_words == ()
    assert bare.heading_codes == frozenset()
    assert bare.words == row.words
    assert bare.finds == row.finds


def test_tf_idf_agrees_with_scikit_learn():
    texts = ["a strike at the mill, a strike", "the mill and the guards", "guards beat men"]
    ours = WordFeatures(min_rows=1).fit(read(*texts))
    theirs = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"[^\W\d_]{2,}"
    ).fit(texts)
    assert ours.terms_.tolist() == theirs.get_feature_names_out().tolist()
    np.testing.assert_allclose(
        ours.transform(read(*texts)).toarray(), theirs.transform(texts).toarray()
    )


@pytest.mark.parametrize("rows", [read("12 34", "!"), read("mill")])
def test_texts_without_known_words_give_rows_of_zeros(rows):
    features = WordFeatures(min_rows=2).fit(read("guards", "guards"))
    assert features.transform(rows).nnz == 0
    assert WordFeatures().fit(rows).transform(rows).shape == (len(rows), 0)


def test_cloning_keeps_the_settings_and_forgets_what_was_learned(codebook):
    union = build_features(codebook.code_names, {"labor": ["mill*"]})
    rows = reader_for(codebook).transform([TextRow("Workers went on strike.", ("Labor",))] * 2)
    union.fit(rows)
    copy = clone(union)
    assert copy.get_params()["words__min_rows"] == 2
    assert copy.get_params()["phrases__codes"] == list(codebook.code_names)
    assert copy.get_params()["hints__hints"]["labor"] == ["mill*"]
    assert not hasattr(dict(copy.transformer_list)["words"], "terms_")
    reader = clone(reader_for(codebook))
    assert reader.get_params() == reader_for(codebook).get_params()
    assert set(vars(reader)) == {"phrases", "headings"}


def test_every_block_knows_its_width(codebook):
    rows = reader_for(codebook).transform([TextRow("Workers went on strike.", ("Labor",))] * 2)
    union = build_features(codebook.code_names, {"torture": ["guard"]}).fit(rows)
    parts = [part for _, part in union.transformer_list]
    assert [part.transform(rows).shape[1] for part in parts] == [part.width_ for part in parts]


def test_a_codebook_without_hints_has_no_block_of_them(codebook):
    names = [
        name for name, _ in build_features(codebook.code_names, {"labor": ()}).transformer_list
    ]
    assert names == ["phrases", "words", "headings"]


def test_rows_taken_from_a_batch_are_what_they_would_be_by_themselves():
    texts = ("Guards met Ilvo in Velm.", "", "They saw Ilvo.", "Hope fades in Velm and in Marl.")
    whole = read(*texts, section=("Prisons", "Strikes"))
    places = np.array([3, 1, 0])
    part, alone = whole.take(places), read(*(texts[n] for n in places), section=("Prisons",))
    assert part.named.tolist() == alone.named.tolist()
    assert part.named.tolist() == [named for row in part for named in row.named]
    assert part.take(np.array([2])).named.tolist() == [False, False, True, False, True]
    assert pick_rows(list(whole), places) == list(pick_rows(whole, places)) == list(part)
    assert list(part.without_headings()) == [
        replace(row, heading_words=(), heading_codes=frozenset()) for row in part
    ]
    features = WordFeatures().fit(part), WordFeatures().fit(list(part))
    assert features[0].terms_.tolist() == features[1].terms_.tolist() == ["in"]
    assert (features[0].idf_ == features[1].idf_).all()


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=6), max_size=6))
def test_words_and_pairs_are_counted_once_a_text(texts):
    expected = Counter()
    for words in texts:
        expected.update({*words, *(f"{a} {b}" for a, b in pairwise(words))})
    assert count_terms(number_words(texts), pairs=True) == expected
    alone = {term: count for term, count in expected.items() if " " not in term}
    assert count_terms(number_words(texts), pairs=False) == alone
