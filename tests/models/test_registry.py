import copy
import dataclasses
import io
import json
import re
import zipfile
from dataclasses import asdict
from datetime import UTC, datetime
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest
import skops.io

from workbench.annotations.codings import Coding
from workbench.errors import ModelError, ModelFileError
from workbench.models.ceiling import measure_ceiling
from workbench.models.curve import measure_curve_of
from workbench.models.evaluation import HELD_OUT
from workbench.models.features import TextRow
from workbench.models.figures import compute_figures
from workbench.models.heldout import parse_held_out
from workbench.models.memory import find_seen
from workbench.models.modelfile import TRUSTED, ModelContents, dump_model, parse_model
from workbench.models.registry import (
    find_model,
    list_models,
    load_model,
    read_held_out,
    read_training,
    save_model,
)
from workbench.models.training import train_model
from workbench.taxonomy.codebook import default_codebook_text, parse_codebook

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
TEXTS = [TextRow("Guards beat the prisoners."), TextRow("A newspaper closed in Velm.")]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, trained, codebook, coded):
    folder = tmp_path_factory.mktemp("models")
    return folder, save_model(folder, trained, codebook, trained_at=NOON, coded=coded)


@pytest.fixture
def saved(tmp_path, trained, codebook):
    return save_model(tmp_path / "models", trained, codebook, trained_at=NOON)


def pack(trained, codebook, **changes):
    contents = ModelContents(trained.pipeline, trained.codes, trained.thresholds, codebook.sha256)
    return dump_model(dataclasses.replace(contents, **changes))


def replace_file(info, data):
    """Put `data` in place of the model file, and its hash in meta.json, as an attacker could."""
    path = f"{info.path}/model.skops"
    with open(path, "wb") as file:
        file.write(data)
    return dataclasses.replace(info, sha256=sha256(data).hexdigest())


def test_a_saved_model_answers_as_it_did(shelf, trained, codebook):
    _folder, info = shelf
    model = load_model(info, codebook)
    before = trained.pipeline.predict_proba(TEXTS)
    for prediction, expected in zip(model.predict(TEXTS), before, strict=True):
        assert list(prediction.scores.values()) == pytest.approx(list(expected), abs=1e-6)


def test_the_folder_holds_the_model_its_description_and_its_card(shelf):
    folder, info = shelf
    (held,) = folder.iterdir()  # no temporary folder is left
    assert sorted(path.name for path in held.iterdir()) == [
        "calibration.svg", "card.md", "heldout.jsonl", "meta.json", "model.skops",
        "precision-recall.svg", "training.jsonl",
    ]  # fmt: skip
    assert info.model_id == held.name == f"2031-05-04-{info.sha256[:8]}"
    assert sha256((held / "model.skops").read_bytes()).hexdigest() == info.sha256
    meta = json.loads((held / "meta.json").read_text())
    assert meta["seed"] == 0
    assert meta["packages"]["scikit-learn"]
    assert meta["metrics"] == info.metrics
    assert HELD_OUT not in meta["metrics"]
    for name, digest in meta["files"].items():
        assert sha256((held / name).read_bytes()).hexdigest() == digest


def test_the_card_gives_every_method_for_new_and_carried_over_text(shelf):
    folder, info = shelf
    card = (folder / info.model_id / "card.md").read_text()
    for method in ("this model", "TF-IDF + logistic regression", "indicator phrases alone"):
        assert len(re.findall(rf"\| {re.escape(method)} \| [01]\.\d\d \[", card)) == 2
    assert "## Text carried over from a training report: 0 paragraphs\n\nNone." in card
    assert "leave one report out" in card
    assert "interval over paragraphs, near duplicates drawn together" in card
    for name in re.findall(r"!\[.*?\]\((.*?)\)", card):
        assert (folder / info.model_id / name).is_file()
    assert len(re.findall(r"!\[", card)) == 2
    rows = re.findall(r"\| torture \| [01]\.\d{3} \[.*?\] \| ([01]\.\d{3}) \| ", card)
    assert rows == ["0.160"]  # of calibration, beside the share: 16 of 80
    assert info.sha256 in card


def test_the_card_says_what_of_the_text_is_new(tmp_path, shelf, trained, codebook):
    folder, info = shelf
    cut = "New text has less than 50% of its runs of three words in common (Jaccard)"
    assert cut in (folder / info.model_id / "card.md").read_text()
    metrics = copy.deepcopy(dict(trained.metrics)) | {"edited": 3}
    metrics["methods"]["model"]["carried_over"]["paragraphs"] = 5
    info = save_model(tmp_path, dataclasses.replace(trained, metrics=metrics), codebook)
    card = (tmp_path / info.model_id / "card.md").read_text()
    assert "5 paragraph(s) have more, and are carried over: 2 of them with 80% or more" in card
    assert "3 edited ones with less, whose copies were learned from." in card


