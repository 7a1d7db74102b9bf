"""`annotations consensus`, adjudicated imports, and the page that explains both."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.conftest import ROOT
from workbench.exports.labels import label_schema

PAGE = ROOT / "docs" / "labels.md"
_CODE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
WARDEN, GUILD = "The warden struck two of the ferrymen.", "Their guild was struck off the register."
CODERS = ("ana", "ben", "chloe")


def block_of(kind: str) -> str:
    (found,) = [code for name, code in _CODE.findall(PAGE.read_text("utf-8")) if name == kind]
    return found


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def record(text: str, annotator: str, *codes: str, **more: object) -> dict:
    fields = {"report": "lake.txt", "text": text, "annotator": annotator, "codes": list(codes)}
    return fields | more


@pytest.fixture
def lake(cli, tmp_path: Path) -> Path:
    """A report of two paragraphs, ingested as `lake`."""
    file = tmp_path / "lake.txt"
    file.write_text(f"{WARDEN}\n\n{GUILD}\n", encoding="utf-8")
    cli("ingest", file)
    assert cli("reports").splitlines()[-1].startswith("lake ")
    return file


@pytest.fixture
def write(tmp_path: Path):
    def to_file(*records: dict, name: str = "labels.jsonl") -> Path:
        file = tmp_path / name
        file.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
        return file

    return to_file


def test_the_example_on_the_page_comes_out_as_it_stands_there(cli, lake, tmp_path) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_text(block_of("jsonl"), encoding="utf-8")
    cli("annotations", "import", file)
    shown = lines(cli("annotations", "consensus"))
    for label in shown:
        Draft202012Validator(label_schema()).validate(label)
        assert label.pop("paragraph_id").startswith("lake.")
        assert label.pop("section") == []
    assert shown == json.loads(block_of("json"))


def test_labels_go_to_the_file_and_the_summary_to_the_output(cli, lake, write, tmp_path) -> None:
    votes = [record(WARDEN, name, "torture") for name in CODERS]
    votes += [record(GUILD, "ana", "labor"), record(GUILD, "ben")]
    cli("annotations", "import", write(*votes))
    target = tmp_path / "out.jsonl"
    summary = cli.json("annotations", "consensus", "-o", target)
    assert [label["codes"] for label in lines(target.read_text("utf-8"))] == [["torture"], []]
    assert summary == {
        "labels": "majority",
        "paragraphs": 2,
        "reports": 1,
        "shared": 2,
        "decided": {"majority": 2},
        "carried_over": 0,
        "tied": 1,
        "moved": 0,
        "codes": {"labor": {"given": 0, "tied": 1}, "torture": {"given": 1, "tied": 0}},
        "coders": [],
    }
    assert cli("annotations", "consensus", "-o", target) == ""
    assert f"2 labels written to {target}" in cli.err


def test_a_named_adjudicator_stands_over_the_coders(cli, lake, write) -> None:
    cli("annotations", "import", write(*(record(WARDEN, name, "torture") for name in CODERS)))
    before = cli.json("agreement", "--resamples", "100")
    ruling = write(record(WARDEN, "dora", "labor"), name="dora.jsonl")
    cli("annotations", "import", ruling, "--adjudicator", "dora")
    (label,) = lines(cli("annotations", "consensus"))
    assert label["codes"] == ["labor"]
    assert label["provenance"]["decided"] == "adjudicated"
    assert "1 of them are adjudicated" in cli.err
    after = cli.json("agreement", "--resamples", "100")
    assert "Left out: 1 of an adjudicator" in after["notes"][0]
    changing = {"made_at", "notes", "standards", "appendix"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
    snapshot = (cli.folder / "annotations" / "annotations.jsonl").read_text("utf-8")
    assert [r["origin"] for r in lines(snapshot)].count("adjudication") == 1


def test_an_adjudicator_may_have_coded_the_paragraph_too(cli, lake, write) -> None:
    cli("annotations", "import", write(record(WARDEN, "ana", "torture"), record(WARDEN, "ben")))
    ruling = write(record(WARDEN, "ana"), name="ruling.jsonl")
    changes = cli.json("annotations", "import", ruling, "--adjudicator", "ana")
    assert (changes["created"], changes["changed"]) == (1, 0)
    (label,) = lines(cli("annotations", "consensus"))
    assert (label["codes"], label["coders"]) == ([], ["ana", "ben"])
    assert label["provenance"]["shares"] == {"torture": 0.5}
    cli("annotations", "import", ruling, "--adjudicator", "ana")
    assert "1 paragraphs have a decision of their adjudicator as a coder too" in cli.err


def test_what_is_exported_is_imported_again_as_it_was(cli, lake, write, tmp_path, capsys) -> None:
    from tests.conftest import Cli
    from workbench.cli import run

    cli("annotations", "import", write(record(WARDEN, "ana", "torture"), record(WARDEN, "ben")))
    ruling = write(record(WARDEN, "ana", "labor"), name="ruling.jsonl")
    cli("annotations", "import", ruling, "--adjudicator", "ana")
    exported = tmp_path / "exported.jsonl"
    cli("annotations", "export", "-o", exported)
    labels = cli("annotations", "consensus")
    other = tmp_path / "other"
    assert run(["init", str(other)]) == 0
    again = Cli(other, capsys)
    again("ingest", lake)
    again("annotations", "import", exported)
    assert again("annotations", "consensus") == labels


@pytest.mark.parametrize(
    ("more", "options", "named"),
    [
        ({}, ("--adjudicator", "dana"), "no record is by 'dana'"),
        ({"adjudicated": "yes"}, (), "line 1: adjudicated"),
    ],
)
def test_a_wrong_adjudicator_is_named(cli, lake, write, more, options, named) -> None:
    file = write(record(WARDEN, "dora", "labor", **more))
    error = cli.fails("annotations", "import", file, *options)
    assert named in error
    assert "; " in error  # the mend
    assert cli("annotations", "export") == ""


def test_too_little_for_the_coders_reliability_is_said(cli, lake, write) -> None:
    cli("annotations", "import", write(*(record(WARDEN, name, "labor") for name in CODERS)))
    error = cli.fails("annotations", "consensus", "--labels", "dawid-skene")
    assert "there are 3 and 1" in error
    assert "; " in error


def test_no_annotation_at_all_is_an_error(cli, lake) -> None:
    assert "no paragraph of these reports has an annotation" in cli.fails(
        "annotations", "consensus"
    )


def test_many_paragraphs_are_weighed_on_request_and_that_is_offered(cli, write, tmp_path) -> None:
    report = tmp_path / "long.txt"
    texts = [f"Paragraph {n} of the long report tells what befell hamlet {n}." for n in range(1000)]
    report.write_text("\n\n".join(texts), encoding="utf-8")
    cli("ingest", report)
    votes = []
    for number, text in enumerate(texts):
        for place, coder in enumerate(CODERS):
            if place == number % 3:
                continue  # two coders a paragraph
            slip = coder == "chloe" and number % 4 == 0
            codes = ["labor"] if (number % 5 == 0) != slip else []
            votes.append(record(text, coder, *codes, report="long.txt"))
    cli("annotations", "import", write(*votes))
    majority = cli.json("annotations", "consensus")
    assert "`--labels dawid-skene`" in cli.err
    weighed = cli.json("annotations", "consensus", "--labels", "dawid-skene")
    assert "only" not in cli.err
    assert majority["tied"] > 100
    assert weighed["tied"] < 0.5 * majority["tied"]
    assert weighed["decided"] == {"dawid-skene": 1000}
    quality = {row["coder"]: row for row in weighed["coders"]}
    assert quality["chloe"]["specificity"] < 0.85 < 0.95 < quality["ana"]["specificity"]


def test_rulings_whose_dispute_is_not_known_stand_in_the_last_row(cli, lake, write) -> None:
    cli("annotations", "import", write(record(WARDEN, "ana", "labor"), record(WARDEN, "ben")))
    ruling = record(WARDEN, "dora", "labor", adjudicated=True, comment="plain")
    cli("annotations", "import", write(ruling, name="ruling.jsonl"))
    assert [row["code"] for row in cli.json("rulings")] == ["labor"]
    cli("annotations", "import", write(record(WARDEN, "ben", "labor"), name="corrected.jsonl"))
    (row,) = cli.json("rulings")
    assert (row["code"], row["paragraphs"], row["given"]) == (None, 1, 0)
    shown = cli("rulings", "--notes")
    assert "(not known)" in shown.splitlines()[2]
    assert "(not known)  lake." in shown
    assert "plain" in shown


def test_the_history_of_a_paragraph_shows_every_state(cli, lake, write) -> None:
    for codes in (("labor",), ()):
        cli("annotations", "import", write(record(WARDEN, "ana", *codes, comment="so it is")))
    key = lines(cli("annotations", "consensus"))[0]["paragraph_id"]
    events = cli.json("annotations", "history", key)
    assert [(e["action"], e["coder"], e["by"], e["codes"]) for e in events] == [
        ("created", "ana", "ana", ["labor"]),
        ("changed", "ana", "ana", []),
    ]
    first, second = cli("annotations", "history", key).splitlines()[2:]
    assert first.endswith("created  ana    ana  labor  so it is")
    assert second.endswith("changed  ana    ana  none   so it is")
