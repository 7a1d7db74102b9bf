"""Agreement as rows for the terminal. Pure."""

from workbench.annotations.figures import Agreement, CodeAgreement
from workbench.exports.agreement.report import show_figure, show_interval, show_percent


def agreement_table(agreement: Agreement) -> list[tuple[str, ...]]:
    """Rows for the terminal, the header first, alpha over sets of codes last."""
    rows: list[tuple[str, ...]] = [
        ("code", "alpha [95 % interval]", "kappa (range)", "agree", "positives", "band")
    ]
    for code in agreement.codes:
        rows.append(
            (
                code.code,
                f"{show_figure(code.alpha)} {show_interval(code.alpha_interval)}".strip(),
                _kappas(code),
                show_percent(code.percent_agreement),
                f"{code.positives} of {code.pairable}",
                code.band,
            )
        )
    sets = agreement.sets
    alpha = f"{show_figure(sets.masi)} {show_interval(sets.masi_interval)}".strip()
    rows.append(("all (MASI)", alpha, "", show_percent(sets.percent_agreement), "", ""))
    return rows


def _kappas(code: CodeAgreement) -> str:
    known = [pair.kappa.value for pair in code.pairs if pair.kappa.value is not None]
    mean = show_figure(code.mean_kappa)
    return f"{mean} ({min(known):.3f} to {max(known):.3f})" if len(known) > 1 else mean
