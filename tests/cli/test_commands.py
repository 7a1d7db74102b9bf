"""The commands as their user types them, from report files to predictions."""

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT

REPORTS = ROOT / "examples" / "reports"
LABELS = ROOT / "examples" / "annotations" / "tavaria-2015-2021.jsonl"
TEXT = (
    "Country Report on Human Rights Practices 2019 - Veldoria\n\nEXECUTIVE SUMMARY\n\n"
    "The republic has a parliament of one chamber and a president who is elected every five years."
    "\n\nSection 2. Respect for Civil Liberties, Including:\n\n"
    "a. Freedom of Expression, Including for the Press\n\n"
    "The regulator closed two radio stations in May, and a court fined a blogger for insult.\n\n"
    "Reporters said that officials refused to answer their questions about the harbour contract.\n"
)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "veldoria.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_init_twice_keeps_what_is_there(cli) -> None:
    file = cli.folder / "taxonomy" / "rights.yaml"
    file.write_text(file.read_text() + "# mine\n")
    cli("init", cli.folder)
    assert file.read_text().endswith("# mine\n")
    for folder in ("taxonomy", "annotations", "models", "exports"):
        assert (cli.folder / folder).is_dir()
    assert ".workbench/" in (cli.folder / ".gitignore").read_text()


def test_paragraphs_are_found_again_in_the_file_by_their_offsets(cli, report: Path) -> None:
    cli("ingest", report)
    source = report.read_text(encoding="utf-8")
    records = lines(cli("paragraphs"))
    assert len(records) == 3
    for record in records:
        assert source[record["start"] : record["end"]] == record["text"]
        assert set(record) == {
            "paragraph_id", "report_id", "report", "section", "text", "start", "end", "page",
            "kind", "run_in",
        }  # fmt: skip
    assert records[1]["section"] == [
        "Section 2. Respect for Civil Liberties, Including:",
        "a. Freedom of Expression, Including for the Press",
    ]
    assert records[0]["report"]["country"] == "Veldoria"
    assert records[0]["report"]["year"] == 2019
    assert records[0]["report"]["file"] == "veldoria.txt"


def test_paragraph_ids_do_not_depend_on_the_order_of_ingestion(cli, tmp_path, capsys) -> None:
    from tests.conftest import Cli
    from workbench.cli import run

    files = sorted(REPORTS.glob("*.txt"))
    cli("ingest", *files)
    other = tmp_path / "other"
    assert run(["init", str(other)]) == 0
    backwards = Cli(other, capsys)
    backwards("ingest", *reversed(files))
    assert sorted(cli("paragraphs").splitlines()) == sorted(backwards("paragraphs").splitlines())


def test_ingesting_again_changes_nothing(cli, report: Path) -> None:
    cli("ingest", report)
    before = cli("paragraphs")
    assert cli.json("ingest", report)["reports"][0]["changes"] == "none"
    assert cli("paragraphs") == before


def test_a_corrected_file_keeps_the_annotations_of_unchanged_paragraphs(cli, report, tmp_path):
    cli("ingest", report)
    _, second, third = lines(cli("paragraphs"))
    labels = tmp_path / "labels.jsonl"
    labels.write_text(
        "\n".join(
            json.dumps(
                {"report": "veldoria.txt", "text": p["text"], "annotator": "ana", "codes": c}
            )
            for p, c in ((second, ["expression"]), (third, ["expression"]))
        )
    )
    cli("annotations", "import", labels)
    report.write_text(TEXT.replace("two radio stations", "three radio stations"))
    changes = cli.json("ingest", report)["reports"][0]["changes"]
    assert changes == "1 added, 1 moved, 1 retired, metadata"
    kept = lines(cli("annotations", "export"))
    assert [record["text"] for record in kept] == [third["text"]]


def test_another_file_of_the_same_report_needs_replace(cli, report: Path, tmp_path: Path) -> None:
    cli("ingest", report)
    other = tmp_path / "copy.txt"
    other.write_text(TEXT.replace("May", "June"))
    error = cli.fails("ingest", other)
    assert "veldoria-2019-state is already held" in error
    assert "--replace" in error
    cli("ingest", other, "--replace")
    assert "June" in cli("paragraphs")


