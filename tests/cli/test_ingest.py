"""`workbench ingest` on whatever a researcher has: folders, archives, rows, corrected tables."""

import csv
import json
import zipfile
from pathlib import Path

import pytest

TEXT = (
    "Country Report on Human Rights Practices {year} - {country}\n\nEXECUTIVE SUMMARY\n\n"
    "{country} has a parliament of one chamber and a president for {year} days.\n\n"
    "Section 1. Respect for the Integrity of the Person, Including Freedom from:\n\n"
    "c. Torture and Other Cruel, Inhuman, or Degrading Treatment or Punishment\n\n"
    "Physical Conditions: Cells in {country} held twice the persons they were built for.\n"
)


def text_of(country: str, year: int) -> str:
    return TEXT.format(country=country, year=year)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for country, year in (("Veldoria", 2018), ("Veldoria", 2019), ("Castellane", 2019)):
        (folder / f"{country.lower()}-{year}.txt").write_text(text_of(country, year))
    return folder


def rows_of(result: dict) -> dict[str, dict]:
    return {row["report"]: row for row in result["reports"]}


def test_a_dry_run_shows_what_was_detected_and_stores_nothing(cli, folder: Path) -> None:
    rows = rows_of(cli.json("ingest", folder, "--dry-run"))
    assert set(rows) == {"veldoria-2018-state", "veldoria-2019-state", "castellane-2019-state"}
    row = rows["castellane-2019-state"]
    assert (row["country"], row["year"], row["source"]) == ("Castellane", 2019, "state")
    assert (row["language"], row["paragraphs"], row["changes"]) == ("en", 2, "not stored")
    assert cli.json("reports") == []
    assert not (cli.folder / ".workbench" / "sources").exists()


