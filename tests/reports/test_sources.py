"""The bytes that are kept are the bytes that were ingested."""

from pathlib import Path

import pytest

from workbench.errors import ReportError
from workbench.reports.sources import keep_source, load_source


def test_kept_bytes_come_back_and_are_kept_once(tmp_path: Path) -> None:
    data = bytes(range(256)) * 40
    first = keep_source(tmp_path, data)
    assert keep_source(tmp_path, data) == first
    assert load_source(tmp_path, first) == data
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_damaged_and_missing_copies_are_named(tmp_path: Path) -> None:
    sha256 = keep_source(tmp_path, b"the text")
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    path.write_bytes(b"the test")
    with pytest.raises(ReportError, match="damaged"):
        load_source(tmp_path, sha256)
    with pytest.raises(ReportError, match="cannot be read"):
        load_source(tmp_path, "0" * 64)
    keep_source(tmp_path, b"the text, longer")
