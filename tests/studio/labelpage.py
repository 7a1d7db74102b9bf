"""A signed-in person's labelling page in Chromium, worked by keyboard."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MARKS = [
    pytest.mark.studio,
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("WORKBENCH_NEED_BROWSER"),
        reason="Chromium is not installed",
    ),
]
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_WIDTH, _HEIGHT = 1280, 800
_TICKED = (
    "[...document.querySelectorAll('input[type=checkbox], input[type=radio]')]"
    ".filter(e => e.checked && e.name).map(e => e.name).sort()"
)
_TEXT = "document.querySelector('.wb-text')?.innerText.trim() ?? ''"


class Page:
    """What stands on the page, and the keys that change it.

    `page` is Playwright's; `outside` lists requests that left the server at `url`.
    """

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self.url = url
        self.outside: list[str] = []
        page.set_default_timeout(60_000)  # milliseconds; the first page of a fresh server is slow
        page.on("request", self._note)

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.outside.append(request.url)

    def sign_in(self, username: str, password: str) -> None:
        self.page.goto(f"{self.url}/user/login/")
        self.page.fill("input[name=email]", username)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        self.page.wait_for_function("!location.pathname.startsWith('/user/login')")

    def open(self, address: str) -> None:
        """Open a project's stream and put its instructions away."""
        self.page.goto(address)
        self.page.wait_for_selector("text=None of these")
        self.page.wait_for_selector("text=Labeling Instructions")
        self.press("Escape")
        self.page.wait_for_selector("text=Labeling Instructions", state="hidden")
        self.page.wait_for_function(f"{_TEXT} != ''")

    @property
    def text(self) -> str:
        """The paragraph."""
        self.page.wait_for_function(f"{_TEXT} != ''")
        return self.page.evaluate(_TEXT)

    @property
    def ticked(self) -> set[str]:
        return set(self.page.evaluate(_TICKED))

    def await_ticked(self, *names: str) -> None:
        """Wait until exactly these choices are ticked."""
        expected = sorted(names)
        self.page.wait_for_function(
            f"expected => JSON.stringify({_TICKED}) == JSON.stringify(expected)", arg=expected
        )

    def marked(self, *, selected: bool = False) -> list[str]:
        """The words that are marked as evidence."""
        kind = ".htx-highlight.__active" if selected else ".htx-highlight"
        return self.page.locator(kind).all_inner_texts()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def comment(self, words: str) -> None:
        """Go to the comment by Tab, write, and leave it by Tab."""
        for _ in range(60):
            if self.page.evaluate("document.activeElement.tagName") == "TEXTAREA":
                break
            self.press("Tab")
        assert self.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
        self.page.keyboard.type(words)
        self.press("Tab")

    def submit(self) -> None:
        """Submit by keyboard and wait until the paragraph has gone."""
        before = self.text
        with self.page.expect_response(
            lambda r: r.request.method == "POST" and "/annotations" in r.url and r.ok
        ):
            self.press("Control+Enter")
        self.page.wait_for_function(f"before => {_TEXT} != before", arg=before)

    @contextmanager
    def width(self, pixels: int) -> Iterator[None]:
        """A window of another width."""
        self.page.set_viewport_size({"width": pixels, "height": _HEIGHT})
        yield
        self.page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})


@contextmanager
def open_page(url: str, username: str, password: str) -> Iterator[Page]:
    """A browser with one page, signed in at `url`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        made = Page(browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT}), url)
        made.sign_in(username, password)
        yield made
        browser.close()
