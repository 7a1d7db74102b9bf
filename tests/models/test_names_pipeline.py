"""Names that a spaCy pipeline finds are not learned."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import spacy

from workbench.errors import ModelError
from workbench.models.curve import measure_curve_of
from workbench.models.features import find_names
from workbench.models.names import find_entities, load_pipeline
from workbench.models.reading import TextRow, reader_for
from workbench.models.registry import read_meta, save_model
from workbench.models.training import train_model

PATTERNS = [
    {"label": "PERSON", "pattern": [{"LOWER": "ilva"}, {"LOWER": "brandt"}]},
    {"label": "GPE", "pattern": [{"LOWER": "karsk"}]},
    {"label": "LOC", "pattern": [{"LOWER": "quay"}, {"LOWER": "lodden"}]},
    {"label": "ORG", "pattern": [{"LOWER": "dockers"}, {"LOWER": "union"}]},
    {"label": "DATE", "pattern": [{"LOWER": "spring"}]},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A pipeline that knows the names of Ostravia."""
    nlp = spacy.blank("en", meta={"name": "ostravia_names", "version": "1.2.0"})
    nlp.add_pipe("entity_ruler").add_patterns(PATTERNS)
    path = tmp_path_factory.mktemp("pipelines") / "names"
    nlp.to_disk(path)
    return path


def read(codebook, *texts):
    return reader_for(codebook).transform([TextRow(text) for text in texts])


def test_words_of_people_and_places_are_found(codebook, folder: Path) -> None:
    rows = read(codebook, "ilva brandt left KARSK in spring.", "", "The Dockers Union, Quay Lodden")
    found = find_entities(load_pipeline(str(folder)), rows)
    words = [word for row in rows for word in row.words]
    assert [word for word, named in zip(words, found, strict=True) if named] == [
        "ilva", "brandt", "karsk", "quay", "lodden",
    ]  # fmt: skip


def test_a_name_that_capitals_do_not_tell_is_left_out(codebook, folder: Path) -> None:
    rows = read(codebook, "Karsk was quiet.", "Karsk was loud.", "Guards near the quay waited.")
    assert "karsk" not in find_names(rows)
    marked = rows.with_entities(find_entities(load_pipeline(str(folder)), rows))
    assert find_names(marked) == {"karsk"}
    assert find_names(marked.take(np.array([2]))) == set()
    assert find_names(marked.take(np.array([1, 0]))) == {"karsk"}


def test_a_word_that_is_seldom_a_name_is_kept(codebook, folder: Path) -> None:
    rows = read(codebook, "the quay of quay lodden", "a quay", "the quay", "quay")
    marked = rows.with_entities(find_entities(load_pipeline(str(folder)), rows))
    assert find_names(marked) == {"lodden"}


def test_a_place_found_stays_a_name_however_many_countries_speak_of_it(
    codebook, folder: Path
) -> None:
    rows = read(codebook, *(f"officials in Karsk said {n}" for n in "abcdef"))
    countries = list("uvwxyz")
    assert "karsk" not in find_names(rows, countries)
    marked = rows.with_entities(find_entities(load_pipeline(str(folder)), rows))
    assert "karsk" in find_names(marked, countries)


def test_a_model_is_trained_without_the_names_and_says_so(
    coded, codebook, folder: Path, tmp_path: Path
) -> None:
    places = [f"Karsk {item.paragraph.text.lower()}" for item in coded]
    lower = [rename(item, text) for item, text in zip(coded, places, strict=True)]

    def learned(trained):
        union = trained.pipeline.named_steps["codes"].features_
        return set(" ".join(dict(union.transformer_list)["words"].terms_).split())

    without = train_model(lower, codebook)
    with_pipeline = train_model(lower, codebook, names=str(folder))
    assert "karsk" in learned(without)
    assert {"karsk", "lodden"}.isdisjoint(learned(with_pipeline))
    assert without.metrics["names"] is None
    info = save_model(tmp_path, with_pipeline, codebook, coded=lower)
    assert read_meta(info)["metrics"]["names"] == "en_ostravia_names 1.2.0"
    card = (Path(info.path) / "card.md").read_text()
    assert "found by the spaCy pipeline en_ostravia_names 1.2.0" in card
    assert str(folder) not in card + (Path(info.path) / "meta.json").read_text()
    assert measure_curve_of(with_pipeline, draws=2).points


def rename(item, text):
    return replace(item, paragraph=replace(item.paragraph, text=text))


def test_a_pipeline_that_finds_no_names_is_refused(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "mute")
    with pytest.raises(ModelError, match=r"has no `ner`.*it has: sentencizer"):
        load_pipeline(str(tmp_path / "mute"))


def test_a_pipeline_that_is_not_there_or_damaged_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ModelError, match="'no_such_pipeline' cannot be loaded") as caught:
        load_pipeline("no_such_pipeline")
    assert "\n" not in caught.value.message
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "meta.json").write_text("{")
    (broken / "config.cfg").write_text("[nlp]\nlang = 5\n")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_pipeline(str(broken))


def test_a_trained_ner_does_as_well_as_rules(tmp_path: Path, codebook) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("ner").add_label("PER")
    nlp.initialize()
    nlp.to_disk(tmp_path / "ner")
    rows = read(codebook, "Ilva Brandt left.", "Ilva Brandt left.")
    found = find_entities(load_pipeline(str(tmp_path / "ner")), rows)
    assert found.shape == (6,)
    assert found.dtype == bool