def test_given_metadata_overrides_what_is_detected_and_keeps_the_id(cli, report: Path) -> None:
    cli("ingest", report)
    row = cli.json("ingest", report, "--year", "2018", "--title", "Mine")["reports"][0]
    assert (row["report"], row["year"], row["title"]) == ("veldoria-2019-state", 2018, "Mine")
    assert len(cli.json("reports")) == 1


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("empty.txt", b"", "empty"),
        ("binary.txt", b"\x00\x01\x02" * 400, "binary"),
        ("nowhere.txt", b"Un r\x81sum\x8d \x90fran\xe7ais.", "UTF-8"),
        ("page.pdf", b"%PDF-1.7\n...", "PDF"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_others_go_on(
    cli, report: Path, tmp_path: Path, name: str, content: bytes, named: str
) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    error = cli.fails("ingest", bad, report)
    assert name in error
    assert named.lower() in error.lower()
    assert "; " in error  # the mend
    assert len(cli.json("reports")) == 1


def test_a_missing_file_is_named(cli) -> None:
    assert "nowhere.txt" in cli.fails("ingest", "nowhere.txt")


def test_outside_a_workspace_every_command_says_to_make_one(tmp_path, monkeypatch, capsys) -> None:
    from workbench.cli import run

    monkeypatch.chdir(tmp_path)
    for command in ("reports", "paragraphs", "push", "pull", "train", "predict", "agreement"):
        assert run([command]) == 1
        error = capsys.readouterr().err
        assert "no workspace here" in error
        assert "workbench init" in error


def test_output_file_is_written_whole_or_not_at_all(cli, report: Path, tmp_path: Path) -> None:
    cli("ingest", report)
    out = tmp_path / "out" / "paragraphs.jsonl"
    cli("paragraphs", "-o", out)
    before = out.read_text()
    assert len(before.splitlines()) == 3
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"text": "good"}\n{"no": 1}\n')
    cli.fails("predict", "--input", bad, "-o", out)
    assert out.read_text() == before
    assert [p.name for p in out.parent.iterdir()] == ["paragraphs.jsonl"]


def test_predict_without_a_model_uses_the_codebook_and_says_so(cli, report: Path) -> None:
    cli("ingest", report)
    records = lines(cli("predict"))
    assert "indicator phrases" in cli.err
    assert [r["codes"] for r in records] == [[], ["expression"], ["expression"]]
    assert records[1]["model"]["id"].startswith("codebook-rights-3-")
    for record in records:
        for spans in record["evidence"].values():
            for span in spans:
                assert record["text"][span["start"] : span["end"]] == span["text"]


