"""The wheel works outside the checkout, with the default codebook."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT


def test_wheel_holds_package_data_and_nothing_of_the_data_folders(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "workbench/taxonomy/rights.yaml",
        "workbench/exports/prediction.schema.json",
        "workbench/exports/agreement.schema.json",
        "workbench/exports/agreement.css",
        "workbench/store/migrations/env.py",
        "workbench/store/migrations/versions/0001_the_first_schema.py",
    ):
        assert needed in names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"workbench"}


def test_wheel_alone_makes_a_workspace_with_the_default_codebook(
    wheel: Path, tmp_path: Path
) -> None:
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import workbench;"
        "assert workbench.__file__.startswith(sys.argv[1]), workbench.__file__;"
        "from workbench.cli import run;"
        "code = run(['init', 'study']) or run(['-w', 'study', 'taxonomy', 'check'])"
        " or run(['-w', 'study', 'ingest', sys.argv[2]]);"
        "sys.exit(code)"
    )
    report = ROOT / "examples" / "reports" / "tavaria-2018-state.txt"
    result = subprocess.run(
        [sys.executable, "-c", code, str(installed), str(report)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert "torture, assembly, expression, labor" in result.stdout
    original = (ROOT / "taxonomy" / "rights.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "study" / "taxonomy" / "rights.yaml").read_text(encoding="utf-8") == original
