"""The rules of the house that can be read off the code."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "workbench"
MODULES = sorted(PACKAGE.rglob("*.py"))
#: What each room may import of the others, as docs/architecture.md says.
MAY_IMPORT = {
    "store": set(),
    "reports": set(),
    "taxonomy": set(),
    "annotations": {"store", "taxonomy", "reports"},
    "models": {"taxonomy", "reports"},
    "exports": {"taxonomy", "annotations", "reports"},
}
SHARED = {
    "records", "errors", "config", "credentials", "progress", "files", "jsonlines", "__version__",
}  # fmt: skip


def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, in full."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_imports_only_what_the_architecture_allows(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0]
    for name in imports_of(path):
        if not name.startswith("workbench."):
            continue
        other = name.split(".")[1]
        if room in MAY_IMPORT and other not in SHARED:
            assert other == room or other in MAY_IMPORT[room], f"{name} in {room}"
        elif room in ("records.py", "errors.py"):
            assert name == "", f"{room} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_doors_import_click_and_the_sdk(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports_of(path)}
    if "click" in tops:
        assert name_of(path).startswith("cli/")
    if "label_studio_sdk" in tops:
        assert name_of(path) == "annotations/gateway.py"
    if "sqlalchemy" in tops or "alembic" in tops:
        assert name_of(path).startswith("store/")
    assert "pickle" not in tops
    # Its processes, never its files, which are pickles.
    taken = re.findall(r"^from joblib import (.+)$", path.read_text(encoding="utf-8"), re.M)
    assert ("joblib" in tops) == bool(taken)
    assert {name for names in taken for name in names.split(", ")} <= {
        "Parallel", "cpu_count", "delayed",
    }  # fmt: skip
    if {"starlette", "uvicorn", "anyio"} & tops:
        assert name_of(path).startswith("annotations/backend/")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_stay_under_300_lines_and_public_things_have_docstrings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    tree = ast.parse(text)
    if not name_of(path).startswith("store/migrations/versions"):
        assert ast.get_docstring(tree), "the module has no docstring"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            exempt = name_of(path) == "store/tables.py" or "migrations" in name_of(path)
            assert exempt or ast.get_docstring(node), f"{node.name} has no docstring"
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", text)
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree))


def test_every_room_and_module_that_the_architecture_page_names_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:\w+/)*\w+\.py)`", page):
        assert (PACKAGE / name).exists() or (ROOT / name).exists(), name
    for room in MAY_IMPORT:
        assert f"`{room}/`" in page
