"""The page that shows how to add a layout: its example runs as it stands there."""

import json
import re
from pathlib import Path

import pytest

from workbench.reports import layouts
from workbench.reports.paragraphs import build_paragraphs

PAGE = Path(__file__).resolve().parents[2] / "docs" / "layouts.md"
_CODE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks_of(kind: str) -> list[str]:
    return [code for name, code in _CODE.findall(PAGE.read_text(encoding="utf-8")) if name == kind]


def test_the_example_on_the_page_claims_and_cuts_its_fixture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry = dict(layouts.LAYOUTS)
    monkeypatch.setattr(layouts, "LAYOUTS", registry)
    module, entry = blocks_of("python")
    exec(module + entry, {"LAYOUTS": registry})
    (text,), (gold,) = blocks_of("text"), blocks_of("json")
    layout, warnings = layouts.choose_layout(text)
    assert (layout.name, warnings) == ("lake-bulletin", ())
    records = build_paragraphs("lake", text, layout.cut(text))
    found = [{"section": list(r.section), "text": r.text} for r in records]
    assert found == json.loads(gold)


def test_the_page_names_every_layout() -> None:
    named = re.findall(r"^\| `([\w-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert named == list(layouts.LAYOUTS)
