"""The agreement report as files."""

import json
from pathlib import Path

from workbench.exports.agreement.as_json import agreement_json
from workbench.exports.agreement.html import render_agreement_html
from workbench.exports.agreement.report import AgreementReport
from workbench.files import open_whole


def write_agreement(folder: Path, report: AgreementReport) -> tuple[Path, Path]:
    """Write agreement.json and agreement.html into `folder`; returns their paths.

    Each is written whole or not at all. Raises WorkbenchError where the folder
    cannot be written.
    """
    data, page = folder / "agreement.json", folder / "agreement.html"
    with open_whole(data) as file:
        json.dump(agreement_json(report), file, ensure_ascii=False, indent=2, allow_nan=False)
        file.write("\n")
    with open_whole(page) as file:
        file.write(render_agreement_html(report))
    return data, page