def test_predict_streams_an_input_file_without_the_database(cli, tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(
        '{"text": "Police tortured a detainee."}\n{"text": "It rained.", "section": []}\n'
    )
    assert [r["codes"] for r in lines(cli("predict", "--input", file))] == [["torture"], []]
    assert not (cli.folder / ".workbench").exists()


@pytest.mark.parametrize("shown", ["show", "check"])
def test_taxonomy_is_shown_and_checked(cli, shown: str) -> None:
    codes = [c["code"] for c in cli.json("taxonomy", shown)["codes"]]
    assert codes == ["torture", "assembly", "expression", "labor"]
    assert "torture" in cli("taxonomy", shown)


def test_a_fault_in_the_codebook_names_file_and_field(cli) -> None:
    file = cli.folder / "taxonomy" / "rights.yaml"
    file.write_text(file.read_text().replace('    hotkey: "2"', '    hotkey: "1"'))
    error = cli.fails("taxonomy", "check")
    assert "rights.yaml" in error
    assert "hotkey '1' is used twice" in error


@pytest.fixture
def coded(cli):
    """The sample reports with the three sample coders' labels."""
    cli("ingest", REPORTS)
    cli("annotations", "import", LABELS)
    return cli


def test_every_sample_label_finds_its_paragraph_by_its_text(cli) -> None:
    cli("ingest", REPORTS)
    result = cli.json("annotations", "import", LABELS)
    assert result["matched_by_text"] == len(LABELS.read_text().splitlines())
    assert result["unmatched"] == []
    assert cli.json("annotations", "import", LABELS)["created"] == 0


def test_export_and_import_of_annotations_is_a_round_trip(coded, tmp_path, capsys) -> None:
    from tests.conftest import Cli
    from workbench.cli import run

    exported = coded("annotations", "export")
    file = tmp_path / "labels.jsonl"
    file.write_text(exported)
    other = tmp_path / "other"
    assert run(["init", str(other)]) == 0
    second = Cli(other, capsys)
    second("ingest", REPORTS)
    second("annotations", "import", file)
    assert second("annotations", "export") == exported


def test_an_unknown_code_is_named_and_nothing_is_imported(cli, report, tmp_path) -> None:
    cli("ingest", report)
    file = tmp_path / "labels.jsonl"
    good = {"report": "veldoria.txt", "text": lines(cli("paragraphs"))[0]["text"], "annotator": "a"}
    file.write_text(
        json.dumps(good | {"codes": []}) + "\n" + json.dumps(good | {"codes": ["health"]})
    )
    error = cli.fails("annotations", "import", file)
    assert "line 2: codes: unknown code 'health'" in error
    assert cli("annotations", "export") == ""


def test_agreement_prints_a_table_and_writes_page_and_data(coded) -> None:
    shown = coded("agreement", "--resamples", "200")
    for code in ("torture", "assembly", "expression", "labor"):
        assert code in shown
    folder = next((coded.folder / "exports" / "agreement").iterdir())
    data = json.loads((folder / "agreement.json").read_text())
    assert {c["code"] for c in data["codes"]} == {"torture", "assembly", "expression", "labor"}
    page = (folder / "agreement.html").read_text()
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "<script src" not in page


def test_agreement_without_annotations_says_what_to_do(cli, report: Path) -> None:
    cli("ingest", report)
    assert "workbench pull" in cli.fails("agreement")


def test_training_without_labels_says_what_to_do(cli, report: Path) -> None:
    cli("ingest", report)
    assert "has an annotation" in cli.fails("train")


def test_training_on_one_sided_labels_is_refused(cli, report: Path, tmp_path: Path) -> None:
    cli("ingest", report)
    file = tmp_path / "labels.jsonl"
    file.write_text(
        "\n".join(
            json.dumps({"report": "veldoria.txt", "text": p["text"], "annotator": "a", "codes": []})
            for p in lines(cli("paragraphs"))
        )
    )
    cli("annotations", "import", file)
    assert "no code has enough labels" in cli.fails("train")
    assert list((cli.folder / "models").iterdir()) == []


def test_a_model_is_trained_shown_and_predicts_the_held_back_report(coded) -> None:
    meta = coded.json("train")
    assert meta["metrics"]["methods"]["model"]["new"]["paragraphs"] > 100
    assert [m["model_id"] for m in coded.json("models", "list")] == [meta["model_id"]]
    assert coded.json("models", "show")["sha256"] == meta["sha256"]
    assert "new text" in coded("models", "show", meta["model_id"][:12])
    records = lines(coded("predict", "--report", "tavaria-2022-state"))
    assert {r["model"]["id"] for r in records} == {meta["model_id"]}
    assert {r["report"]["report_id"] for r in records} == {"tavaria-2022-state"}
    assert sum(bool(r["codes"]) for r in records) > 10
    again = coded.json("train")
    assert again["sha256"] == meta["sha256"]


def test_a_model_of_another_taxonomy_is_refused_with_the_mend(coded) -> None:
    coded("train")
    file = coded.folder / "taxonomy" / "rights.yaml"
    file.write_text(file.read_text().replace('version: "3"', 'version: "4"'))
    error = coded.fails("predict")
    assert "was trained with taxonomy rights 3" in error
    assert "train again" in error


def test_doctor_names_what_is_wrong_and_the_mend(cli) -> None:
    findings = {f["check"]: f for f in cli.json("doctor", code=1)}
    assert findings["Python"]["state"] == "good"
    assert findings["packages"]["state"] == "good"
    assert findings["workspace"]["state"] == "good"
    assert findings["database"]["state"] == "good"
    assert findings["taxonomy"]["state"] == "good"
    assert findings["address"]["state"] == "wrong"
    assert "workbench studio start" in findings["address"]["mend"]


def test_doctor_without_a_workspace_says_so(tmp_path: Path, monkeypatch, capsys) -> None:
    from workbench.cli import run

    monkeypatch.chdir(tmp_path)
    assert run(["doctor"]) == 1
    assert "workbench init" in capsys.readouterr().out


def test_server_that_is_down_and_wrong_token_are_known_errors(cli, report, monkeypatch) -> None:
    cli("ingest", report)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "not-a-token")
    error = cli.fails("push", "--url", "http://127.0.0.1:9")
    assert "no Label Studio answers at http://127.0.0.1:9" in error
    assert "not-a-token" not in cli.err


def test_pushing_nothing_says_to_ingest(cli, monkeypatch) -> None:
    assert "workbench ingest" in cli.fails("push", "--url", "http://127.0.0.1:9")