def test_a_dry_run_needs_no_workspace(folder: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    from workbench.cli import run

    monkeypatch.chdir(tmp_path)
    assert run(["ingest", str(folder), "--dry-run"]) == 0
    assert "castellane-2019-state" in capsys.readouterr().out


def test_a_corrected_table_decides_what_the_files_are(cli, folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "metadata.csv"
    cli("ingest", folder, "--dry-run", "-o", table)
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    assert [row["country"] for row in rows] == ["Castellane", "Veldoria", "Veldoria"]
    rows[0] |= {"country": "Cote d'Ivoire", "year": "2017"}
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    stored = rows_of(cli.json("ingest", folder, "--metadata", table))
    row = stored["cote-d-ivoire-2017-state"]
    assert (row["country"], row["country_code"], row["year"]) == ("Cote d'Ivoire", "CIV", 2017)
    again = cli.json("ingest", folder)
    assert {row["changes"] for row in again["reports"]} == {"none"}
    assert set(rows_of(again)) == set(stored)


def test_what_was_said_of_a_file_holds_when_it_is_corrected(cli, folder: Path) -> None:
    file = folder / "castellane-2019.txt"
    cli("ingest", file, "--year", "2017")
    file.write_text(file.read_text().replace("twice", "three times"))
    (row,) = cli.json("ingest", file)["reports"]
    assert (row["report"], row["year"]) == ("castellane-2017-state", 2017)
    assert row["changes"] == "1 added, 1 removed, metadata"
    assert len(cli.json("reports")) == 1


def test_a_second_run_reads_nothing_again_and_goes_on_where_the_first_stopped(
    cli, folder: Path, monkeypatch
) -> None:
    import workbench.reports.batch as batch

    cli("ingest", folder / "veldoria-2018.txt")
    read = []
    build = batch.build_document

    def counted(data: bytes, name: str, *rest: object) -> object:
        read.append(Path(name).name)
        return build(data, name, *rest)

    monkeypatch.setattr(batch, "build_document", counted)
    cli("ingest", folder)
    assert sorted(read) == ["castellane-2019.txt", "veldoria-2019.txt"]
    cli("ingest", folder)
    assert len(read) == 2
    cli("ingest", folder, "--split-longer-than", "20")
    assert len(read) == 5


def test_a_copy_elsewhere_is_the_same_report_and_does_not_move_it(cli, folder: Path) -> None:
    cli("ingest", folder)
    copies = folder / "copies"
    copies.mkdir()
    (copies / "a.txt").write_bytes((folder / "veldoria-2018.txt").read_bytes())
    for _ in range(2):
        result = cli.json("ingest", folder)
        assert {row["changes"] for row in result["reports"]} == {"none"}
    assert len(cli.json("reports")) == 3
    (folder / "veldoria-2018.txt").unlink()
    result = rows_of(cli.json("ingest", folder))
    assert result["veldoria-2018-state"]["changes"] == "metadata"


def test_processes_store_the_same_as_one(cli, folder: Path, tmp_path: Path, capsys) -> None:
    from tests.conftest import Cli
    from workbench.cli import run

    cli("ingest", folder, "--processes", "2")
    assert run(["init", str(tmp_path / "other")]) == 0
    other = Cli(tmp_path / "other", capsys)
    other("ingest", folder, "--processes", "1")
    assert cli("paragraphs") == other("paragraphs")


def test_an_archive_is_read_and_what_is_bad_in_it_is_named(cli, folder: Path, tmp_path) -> None:
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in folder.iterdir():
            packed.write(path, f"state/{path.name}")
        packed.writestr("../escape.txt", text_of("Outside", 2000))
        packed.writestr("state/empty.txt", "")
        packed.writestr("notes.json", "{}")
    cli("ingest", archive, code=1)
    errors = [line for line in cli.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 2
    assert any("escape.txt" in error and "outside the archive" in error for error in errors)
    assert any("empty.txt is empty" in error for error in errors)
    assert "3 read, 0 of them unchanged; 2 failed" in cli.err
    assert len(cli.json("reports")) == 3
    paragraph = json.loads(cli("paragraphs", "--report", "castellane-2019-state").splitlines()[1])
    assert cli("source", paragraph["paragraph_id"]).strip() == paragraph["text"]


def test_the_source_of_a_paragraph_and_of_a_report_outlive_the_file(cli, folder, tmp_path) -> None:
    file = folder / "veldoria-2019.txt"
    data = file.read_bytes()
    cli("ingest", file)
    file.unlink()
    paragraph = json.loads(cli("paragraphs").splitlines()[1])
    assert paragraph["section"][-1] == paragraph["run_in"] == "Physical Conditions"
    assert cli("source", paragraph["paragraph_id"]).strip() == paragraph["text"]
    assert cli("source", "veldoria-2019-state").encode() == data + b"\n"
    cli("source", "veldoria-2019-state", "-o", tmp_path / "copy.txt")
    assert (tmp_path / "copy.txt").read_bytes() == data
    assert "no report or paragraph" in cli.fails("source", "nothing")
    for path in (cli.folder / ".workbench" / "sources").rglob("*"):
        if path.is_file():
            path.write_bytes(b"changed")
    assert "damaged" in cli.fails("source", "veldoria-2019-state")


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("-o", "x.csv"), "--dry-run"),
        (("--title", "One"), "--title and --id fit one file"),
        (("--metadata", "nowhere.csv"), "nowhere.csv cannot be read"),
    ],
)
def test_options_that_do_not_go_together_are_named(cli, folder: Path, args, named: str) -> None:
    assert named in cli.fails("ingest", folder, *args)
    assert cli.json("reports") == []


ROWS = [
    {"case": "a1", "land": "Veldoria", "head": "Police > Custody", "words": "They were beaten.",
     "who": "ana", "rights": ["torture"]},
    {"case": "a1", "land": "Veldoria", "head": "Police > Custody", "words": "They were beaten.",
     "who": "ben", "rights": []},
    {"case": "b1", "land": "Castellane", "head": "Work", "words": "The union was banned.",
     "who": "ana", "rights": ["labor", "assembly"]},
]  # fmt: skip
ROW_OPTIONS = (
    "--text-field", "words", "--id-field", "case", "--section-field", "head",
    "--group-field", "land", "--codes-field", "rights", "--annotator-field", "who",
)  # fmt: skip


@pytest.fixture
def rows_file(tmp_path: Path) -> Path:
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in ROWS))
    return file


def test_rows_become_reports_and_their_labels_come_along(cli, rows_file: Path) -> None:
    rows = rows_of(cli.json("ingest", rows_file, *ROW_OPTIONS, "--field", "country=land"))
    assert set(rows) == {"cases-veldoria", "cases-castellane"}
    assert rows["cases-veldoria"]["country"] == "Veldoria"
    found = [json.loads(line) for line in cli("paragraphs").splitlines()]
    assert [(p["section"], p["text"]) for p in found] == [
        (["Work"], "The union was banned."),
        (["Police", "Custody"], "They were beaten."),
    ]
    labels = [json.loads(line) for line in cli("annotations", "export").splitlines()]
    assert {(label["text"], label["annotator"], tuple(label["codes"])) for label in labels} == {
        ("They were beaten.", "ana", ("torture",)),
        ("They were beaten.", "ben", ()),
        ("The union was banned.", "ana", ("assembly", "labor")),
    }
    again = cli.json("ingest", rows_file, *ROW_OPTIONS, "--field", "country=land")
    assert {row["changes"] for row in again["reports"]} == {"none"}
    assert cli("source", found[0]["paragraph_id"]).strip() == "The union was banned."


