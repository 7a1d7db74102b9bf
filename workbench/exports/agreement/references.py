"""What the agreement report cites. Pure."""

#: What the text cites, by the words with which it does.
_REFERENCES = {
    "Clopper and Pearson 1934": (
        "Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits "
        "illustrated in the case of the binomial. Biometrika 26, 404-413."
    ),
    "Cohen 1960": (
        "Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and "
        "Psychological Measurement 20, 37-46."
    ),
    "Davison and Hinkley 1997": (
        "Davison, A. C. and Hinkley, D. V. (1997). Bootstrap Methods and their Application. "
        "Cambridge University Press."
    ),
    "Efron 1987": (
        "Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American "
        "Statistical Association 82, 171-185."
    ),
    "Gwet 2008": (
        "Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence "
        "of high agreement. British Journal of Mathematical and Statistical Psychology 61, 29-48."
    ),
    "Hesterberg 2015": (
        "Hesterberg, T. C. (2015). What teachers should know about the bootstrap. The American "
        "Statistician 69, 371-386."
    ),
    "Krippendorff 2004": (
        "Krippendorff, K. (2004). Content Analysis: An Introduction to Its Methodology, 2nd ed. "
        "Sage."
    ),
    "Krippendorff 2011": (
        "Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of "
        "Pennsylvania."
    ),
    "Passonneau 2006": (
        "Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and "
        "pragmatic annotation. LREC 2006."
    ),
    "Zou and Donner 2008": (
        "Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect "
        "measures: a general approach. Statistics in Medicine 27, 1693-1702."
    ),
}


def references_in(text: str) -> list[str]:
    """What `text` cites, in order of name."""
    return [full for mark, full in _REFERENCES.items() if mark in text]