def test_the_card_has_a_line_for_each_held_out_report(tmp_path, shelf, trained, codebook):
    folder, info = shelf
    card = (folder / info.model_id / "card.md").read_text()
    assert len(re.findall(r"\| ostravia-203[13] \| 40 \| 32 \| [01]\.\d\d \[", card)) == 2
    metrics = copy.deepcopy(dict(trained.metrics))
    metrics["folds"][0]["reports"]["ostravia-2031"]["insufficient"] = True
    info = save_model(tmp_path, dataclasses.replace(trained, metrics=metrics), codebook)
    card = (tmp_path / info.model_id / "card.md").read_text()
    assert "| ostravia-2031 | 40 | 32 | insufficient |" in card


def test_the_card_names_the_baseline_that_was_used(tmp_path, trained, codebook):
    metrics = {**trained.metrics, "baseline": "TF-IDF + linear SVM"}
    info = save_model(tmp_path, dataclasses.replace(trained, metrics=metrics), codebook)
    card = (tmp_path / info.model_id / "card.md").read_text()
    assert card.count("| TF-IDF + linear SVM |") == 2
    assert "logistic regression" not in card


def test_the_card_shows_the_coders_beside_the_model_and_marks_insufficient_codes(
    tmp_path, trained, codebook, coded
):
    metrics = copy.deepcopy(dict(trained.metrics))
    codings = [Coding(i.paragraph.paragraph_id, name, i.codes) for i in coded for name in "ab"]
    metrics["ceiling"] = measure_ceiling(codings, trained.codes, 0)
    metrics["methods"]["model"]["all"]["codes"]["labor"]["insufficient"] = True
    marked = dataclasses.replace(trained, metrics=metrics)
    info = save_model(tmp_path, marked, codebook, trained_at=NOON)
    card = (Path(info.path) / "card.md").read_text()
    assert "| one coder against the others | 1.00 [1.00, 1.00] | 1.00 [1.00, 1.00] |" in card
    assert "| coders' F1 |" in card
    row = "| labor | 16 | insufficient | insufficient | insufficient | insufficient | 1.00"
    assert row in card


def test_the_card_says_what_the_labels_are_and_where_a_code_could_not_be_learned(
    tmp_path, trained, codebook
):
    metrics = copy.deepcopy(dict(trained.metrics)) | {"labels": "dawid-skene", "repeated": 3}
    metrics |= {"embeddings": "/home/ana/minilm", "embeddings_sha256": "ab" * 32}
    metrics["folds"][0]["abstained"] = {"labor": "no paragraph carries it"}
    info = save_model(tmp_path, dataclasses.replace(trained, metrics=metrics), codebook)
    card = (Path(info.path) / "card.md").read_text()
    assert "weighed by how reliable each is" in card
    assert "3 of the paragraphs have the words of another" in card
    assert f"by minilm (SHA-256 {'ab' * 32})" in card
    assert "/home/ana" not in card
    assert "While ostravia-2031 was held out" in card
    assert "labor (no paragraph carries it): nothing was given there" in card


def test_a_part_in_which_hardly_any_code_stands_has_no_figures_on_the_card(
    tmp_path, trained, codebook
):
    metrics = copy.deepcopy(dict(trained.metrics))
    for of_code in metrics["methods"]["model"]["new"]["codes"].values():
        of_code["insufficient"] = True
    info = save_model(tmp_path, dataclasses.replace(trained, metrics=metrics), codebook)
    part = (Path(info.path) / "card.md").read_text().split("## New text only")[1].split("##")[0]
    assert "Insufficient: too few of them carry any code." in part
    assert "micro F1" not in part


def test_the_learning_curve_is_drawn_where_there_is_one(tmp_path, trained, codebook, coded):
    curve = asdict(measure_curve_of(trained, draws=2))
    with_curve = dataclasses.replace(trained, metrics={**trained.metrics, "learning_curve": curve})
    info = save_model(tmp_path, with_curve, codebook, trained_at=NOON)
    folder = Path(info.path)
    assert "training paragraphs" in (folder / "learning-curve.svg").read_text()
    card = (folder / "card.md").read_text()
    assert "![Learning curve](learning-curve.svg)" in card
    assert curve["words"] in card


