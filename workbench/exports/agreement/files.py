"""The agreement report as files."""

import json
from pathlib import Path

from workbench.exports.agreement.as_json import agreement_json
from workbench.exports.agreement.figure_rows import list_figures, render_csv
from workbench.exports.agreement.html import render_agreement_html
from workbench.exports.agreement.report import AgreementReport
from workbench.exports.agreement.tables import render_latex, render_markdown
from workbench.files import open_whole

#: What the folder holds, the page first.
NAMES = ("agreement.html", "agreement.json", "agreement.csv", "agreement.md", "agreement.tex")


def write_agreement(folder: Path, report: AgreementReport) -> tuple[Path, ...]:
    """Write the files of `NAMES` into `folder`; returns their paths, in that order.

    Each is written whole or not at all. Raises WorkbenchError where the folder
    cannot be written.
    """
    texts = (
        render_agreement_html(report),
        json.dumps(agreement_json(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n",
        render_csv(list_figures(report)),
        render_markdown(report),
        render_latex(report),
    )
    paths = tuple(folder / name for name in NAMES)
    for path, text in zip(paths, texts, strict=True):
        with open_whole(path) as file:
            file.write(text)
    return paths
