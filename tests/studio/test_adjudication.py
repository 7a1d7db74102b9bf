"""Adjudication against a real Label Studio server: what coders differ on out, rulings back."""

import json
from pathlib import Path

import pytest

from workbench.annotations.adjudicating import MAJORITY
from workbench.annotations.gateway import Gateway
from workbench.annotations.tasks import result_of
from workbench.taxonomy.labelconfig import COMMENT, REASON, TEXT

pytestmark = pytest.mark.studio

LINES = [
    ("Guards of the harbour beat a docker until he fell.", {"ana": ["torture"], "ben": []}),
    ("The union of dockers met in the hall.", {"ana": ["labor"], "ben": ["assembly"]}),
    ("The weather was mild that year in the capital.", {"ana": [], "ben": []}),
]


@pytest.fixture
def differing(studio_cli, tmp_path: Path):
    """A workspace in which two coders differ on two of three paragraphs."""
    rows, labels = tmp_path / "veldria-2020.jsonl", tmp_path / "labels.jsonl"
    rows.write_text(
        "".join(
            json.dumps({"report": "veldria-2020", "text": text, "section": "Section 1"}) + "\n"
            for text, _ in LINES
        ),
        encoding="utf-8",
    )
    labels.write_text(
        "".join(
            json.dumps(
                {
                    "report": "veldria-2020",
                    "text": text,
                    "annotator": coder,
                    "codes": codes,
                    "comment": f"{coder} was unsure" if codes == ["labor"] else "",
                }
            )
            + "\n"
            for text, choices in LINES
            for coder, codes in choices.items()
        ),
        encoding="utf-8",
    )
    studio_cli("ingest", rows, "--text-field", "text")
    studio_cli("annotations", "import", labels)
    return studio_cli


def rule(gateway: Gateway, task_id: int, codes: list[str], reason: str, note: str) -> None:
    """What the adjudicator's page sends."""
    result = result_of(codes)
    result.append(
        {
            "id": "why",
            "from_name": REASON,
            "to_name": TEXT,
            "type": "choices",
            "value": {"choices": [reason]},
        }
    )
    result.append(
        {
            "id": "note",
            "from_name": COMMENT,
            "to_name": TEXT,
            "type": "textarea",
            "value": {"text": [note]},
        }
    )
    gateway.create_annotation(task_id, result=result, lead_time=2.0)


def test_what_coders_differ_on_goes_out_and_comes_back_as_gold(differing, gateway) -> None:
    cli = differing
    dry = cli.json("adjudicate", "--dry-run", "--project", "Adjudicated")
    assert (dry["created"], dry["studio_id"]) == (2, None)
    sent = cli.json("adjudicate", "--project", "Adjudicated")
    assert (sent["created"], sent["present"], sent["ruled"]) == (2, 0, 0)
    project = gateway.project(sent["studio_id"])
    assert project.title == "Adjudicated: adjudication"
    assert project.model_version == MAJORITY
    tasks = gateway.tasks(sent["studio_id"])
    assert {frozenset(task.versions) for task in tasks} == {frozenset({MAJORITY, "ana", "ben"})}
    again = cli.json("adjudicate")
    assert (again["created"], again["present"], again["updated"]) == (0, 2, 0)

    for task in tasks:
        rule(gateway, task.task_id, ["torture"], "codebook", "say what force is")
    pulled = cli.json("pull")
    assert pulled["changes"]["created"] == 2

    gold = [json.loads(line) for line in cli("annotations", "consensus").splitlines()]
    decided = {g["text"]: g for g in gold}
    assert decided[LINES[0][0]]["codes"] == decided[LINES[1][0]]["codes"] == ["torture"]
    assert decided[LINES[0][0]]["provenance"]["decided"] == "adjudicated"
    assert decided[LINES[0][0]]["provenance"]["reasons"] == ["codebook"]
    assert decided[LINES[2][0]]["provenance"]["decided"] == "majority"

    table = {row["code"]: row for row in cli.json("rulings")}
    assert table["torture"]["reasons"]["codebook"] == 1
    assert table["labor"]["paragraphs"] == 1
    assert "say what force is" in cli("rulings", "--notes")
    done = cli.json("adjudicate")
    assert (done["created"], done["present"], done["ruled"], done["cases"]) == (0, 0, 2, [])


def test_a_dispute_that_the_coders_settle_themselves_leaves_the_project(
    differing, gateway, tmp_path: Path
) -> None:
    cli = differing
    sent = cli.json("adjudicate", "--project", "Settled by themselves")
    assert sent["created"] == 2
    mended = tmp_path / "mended.jsonl"
    mended.write_text(
        json.dumps(
            {
                "report": "veldria-2020",
                "text": LINES[0][0],
                "annotator": "ben",
                "codes": ["torture"],
                "created_at": "2030-01-01T00:00:00+00:00",
            }
        )
        + "\n",
        encoding="utf-8",
    )
    cli("annotations", "import", mended)
    after = cli.json("adjudicate")
    assert (after["removed"], after["present"]) == (1, 1)
    assert len(gateway.tasks(sent["studio_id"])) == 1


def test_reasons_stay_when_coders_correct_themselves_after_the_ruling(
    differing, gateway, tmp_path: Path
) -> None:
    cli = differing
    sent = cli.json("adjudicate", "--project", "Corrected afterwards")
    for task in gateway.tasks(sent["studio_id"]):
        rule(gateway, task.task_id, ["torture"], "codebook", "say what force is")
    cli("pull")
    before = cli.json("rulings")
    mended = tmp_path / "mended.jsonl"
    rows = [
        {"report": "veldria-2020", "text": text, "annotator": coder, "codes": ["torture"]}
        for text, _ in LINES[:2]
        for coder in ("ana", "ben")
    ]
    now = "2030-01-01T00:00:00+00:00"
    mended.write_text("".join(json.dumps({**row, "created_at": now}) + "\n" for row in rows))
    cli("annotations", "import", mended)
    assert cli.json("adjudicate", "--dry-run")["cases"] == []
    assert cli.json("rulings") == before
    assert {row["code"] for row in before} == {"torture", "labor", "assembly"}


def test_a_coder_named_coders_is_one_like_others(differing, gateway, tmp_path: Path) -> None:
    cli = differing
    third = tmp_path / "third.jsonl"
    row = {"report": "veldria-2020", "text": LINES[0][0], "annotator": "coders", "codes": []}
    third.write_text(json.dumps(row) + "\n")
    cli("annotations", "import", third)
    sent = cli.json("adjudicate", "--project", "A coder named coders")
    assert sent["created"] == 2
    versions = {frozenset(task.versions) for task in gateway.tasks(sent["studio_id"])}
    assert versions == {
        frozenset({MAJORITY, "ana", "ben"}),
        frozenset({MAJORITY, "ana", "ben", "coders"}),
    }
    assert cli.json("adjudicate")["updated"] == 0


def test_a_code_that_the_taxonomy_lacks_is_refused(differing) -> None:
    assert "--code privacy" in differing.fails("adjudicate", "--code", "privacy")
