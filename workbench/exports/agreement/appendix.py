"""Two paragraphs of method text with the figures filled in, ready for an appendix. Pure."""

from collections.abc import Callable, Iterable, Sequence

from workbench import __version__
from workbench.annotations.agreement import FEWEST_POSITIVES, RELIABLE, TENTATIVE
from workbench.annotations.bootstrap import BY_REPORT
from workbench.annotations.figures import Agreement, CodeAgreement
from workbench.exports.agreement.appendix_parts import say_prelabels, say_standards
from workbench.exports.agreement.phrases import (
    Name,
    capital,
    count,
    join,
    number_word,
    plainly,
    with_interval,
)
from workbench.exports.agreement.report import (
    SOFTWARE,
    AgreementReport,
    show_figure,
    show_percent,
)

#: Of more codes than this only alpha stands in the text; the table has the rest.
MOST_IN_FULL = 8


def write_appendix(report: AgreementReport, name: Name = plainly) -> str:
    """How agreement was measured, and what came out: two paragraphs, an empty line between.

    `name` renders what came from outside (codes, coders) for where the text goes.
    """
    agreement = report.agreement
    method = [
        _data(agreement, name),
        _coefficients(agreement),
        _intervals(agreement),
        _bands(),
        _sets(agreement),
        f"The figures were computed with {SOFTWARE} {__version__}.",
    ]
    outcome = [
        *_by_band(agreement, name),
        _overall(agreement),
        say_prelabels(report.prelabels),
        *say_standards(report.standards, name),
    ]
    return "\n\n".join(" ".join(part for part in parts if part) for parts in (method, outcome))


def _data(agreement: Agreement, name: Name) -> str:
    coders = number_word(len(agreement.coders), "coder")
    paragraphs = count(agreement.paragraphs, "paragraph")
    alone = agreement.paragraphs - agreement.pairable
    if not alone:
        shared = "all of which were coded by two coders or more"
        if agreement.paragraphs == 1:
            shared = "which two coders or more coded"
    else:
        singly = "was" if alone == 1 else "were"
        shared = (
            f"of which {agreement.pairable:,} were coded by two coders or more; the other "
            f"{alone:,} {singly} coded by one coder only and left out of alpha"
        )
    made = f"{capital(coders)} made {agreement.codings:,} decisions on {paragraphs}, {shared}."
    if len(agreement.codes) == 1:
        return f"{made} A paragraph was given the code {name(agreement.codes[0].code)} or not."
    if agreement.answers is not None and agreement.answers.single:
        return f"{made} Every decision named exactly one of {len(agreement.codes)} codes."
    number = len(agreement.codes)
    return f"{made} A paragraph could be given any number of the {number} codes, or none."


def _coefficients(agreement: Agreement) -> str:
    text = (
        "For each code, given or not given, agreement was measured with Krippendorff's alpha for "
        "nominal data (Krippendorff 2011). Gwet's AC1 (Gwet 2008) and positive agreement stand "
        "beside it, since alpha falls and AC1 rises as a code becomes rare."
    )
    if len(agreement.coders) == 2:
        text += " As there were two coders, Cohen's kappa (Cohen 1960) is given too."
    return text


def _intervals(agreement: Agreement) -> str:
    intervals = [code.alpha_interval for code in agreement.codes]
    intervals.append(agreement.sets.masi_interval)
    methods = {interval.method for interval in intervals if interval.low is not None}
    drawn = (
        f"drew whole reports, {agreement.reports} of them, since paragraphs of one report are not "
        "independent of each other (Davison and Hinkley 1997)"
        if agreement.drawn == BY_REPORT
        else "drew paragraphs"
    )
    sentences = []
    if "bootstrap" in methods:
        sentences.append(
            "The 95 % intervals are bias-corrected and accelerated bootstrap intervals (Efron "
            "1987), widened as Student's t is (Hesterberg 2015), of "
            f"{count(agreement.resamples, 'resample')} (seed {agreement.seed}) that {drawn}."
        )
        if agreement.drawn != BY_REPORT:
            sentences.append(
                "Paragraphs of one report may resemble one another, which such intervals do not "
                "allow for."
            )
    if "normal" in methods:
        sentences.append(
            "That of alpha over sets of codes is by the normal distribution, from the jackknife's "
            "standard error."
        )
    if "exact" in methods:
        sentences.append(
            "Where no paragraph was disputed, the lower end is alpha with as large a share of "
            "disputed paragraphs as may have gone unseen (Clopper and Pearson 1934). It counts "
            "paragraphs as independent; paragraphs of one report resemble one another, so that the "
            "true end may be lower."
        )
    return " ".join(sentences)


