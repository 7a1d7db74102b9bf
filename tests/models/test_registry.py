import dataclasses
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest
import skops.io

from workbench.errors import ModelError, ModelFileError
from workbench.models.features import TextRow
from workbench.models.modelfile import TRUSTED, ModelContents, dump_model, parse_model
from workbench.models.registry import find_model, list_models, load_model, save_model
from workbench.models.training import train_model
from workbench.taxonomy.codebook import default_codebook_text, parse_codebook

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
TEXTS = [TextRow("Guards beat the prisoners."), TextRow("A newspaper closed in Velm.")]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, trained, codebook):
    folder = tmp_path_factory.mktemp("models")
    return folder, save_model(folder, trained, codebook, trained_at=NOON)


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
    assert sorted(path.name for path in held.iterdir()) == ["card.md", "meta.json", "model.skops"]
    assert info.model_id == held.name == f"2031-05-04-{info.sha256[:8]}"
    assert sha256((held / "model.skops").read_bytes()).hexdigest() == info.sha256
    meta = json.loads((held / "meta.json").read_text())
    assert meta["seed"] == 0
    assert meta["packages"]["scikit-learn"]
    assert meta["metrics"] == info.metrics


def test_the_card_gives_every_method_for_new_and_carried_over_text(shelf):
    folder, info = shelf
    card = (folder / info.model_id / "card.md").read_text()
    for method in ("this model", "TF-IDF + logistic regression", "indicator phrases alone"):
        assert len(re.findall(rf"\| {re.escape(method)} \| [01]\.\d\d \[", card)) == 2
    assert "## Text carried over from a training report: 0 paragraphs\n\nNone." in card
    assert "leave one report out" in card
    assert info.sha256 in card


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
    assert set(skops.io.get_untrusted_types(data=pack(trained, codebook))) == set(TRUSTED)


def test_thresholds_that_are_not_the_models_are_refused(saved):
    changed = dataclasses.replace(saved, thresholds={**saved.thresholds, "labor": 0.01})
    with pytest.raises(ModelFileError, match="thresholds"):
        load_model(changed)


def test_another_taxonomy_is_refused_and_both_are_named(saved):
    text = default_codebook_text().replace('version: "1"', 'version: "2"')
    with pytest.raises(ModelError, match=r"taxonomy rights 1 .* has rights 2") as caught:
        load_model(saved, parse_codebook(text, "rights.yaml"))
    assert "train again" in caught.value.mend


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