def test_a_model_knows_the_texts_that_it_learned_from(shelf, coded):
    _, info = shelf
    texts = [coded[3].paragraph.text.upper(), "A river flooded the lower streets of Pell."]
    assert find_seen(texts, read_training(info)).tolist() == [True, False]


def test_what_was_said_of_held_out_paragraphs_is_kept(shelf, trained, coded):
    _, info = shelf
    held = read_held_out(info)
    assert sorted(held.paragraph_ids) == sorted(item.paragraph.paragraph_id for item in coded)
    figures = compute_figures(held.answers, held.codes, 0)
    expected = trained.metrics["methods"]["model"]["all"]["micro_f1"]["value"]
    assert figures["micro_f1"]["value"] == expected
    labels = {item.paragraph.paragraph_id: set(item.codes) for item in coded}
    for paragraph_id, row in zip(held.paragraph_ids, held.answers.labels, strict=True):
        assert {c for c, k in zip(held.codes, row, strict=True) if k == 1} == labels[paragraph_id]
    part = held.keep(held.paragraph_ids[5:3:-1], held.codes[::-1])
    assert part.answers.scores.tolist() == held.answers.scores[5:3:-1, ::-1].tolist()
    assert part.reports == (held.reports[5], held.reports[4])


@pytest.mark.parametrize("read", [read_training, read_held_out])
def test_without_its_lessons_a_model_says_that_it_has_none(saved, read):
    with pytest.raises(ModelFileError, match="registered without") as caught:
        read(saved)
    assert "train again" in caught.value.mend


@pytest.mark.parametrize(
    ("read", "name"), [(read_training, "training.jsonl"), (read_held_out, "heldout.jsonl")]
)
def test_changed_and_missing_lessons_are_refused(tmp_path, trained, codebook, coded, read, name):
    info = save_model(tmp_path, trained, codebook, trained_at=NOON, coded=coded)
    path = Path(info.path) / name
    path.write_text(path.read_text().replace("ostravia-2031-0000", "ostravia-2031-0900"))
    with pytest.raises(ModelFileError, match=f"{re.escape(name)}: is not the file"):
        read(info)
    path.unlink()
    with pytest.raises(ModelFileError, match=f"{re.escape(name)}: cannot be read"):
        read(info)


@pytest.mark.parametrize(
    "line", ["{", "{}", '{"paragraph_id": "p", "report_id": "r", "cluster": 1, '
             '"carried_over": false, "answers": {"labor": [1, 2]}}'],
)  # fmt: skip
def test_damaged_lines_of_held_out_paragraphs_are_named(line):
    with pytest.raises(ModelFileError, match="heldout, line 1: damaged"):
        parse_held_out(line, ("labor",), "heldout")


def test_the_same_data_and_seed_give_the_same_bytes(trained, coded, codebook):
    again = train_model(coded[::-1], codebook)
    assert pack(again, codebook) == pack(trained, codebook)


def test_the_archive_has_no_times_and_no_memory_addresses(trained, codebook):
    with zipfile.ZipFile(io.BytesIO(pack(trained, codebook))) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        schema = json.loads(archive.read("schema.json"))
    assert schema["__id__"] == 1


def test_a_code_may_have_the_name_of_a_field_of_the_format(trained, codebook):
    thresholds = {"file": 0.5, "content": 0.25, "assembly": 0.5, "labor": 0.5}
    data = pack(trained, codebook, codes=tuple(thresholds), thresholds=thresholds)
    assert parse_model(data, "m").thresholds == thresholds


def test_saving_the_same_model_again_leaves_the_folder_as_it_is(saved, trained, codebook):
    meta = f"{saved.path}/meta.json"
    with open(meta) as file:
        before = file.read()
    later = NOON.replace(hour=18)
    assert save_model(Path(saved.path).parent, trained, codebook, trained_at=later) == saved
    with open(meta) as file:
        assert file.read() == before


def test_models_are_found_by_id_prefix_and_latest(tmp_path, trained, codebook):
    older = save_model(tmp_path, trained, codebook, trained_at=NOON)
    newer = save_model(tmp_path, trained, codebook, trained_at=NOON.replace(month=6))
    assert list_models(tmp_path) == [older, newer]
    assert find_model(tmp_path) == find_model(tmp_path, "2031-06") == newer
    assert find_model(tmp_path, older.model_id) == older
    with pytest.raises(ModelError, match=r"could be 2031-05-04-.*, 2031-06-04-"):
        find_model(tmp_path, "2031")
    with pytest.raises(ModelError, match="no model '2030'"):
        find_model(tmp_path, "2030")
    with pytest.raises(ModelError, match="no model ''"):
        find_model(tmp_path, "")