def _bands() -> str:
    return (
        f"Following Krippendorff 2004 (p. 241), a code is called reliable where the lower end of "
        f"alpha's interval is at least {RELIABLE:.3f}, and tentatively reliable where it is at "
        f"least {TENTATIVE:.3f}. A code is not judged where fewer than {FEWEST_POSITIVES} "
        "paragraphs have it by at least one coder, or fewer than "
        f"{FEWEST_POSITIVES} lack it by at least one."
    )


def _sets(agreement: Agreement) -> str:
    if agreement.answers is not None and agreement.answers.single:
        return ""
    return (
        "Agreement on all the codes of a paragraph together was measured with alpha and the "
        "distance MASI, 1 - J * M (Passonneau 2006); two coders who both chose no code agree."
    )


def _by_band(agreement: Agreement, name: Name) -> Iterable[str]:
    def say(code: CodeAgreement) -> str:
        if len(agreement.codes) > MOST_IN_FULL:
            return f"{name(code.code)} ({with_interval(code.alpha, code.alpha_interval)})"
        return _code(code, name, len(agreement.coders) == 2)

    if len(agreement.codes) > MOST_IN_FULL:
        yield "The codes are given with their alpha; the table has the other figures."
    for band, verdict in (("reliable", "Reliable"), ("tentative", "Tentatively reliable")):
        if codes := _of(agreement, band):
            yield f"{verdict}: {_each(codes, say)}."
    if not any(_of(agreement, band) for band in ("reliable", "tentative", "unreliable")):
        yield "No code could be judged."
    elif not _of(agreement, "reliable") and not _of(agreement, "tentative"):
        yield "No code reached either threshold."
    if codes := _of(agreement, "unreliable"):
        yield f"Not reliable: {_each(codes, say)}."
    if codes := _of(agreement, "insufficient"):
        yield f"Not judged, for want of paragraphs: {_each(codes, lambda c: _few(c, name))}."
    missing = _of(agreement, "undefined")
    if never := [name(code.code) for code in missing if not code.positives]:
        yield f"Given by no coder, so that there is nothing to agree on: {join(never)}."
    if always := [name(code.code) for code in missing if not code.negatives]:
        yield f"Given by every coder every time, so that alpha is undefined: {join(always)}."
    if others := [code for code in missing if code.positives and code.negatives]:
        why = _each(others, lambda c: f"{name(c.code)} ({c.band_reason or c.alpha.reason})")
        yield f"Undefined: {why}."


def _overall(agreement: Agreement) -> str:
    sets, answers = agreement.sets, agreement.answers
    same = show_percent(sets.percent_agreement)
    if answers is not None and answers.single:
        alpha = with_interval(answers.alpha, answers.alpha_interval)
        return (
            f"Over all codes at once, taken as one nominal variable, alpha was {alpha}; on average "
            f"over paragraphs, {same} of the pairs of decisions named the same code."
        )
    return (
        f"Over whole sets of codes alpha was {with_interval(sets.masi, sets.masi_interval)}; on "
        f"average over paragraphs, {same} of the pairs of decisions gave exactly the same codes."
    )


def _of(agreement: Agreement, band: str) -> list[CodeAgreement]:
    return [code for code in agreement.codes if code.band == band]


def _each(codes: Sequence[CodeAgreement], say: Callable[[CodeAgreement], str]) -> str:
    return join([say(code) for code in codes])


def _code(code: CodeAgreement, name: Name, with_kappa: bool) -> str:
    kappa = f", kappa {show_figure(code.mean_kappa)}" if with_kappa else ""
    return (
        f"{name(code.code)} (alpha {with_interval(code.alpha, code.alpha_interval)}, AC1 "
        f"{show_figure(code.ac1)}{kappa}, positive agreement "
        f"{show_percent(code.positive_agreement)}, {count(code.positives, 'positive paragraph')})"
    )


def _few(code: CodeAgreement, name: Name) -> str:
    where = f"given to {code.positives:,} of {count(code.pairable, 'paragraph')}"
    if code.positives >= FEWEST_POSITIVES:
        where = f"withheld from {code.negatives:,} of {count(code.pairable, 'paragraph')}"
    return f"{name(code.code)} ({where})"
