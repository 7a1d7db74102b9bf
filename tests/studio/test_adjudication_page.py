"""The adjudicator's page in a real browser: what coders chose beside what the codes mean."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.studio.labelpage import MARKS, Page, open_page

pytestmark = MARKS
PICTURE = ROOT / "docs" / "adjudication-page.png"

TEXT = (
    "Guards of the harbour beat a docker until he fell, and that night police locked up "
    "three leaders of the strike in a store without windows."
)
CHOICES = {"ana": ["labor", "torture"], "ben": ["labor"], "chloe": ["labor", "torture", "assembly"]}
COMMENT = "A picket was broken up, I think"


@pytest.fixture(scope="module")
def page(studio) -> Iterator[Page]:
    who = studio.credentials
    with open_page(studio.url, who.username, who.password) as made:
        yield made


@pytest.fixture
def project(studio, studio_cli, tmp_path: Path) -> str:
    """A project with a paragraph on which three coders differ; its address."""
    rows, labels = tmp_path / "veldria-2020.jsonl", tmp_path / "labels.jsonl"
    where = {"report": "veldria-2020", "text": TEXT}
    rows.write_text(json.dumps(where | {"section": ["Workers' rights"]}) + "\n", encoding="utf-8")
    labels.write_text(
        "".join(
            json.dumps(
                where
                | {"annotator": coder, "codes": codes}
                | {"comment": COMMENT if coder == "chloe" else ""}
            )
            + "\n"
            for coder, codes in CHOICES.items()
        ),
        encoding="utf-8",
    )
    studio_cli("ingest", rows, "--text-field", "text", "--section-field", "section")
    studio_cli("annotations", "import", labels)
    sent = studio_cli.json("adjudicate", "--project", "Ruling page")
    return f"{studio.url}/projects/{sent['studio_id']}/data"


def test_the_page_shows_choices_and_definitions_and_a_ruling_by_keyboard_comes_back(
    page: Page, project: str, studio_cli
) -> None:
    page.open(f"{project}?labeling=1")
    page.await_ticked("Rights at work", "Torture and ill-treatment")  # what most chose
    rows = page.page.locator(".wb-choices tr").all()
    cells = [row.locator("th, td").all_inner_texts() for row in rows]
    assert cells == [
        ["coder", "chose", "comment"],
        ["ana", "Rights at work, Torture and ill-treatment", ""],
        ["ben", "Rights at work", ""],
        ["chloe", "Assembly and association, Rights at work, Torture and ill-treatment", COMMENT],
    ]
    assert set(page.page.locator(".wb-choices .differs").all_inner_texts()) == {
        "Assembly and association",
        "Torture and ill-treatment",
    }
    definitions = page.page.locator(".wb-context")
    assert "Freedom of peaceful assembly" in definitions.inner_text()
    assert "Do not code" in definitions.inner_text()
    assert "Rights at work, to organise" not in definitions.inner_text()  # nobody differs on it

    codes = page.page.locator("text=None of these")
    assert definitions.bounding_box()["y"] < codes.bounding_box()["y"]  # beside
    if os.environ.get("WORKBENCH_RENEW_PICTURES"):
        left = {"x": 0, "y": 48, "width": 960, "height": 752}  # without Label Studio's panels
        page.page.screenshot(path=str(PICTURE), clip=left)
    assert 10_000 < PICTURE.stat().st_size < 200_000
    with page.width(800):
        page.page.wait_for_function(
            "document.querySelector('.wb-context').getBoundingClientRect().top >"
            " document.querySelector('input[name=\"None of these\"]').getBoundingClientRect().top"
        )

    page.press("1", "2", "r", "e")  # of two reasons the last
    page.await_ticked("Assembly and association", "Rights at work", "The codebook is unclear")
    page.comment("A strike alone is no assembly; say so")
    page.submit()
    assert studio_cli.json("pull")["changes"]["created"] == 1
    gold = json.loads(studio_cli("annotations", "consensus"))
    assert gold["codes"] == ["assembly", "labor"]
    assert gold["provenance"]["decided"] == "adjudicated"
    assert gold["provenance"]["reasons"] == ["codebook"]
    rulings = studio_cli.json("rulings")
    assert {row["code"] for row in rulings} == {"assembly", "torture"}
    assert "A strike alone is no assembly; say so" in studio_cli("rulings", "--notes")


def test_each_coders_choice_opens_by_name_from_the_task_list(page: Page, project: str) -> None:
    page.page.goto(project)
    page.page.click(f"text={TEXT[:30]}")
    for coder, ticked in {
        "ben": ("Rights at work",),
        "chloe": ("Assembly and association", "Rights at work", "Torture and ill-treatment"),
    }.items():
        page.page.locator(".lsf-annotation-button__name").get_by_text(coder, exact=True).click()
        page.await_ticked(*ticked)
    assert COMMENT in page.page.inner_text("body")
