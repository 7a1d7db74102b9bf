"""The labelling page in a real browser: what a coder sees, and what comes back."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = [pytest.mark.studio, pytest.mark.browser]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PICTURE = ROOT / "docs" / "labelling-page.png"
REPORT = ROOT / "examples" / "reports" / "tavaria-2018-state.txt"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
pytestmark.append(
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("WORKBENCH_NEED_BROWSER"),
        reason="Chromium is not installed",
    )
)


TICKED = (
    "[...document.querySelectorAll('input[type=checkbox]')].filter(e => e.checked).map(e => e.name)"
)


class Page:
    """A signed-in coder's labelling page."""

    def __init__(self, page, url: str) -> None:
        self.page = page
        self.url = url
        self.outside: list[str] = []
        page.set_default_timeout(60_000)  # milliseconds; the first page of a fresh server is slow
        page.on("request", self._note)

    def _note(self, request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.outside.append(request.url)

    def sign_in(self, username: str, password: str) -> None:
        self.page.goto(f"{self.url}/user/login/")
        self.page.fill("input[name=email]", username)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        self.page.wait_for_function("!location.pathname.startsWith('/user/login')")

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.page.wait_for_selector("text=None of these")
        self.page.wait_for_selector("text=Labeling Instructions")
        self.page.keyboard.press("Escape")
        self.page.wait_for_selector("text=Labeling Instructions", state="hidden")
        self.page.wait_for_function(f"{TICKED}.length > 0")

    def submit(self) -> None:
        """Submit by keyboard and wait for the next paragraph."""
        with self.page.expect_response(lambda r: "next_task" in r.url and r.ok):
            self.page.keyboard.press("Control+Enter")
        self.page.wait_for_selector("text=Annotation saved")
        self.page.wait_for_selector("text=Annotation saved", state="hidden")
        self.page.wait_for_function(f"{TICKED}.length > 0")

    def ticked(self) -> set[str]:
        return set(self.page.evaluate(TICKED))


@pytest.fixture
def page(studio) -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        made = Page(browser.new_page(viewport={"width": 1280, "height": 800}), studio.url)
        made.sign_in(studio.credentials.username, studio.credentials.password)
        yield made
        browser.close()


@pytest.fixture
def address(studio_cli) -> str:
    """A project with one pre-labelled report; where it is tagged."""
    studio_cli("ingest", REPORT)
    return studio_cli.json("push", "--project", "Labelling page", "--hidden-share", "0")["url"]


def test_prelabels_evidence_and_context_show_and_nothing_leaves_the_machine(
    page: Page, address: str
) -> None:
    page.open(address)
    for _ in range(30):  # to a paragraph with more than one code pre-labelled
        body = page.page.inner_text("body")
        if len(page.ticked() - {"None of these"}) >= 2:
            break
        page.submit()
    assert len(page.ticked()) >= 2
    assert "Country Report on Human Rights Practices 2018" in body
    assert "EXECUTIVE SUMMARY" in body  # the section heading
    assert page.page.locator(".htx-highlight").count() >= 2
    assert page.outside == []
    if os.environ.get("WORKBENCH_RENEW_PICTURES"):
        page.page.screenshot(path=str(PICTURE))
    assert PICTURE.stat().st_size > 10_000


def test_what_a_coder_decides_by_keyboard_comes_back(page: Page, address: str, studio_cli) -> None:
    page.open(address)
    first = page.page.evaluate(TICKED)
    before = set(first)
    page.page.keyboard.press("3")
    page.page.wait_for_function(
        f"JSON.stringify({TICKED}) != {json.dumps(json.dumps(first, separators=(',', ':')))}"
    )
    assert page.ticked() ^ before == {"Opinion and expression"}
    chosen = page.ticked()
    page.submit()
    assert studio_cli.json("pull", "--project", "Labelling page")["changes"]["created"] == 1
    snapshot = Path(studio_cli.folder) / "annotations" / "annotations.jsonl"
    record = json.loads(snapshot.read_text())
    assert ("expression" in record["codes"]) == ("Opinion and expression" in chosen)
    assert record["prelabel"]["version"].startswith("codebook-rights")
    assert record["lead_time"] > 0
