"""The labelling page in a real browser: what a coder sees, and what comes back."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.studio.labelpage import MARKS, Page, open_page

pytestmark = MARKS
PICTURE = ROOT / "docs" / "labelling-page.png"
REPORT = ROOT / "examples" / "reports" / "tavaria-2018-state.txt"
PROJECT = ("--project", "Labelling page")

CHANGED = "Officers tortured two dockers of the trade union in a customs shed."
DOUBTED = "The peaceful assembly on the quay went by without a word from the ministry."
KEPT = "Freedom of expression was respected in the two ports of the north."
SPARE = "The weather was mild that year in the capital."
TORTURE, ASSEMBLY, EXPRESSION, LABOR, NONE = (
    "Torture and ill-treatment",
    "Assembly and association",
    "Opinion and expression",
    "Rights at work",
    "None of these",
)


@pytest.fixture(scope="module")
def page(studio) -> Iterator[Page]:
    who = studio.credentials
    with open_page(studio.url, who.username, who.password) as made:
        yield made


def push(cli, folder: Path, texts: list[str], hidden: int) -> str:
    """A project of these paragraphs, all or none of them without pre-labels; its address."""
    rows = folder / "veldria-2020.jsonl"
    lines = [json.dumps({"report": "veldria-2020", "text": text}) for text in texts]
    rows.write_text("\n".join(lines) + "\n", encoding="utf-8")
    cli("ingest", rows, "--text-field", "text")
    return cli.json("push", *PROJECT, "--hidden-share", str(hidden))["url"]


def pull(cli) -> tuple[list[str], dict[str, dict]]:
    """What came back: the remarks, and the annotations by the text of their paragraph."""
    remarks = cli.json("pull", *PROJECT)["remarks"]
    lines = (Path(cli.folder) / "annotations" / "annotations.jsonl").read_text().splitlines()
    by_id = {record["paragraph_id"]: record for record in map(json.loads, lines)}
    exported = [json.loads(line) for line in cli("annotations", "export").splitlines()]
    texts = {record["paragraph_id"]: record["text"] for record in exported}
    return remarks, {texts[key]: record for key, record in by_id.items()}


def test_prelabels_evidence_and_context_show_and_nothing_leaves_the_machine(
    page: Page, studio_cli
) -> None:
    studio_cli("ingest", REPORT)
    page.open(studio_cli.json("push", *PROJECT, "--hidden-share", "0")["url"])
    for _ in range(30):  # to a paragraph with more than one code pre-labelled
        page.page.wait_for_selector("input:checked")
        if len(page.ticked - {NONE}) >= 2:
            break
        page.submit()
    assert len(page.ticked) >= 2
    body = page.page.inner_text("body")
    assert "Country Report on Human Rights Practices 2018" in body
    assert "EXECUTIVE SUMMARY" in body  # the section heading
    assert len(page.marked()) >= 2
    assert page.outside == []
    if os.environ.get("WORKBENCH_RENEW_PICTURES"):
        page.page.wait_for_selector("text=Annotation saved", state="hidden")
        page.page.screenshot(path=str(PICTURE))
    assert PICTURE.stat().st_size > 10_000


def test_a_coder_works_by_keyboard_alone_and_everything_comes_back(
    page: Page, studio_cli, tmp_path: Path
) -> None:
    page.open(push(studio_cli, tmp_path, [CHANGED, DOUBTED, KEPT, SPARE], hidden=0))
    seen = []
    while len(set(seen) - {SPARE}) < 3:
        seen.append(page.text)
        if page.text == CHANGED:
            _change_codes_and_evidence(page)
        elif page.text == DOUBTED:
            page.await_ticked(ASSEMBLY)
            page.press("0")
            page.await_ticked(ASSEMBLY, NONE)
        else:
            page.await_ticked(EXPRESSION if page.text == KEPT else NONE)
        page.submit()
    assert len(seen) == len(set(seen))  # each paragraph was followed by another

    remarks, records = pull(studio_cli)
    changed, doubted, kept = records[CHANGED], records[DOUBTED], records[KEPT]
    assert changed["prelabel"]["codes"] == ["labor", "torture"]
    assert changed["codes"] == ["expression", "torture"]
    assert [(e["code"], e["text"]) for e in changed["evidence"]] == [("expression", "trade union")]
    assert changed["comment"] == "Is 1 docker a witness? 0 were heard"
    assert changed["lead_time"] > 0
    assert doubted["codes"] == ["assembly"]
    (remark,) = remarks
    assert '"none" together with assembly; read as the codes' in remark
    assert kept["codes"] == kept["prelabel"]["codes"] == ["expression"]
    assert [e["text"] for e in kept["evidence"]] == ["Freedom of expression"]
    assert kept["prelabel"]["version"].startswith("codebook-rights")
    assert not any(record["hidden"] for record in records.values())


def _change_codes_and_evidence(page: Page) -> None:
    """Other codes, one span taken away, the other given another code, a comment."""
    page.await_ticked(TORTURE, LABOR)
    assert sorted(page.marked()) == ["tortured", "trade union"]
    page.press("4", "3")
    page.await_ticked(TORTURE, EXPRESSION)
    page.press("Alt+.")
    page.page.wait_for_selector(".htx-highlight.__active")
    if page.marked(selected=True) == ["trade union"]:
        page.press("Alt+.")
    assert page.marked(selected=True) == ["tortured"]
    page.press("Backspace")
    page.page.wait_for_function("document.querySelectorAll('.htx-highlight').length == 1")
    page.press("Alt+.")
    page.page.wait_for_selector(".htx-highlight.__active")
    page.press("Shift+3", "u")
    page.await_ticked(TORTURE, EXPRESSION)
    page.comment("Is 1 docker a witness? 0 were heard")
    page.await_ticked(TORTURE, EXPRESSION)  # keys in the comment are no hotkeys


def test_a_hidden_paragraph_shows_no_prelabel_and_asks_for_a_choice(
    page: Page, studio_cli, tmp_path: Path
) -> None:
    page.open(push(studio_cli, tmp_path, [CHANGED], hidden=1))
    assert page.text == CHANGED
    page.press("Control+Enter")
    page.page.wait_for_selector(f'text=Choose at least one code, or "{NONE}"')
    page.press("Escape")
    assert page.ticked == set()
    assert page.marked() == []
    page.press("1")
    page.await_ticked(TORTURE)
    page.submit()
    _, records = pull(studio_cli)
    assert records[CHANGED]["codes"] == ["torture"]
    assert records[CHANGED]["hidden"] is True
    assert records[CHANGED]["prelabel"] is None