def test_without_a_model_the_message_says_how_to_get_one(tmp_path):
    assert list_models(tmp_path / "nowhere") == []
    with pytest.raises(ModelError, match="no model yet; run `workbench train`"):
        find_model(tmp_path / "nowhere")


def test_a_changed_model_file_is_refused(saved):
    path = f"{saved.path}/model.skops"
    with open(path, "r+b") as file:
        file.seek(2000)
        file.write(b"x")
    with pytest.raises(ModelFileError, match=r"model\.skops: is not the file that was registered"):
        load_model(saved)


def test_a_missing_model_file_is_named(saved):
    (Path(saved.path) / "model.skops").unlink()
    with pytest.raises(ModelFileError, match=r"model\.skops: cannot be read: No such file"):
        load_model(saved)


@pytest.mark.parametrize("cut", [0, 100, 50_000])
def test_a_damaged_model_file_is_refused_even_if_its_hash_fits(saved, trained, codebook, cut):
    info = replace_file(saved, pack(trained, codebook)[:cut])
    with pytest.raises(ModelFileError, match="damaged"):
        load_model(info)


def test_a_file_with_another_type_is_refused_and_the_type_named(saved):
    info = replace_file(saved, skops.io.dumps({"pipeline": Fraction(1, 2)}))
    with pytest.raises(ModelFileError, match=r"not trusted: fractions\.Fraction"):
        load_model(info)


def craft_launcher(command):
    """A model file that starts `command` when it is built."""
    with zipfile.ZipFile(io.BytesIO(skops.io.dumps((command,)))) as archive:
        arguments = json.loads(archive.read("schema.json"))
    schema = {
        "__class__": "Popen",
        "__module__": "subprocess",
        "__loader__": "ConstructorFromReduceNode",
        "__id__": 1,
        "content": arguments,
        "protocol": arguments["protocol"],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("schema.json", json.dumps(schema))
    return out.getvalue()


def test_a_file_that_would_run_a_command_is_refused_before_it_is_built(saved, tmp_path):
    mark = tmp_path / "ran"
    data = craft_launcher(["touch", str(mark)])
    with pytest.raises(ModelFileError, match=r"not trusted: subprocess\.Popen"):
        load_model(replace_file(saved, data))
    assert not mark.exists()
    # The file is a real threat: whoever trusts the type runs the command.
    skops.io.loads(data, trusted=["subprocess.Popen"]).wait()
    assert mark.exists()


@pytest.mark.parametrize(
    "whole",
    [
        ["not", "a", "model"],
        {"pipeline": 1, "codes": [], "thresholds": {}, "taxonomy_sha256": ""},
    ],
)
def test_a_harmless_file_that_is_not_a_model_is_refused(saved, whole):
    with pytest.raises(ModelFileError):
        load_model(replace_file(saved, skops.io.dumps(whole)))


def test_only_our_own_types_are_trusted_beyond_those_of_skops(trained, codebook):
    assert all(name.startswith("workbench.models.") for name in TRUSTED)
    asked = set(skops.io.get_untrusted_types(data=pack(trained, codebook)))
    # A model without embeddings does not ask for them.
    assert asked == {name for name in TRUSTED if "embeddings" not in name}


def test_thresholds_that_are_not_the_models_are_refused(saved):
    changed = dataclasses.replace(saved, thresholds={**saved.thresholds, "labor": 0.01})
    with pytest.raises(ModelFileError, match="thresholds"):
        load_model(changed)


def test_another_taxonomy_is_refused_and_both_are_named(saved):
    version = saved.taxonomy_version
    text = default_codebook_text().replace(f'version: "{version}"', 'version: "99"')
    named = rf"taxonomy rights {version} .* has rights 99"
    with pytest.raises(ModelError, match=named) as caught:
        load_model(saved, parse_codebook(text, "rights.yaml"))
    assert "train again" in caught.value.mend
    with pytest.raises(ModelError) as caught:
        load_model(saved, parse_codebook(default_codebook_text() + "# a remark\n", "rights.yaml"))
    assert "those of a comment too" in caught.value.mend


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"model_id": 3}', "\x00"])
def test_a_damaged_meta_file_is_named(saved, content):
    meta = Path(saved.path) / "meta.json"
    meta.write_text(content)
    with pytest.raises(ModelFileError, match=r"meta\.json"):
        find_model(meta.parent.parent)


def test_a_folder_that_cannot_be_written_is_named(tmp_path, trained, codebook):
    blocked = tmp_path / "models"
    blocked.write_text("a file, not a folder")
    with pytest.raises(ModelError, match="models"):
        save_model(blocked, trained, codebook)