def test_output_naming_a_folder_or_a_device_is_refused_and_a_link_followed(
    cli, report: Path, tmp_path: Path
) -> None:
    cli("ingest", report)
    assert "is a folder" in cli.fails("paragraphs", "-o", tmp_path)
    assert "is a folder" in cli.fails("predict", "-o", tmp_path)
    assert "not a regular file" in cli.fails("paragraphs", "-o", "/dev/null")
    target, link = tmp_path / "target.jsonl", tmp_path / "link.jsonl"
    target.write_text("old")
    link.symlink_to(target)
    cli("paragraphs", "-o", link)
    assert link.is_symlink()
    assert len(target.read_text().splitlines()) == 3


def test_a_password_in_the_address_is_refused_and_never_shown(cli, report, monkeypatch) -> None:
    cli("ingest", report)
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://user:secretpw@127.0.0.1:9")
    assert "holds a user name or password" in cli.fails("push")
    cli("doctor", code=1)
    assert "secretpw" not in cli.out + cli.err


@pytest.mark.parametrize("url", ["nonsense", "postgresql://u:secretpw@h/db", "sqlite://x/y/z"])
def test_a_bad_database_address_is_a_known_error_without_the_password(
    cli, monkeypatch, url: str
) -> None:
    monkeypatch.setenv("WORKBENCH_DATABASE_URL", url)
    assert "database.url" in cli.fails("reports")
    assert "secretpw" not in cli.err


@pytest.mark.parametrize("token", ["тест", "two words", "line\nbreak"])
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(
    cli, report, monkeypatch, token: str
) -> None:
    cli("ingest", report)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", token)
    error = cli.fails("push", "--url", "http://127.0.0.1:9")
    assert "does not hold a token" in error
    assert token not in error


@pytest.mark.parametrize(
    ("name", "value"),
    [("WORKBENCH_SEED", "-1"), ("WORKBENCH_STUDIO_PORT", "80"), ("WORKBENCH_SEED", "1.5")],
)
def test_a_number_out_of_range_is_named(cli, monkeypatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert name in cli.fails("reports")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("[" * 100_000, "not JSON"),
        ('{"report":"r","text":"t","annotator":"x\\ud800","codes":[]}', "annotator"),
        ('{"report":"r","text":"t","annotator":"x","codes":[],"comment":{"a":1}}', "comment"),
    ],
)
def test_odd_json_in_an_import_is_a_known_error(cli, report, tmp_path, line, named) -> None:
    cli("ingest", report)
    file = tmp_path / "odd.jsonl"
    file.write_text(line)
    error = cli.fails("annotations", "import", file)
    assert "line 1" in error
    assert named in error


def test_import_takes_a_byte_order_mark_and_fails_when_nothing_matches(cli, report, tmp_path):
    cli("ingest", report)
    text = lines(cli("paragraphs"))[0]["text"]
    record = {"report": "veldoria.txt", "text": text, "annotator": "ana", "codes": []}
    file = tmp_path / "labels.jsonl"
    file.write_text(json.dumps(record), encoding="utf-8-sig")
    assert cli.json("annotations", "import", file)["matched_by_text"] == 1
    file.write_text(json.dumps(record | {"report": "another.txt"}))
    assert "no record found its paragraph" in cli.fails("annotations", "import", file)


def test_records_that_are_united_are_listed_with_their_lines(cli, report, tmp_path) -> None:
    cli("ingest", report)
    text = lines(cli("paragraphs"))[1]["text"]
    record = {"report": "veldoria.txt", "text": text, "annotator": "ana"}
    file = tmp_path / "labels.jsonl"
    file.write_text("\n".join(json.dumps(record | {"codes": c}) for c in (["torture"], [])))
    cli("annotations", "import", file)
    assert "line 2: ana has coded this paragraph before" in cli.err


def test_a_damaged_model_is_named_and_never_passed_over(coded) -> None:
    meta = coded.json("train")
    file = coded.folder / "models" / meta["model_id"] / "meta.json"
    whole = file.read_text()
    file.unlink()
    assert "meta.json" in coded.fails("predict")
    coded("models", "list")
    assert "meta.json" in coded.err
    data = json.loads(whole)
    del data["metrics"]["methods"]
    file.write_text(json.dumps(data))
    assert "damaged" in coded.fails("models", "show")


def test_an_odd_report_id_is_refused(cli, report: Path) -> None:
    assert "not usable" in cli.fails("ingest", report, "--id", "a b/../c")