def test_rows_without_the_name_of_their_text_are_not_read_as_a_report(cli, rows_file) -> None:
    assert "--text-field" in cli.fails("ingest", rows_file)
    assert cli.json("reports") == []


def test_rows_with_a_code_that_the_codebook_lacks_store_nothing_of_the_file(cli, rows_file) -> None:
    rows_file.write_text(rows_file.read_text().replace("assembly", "assemblies"))
    assert "unknown code 'assemblies'" in cli.fails("ingest", rows_file, *ROW_OPTIONS)
    assert cli.json("reports") == []


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("--id-field", "case"), "--text-field"),
        (("--text-field", "words", "--codes-field", "rights"), "--annotator"),
        (("--text-field", "wordz"), "has no field 'wordz'"),
        (("--text-field", "words", "--field", "colour=x"), "not usable"),
    ],
)
def test_wrong_row_options_are_named(cli, rows_file: Path, args, named: str) -> None:
    assert named in cli.fails("ingest", rows_file, *args)
    assert cli.json("reports") == []


def test_a_rows_file_that_was_moved_keeps_its_reports_and_labels(cli, rows_file: Path) -> None:
    cli("ingest", rows_file, *ROW_OPTIONS)
    before = cli("annotations", "export")
    moved = rows_file.rename(rows_file.with_name("moved.jsonl"))
    cli("ingest", moved, *ROW_OPTIONS)
    assert len(cli.json("reports")) == 2
    assert [json.loads(line)["paragraph_id"] for line in cli("annotations", "export").splitlines()]
    assert sorted(cli("annotations", "export").replace("moved.", "cases.").splitlines()) == sorted(
        before.splitlines()
    )


def test_a_corrected_title_changes_the_report_and_not_its_id(cli, folder: Path) -> None:
    file = folder / "castellane-2019.txt"
    cli("ingest", file)
    file.write_text(file.read_text().replace("Practices 2019", "Practices 2020"))
    (row,) = cli.json("ingest", file)["reports"]
    assert (row["report"], row["year"]) == ("castellane-2019-state", 2020)
    assert len(cli.json("reports")) == 1


def test_how_a_report_was_split_holds_until_it_is_said_otherwise(cli, tmp_path: Path) -> None:
    file = tmp_path / "veldoria-2019.txt"
    sentence = "The regulator of the harbour closed two radio stations in the month of May. "
    file.write_text(text_of("Veldoria", 2019) + "\n" + sentence * 6 + "\n")
    (whole,) = cli.json("ingest", file)["reports"]
    (split,) = cli.json("ingest", file, "--split-longer-than", "30")["reports"]
    assert split["paragraphs"] > whole["paragraphs"]
    assert cli.json("ingest", file)["reports"][0]["changes"] == "none"
    (again,) = cli.json("ingest", file, "--split-longer-than", "0")["reports"]
    assert again["paragraphs"] == whole["paragraphs"]
    assert "too few" in cli.fails("ingest", file, "--split-longer-than", "5")


def test_what_was_said_can_be_taken_back(cli, folder: Path) -> None:
    file = folder / "castellane-2019.txt"
    cli("ingest", file, "--year", "2001")
    assert cli.json("ingest", file)["reports"][0]["year"] == 2001
    assert cli.json("ingest", file, "--forget")["reports"][0]["year"] == 2019


def test_a_kept_copy_that_was_lost_is_made_good_by_the_next_run(cli, folder: Path) -> None:
    file = folder / "veldoria-2019.txt"
    cli("ingest", file)
    for path in (cli.folder / ".workbench" / "sources").rglob("*"):
        if path.is_file():
            path.unlink()
    assert "ingest the report's file again" in cli.fails("source", "veldoria-2019-state")
    cli("ingest", file)
    assert cli("source", "veldoria-2019-state")


def test_a_database_that_cannot_be_written_ends_the_run_at_once(cli, folder, monkeypatch) -> None:
    import workbench.cli.intake as intake
    from workbench.errors import StoreError

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("workbench.db: database is locked", "see that no other command is running")

    monkeypatch.setattr(intake, "place_document", refuse)
    assert "database is locked" in cli.fails("ingest", folder)
    assert "0 read" not in cli.out
