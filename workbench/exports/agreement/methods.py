"""How each figure of the agreement report is computed, in words, for its notes."""

from workbench.annotations.agreement import FEWEST_POSITIVES, RELIABLE, TENTATIVE
from workbench.annotations.figures import Agreement

BANDS = {
    "reliable": f"the lower end of alpha's interval is at least {RELIABLE:.3f}",
    "tentative": f"the lower end is at least {TENTATIVE:.3f}: draw tentative conclusions only",
    "unreliable": f"the lower end is below {TENTATIVE:.3f}",
    "insufficient": (
        f"fewer than {FEWEST_POSITIVES} paragraphs have the code by any coder, or fewer than "
        f"{FEWEST_POSITIVES} lack it: too few to judge"
    ),
    "undefined": "the figure does not exist for these codings; the reason stands with it",
}


def methods_of(agreement: Agreement) -> dict[str, str]:
    """Name of a figure to how it was computed here, with its source."""
    return {
        "Krippendorff's alpha": (
            "Per code, nominal (given or not given): 1 - observed / expected disagreement over "
            "every paragraph that two coders or more coded. Coders may have coded different "
            "paragraphs. 1 is perfect agreement, 0 what chance would give, below 0 systematic "
            "disagreement. Krippendorff 2011, Computing Krippendorff's Alpha-Reliability."
        ),
        "95 % interval": (
            f"Bootstrap, {agreement.resamples} resamples, seed {agreement.seed}. "
            f"{agreement.drawn_reason} The ends are bias-corrected and accelerated (Efron 1987), "
            "since near perfect agreement the plain percentiles lie too high, and widened as "
            "Student's t is (Hesterberg 2015). A resample in which the figure is undefined is left "
            "out. Where no paragraph is disputed, resampling can show nothing: the lower end is "
            "then the value with the largest share of disputed paragraphs that may have gone "
            "unseen (the exact limit of Clopper and Pearson 1934 for none of N). It counts "
            "paragraphs, also where reports are drawn for the others, and takes them for "
            "independent, which paragraphs of one report are not."
        ),
        "Band": (
            "Judged at the lower end of alpha's interval: "
            + "; ".join(f"{band}: {meaning}" for band, meaning in BANDS.items())
            + ". Thresholds: Krippendorff 2004, Content Analysis, p. 241."
        ),
        "AC1": (
            "Gwet's first-order coefficient, with its own account of chance. For rare codes it "
            "is high even where coders do not agree on what has the code: read it beside alpha "
            "and positive agreement, never alone. Gwet 2008, British Journal of Mathematical "
            "and Statistical Psychology 61. Its standard error, in agreement.json, is his (2014, "
            "Handbook of Inter-Rater Reliability, section 5.3.1), of paragraphs independent of "
            "each other."
        ),
        "Kappa": (
            "Cohen's kappa for every two coders on the paragraphs that both coded, and the plain "
            "mean of these. Cohen 1960, Educational and Psychological Measurement 20. "
            "agreement.json also has Scott's pi (two coders), Fleiss' kappa (all paragraphs "
            "coded by equally many), Gwet's form of it (2014, chapter 2: paragraphs coded by "
            "unequal numbers), Conger's kappa and the coefficient of Brennan and "
            "Prediger (Bennett's S)."
        ),
        "Agreement": (
            "The share of pairs of codings of a paragraph that are the same, averaged over "
            "paragraphs. Not corrected for chance: for a rare code it is always high."
        ),
        "Positive and negative agreement": (
            "Where one coder gave (or did not give) the code, how often another coder of the "
            "paragraph did the same. Uebersax, Raw agreement indices, after Fleiss 1975."
        ),
        "Positives and prevalence": (
            "Positives: paragraphs coded by two coders or more to which at least one gave the "
            "code. Prevalence: the share of those paragraphs' codings that gave it."
        ),
        "Agreement on sets of codes": (
            "Krippendorff's alpha over all the codes that a coder gave a paragraph, taken "
            "together. MASI: the distance is 1 - J * M, with J the shared codes over all the "
            "codes of both, and M = 1 for equal sets, 2/3 where one holds the other, 1/3 where "
            "they overlap, 0 where they do not (Passonneau 2006; another definition of the same "
            "name gives other figures). Jaccard: the distance is 1 - J. Exact: the distance is "
            "1 unless the sets are equal. Two empty sets are equal: both coders chose none."
        ),
        "One code each": (
            "Where every coding has exactly one code, the same coefficients over all codes at "
            "once, each code being a category."
        ),
        "Each coder against the others": (
            "The mean of the coder's kappas with every other coder, weighted by the paragraphs "
            "that the two share; how often the coder gave the code, and the others on the same "
            "paragraphs; and alpha computed anew without this coder."
        ),
        "Parts": (
            "Agreement of each report, source, section or week uses its own paragraphs alone; a "
            "week is that of a paragraph's last coding, by ISO 8601 in UTC. Two "
            "parts are compared by the difference of their alphas; its interval is made of theirs "
            "(MOVER: Zou and Donner 2008, Statistics in Medicine 27)."
        ),
        "Pre-labels": (
            "Kept: the coder's codes are exactly the pre-label's. Paragraphs shown without one are "
            "drawn at random, the same for all coders, so that a higher alpha where pre-labels are "
            "shown is their doing and not that of easier paragraphs."
        ),
        "Gold and model": (
            "Gold: what adjudicators decided, who saw what the coders chose. As far as only "
            "paragraphs on which coders differed were adjudicated, figures against it are low by "
            "design. "
            "Model: what the latest model said of a paragraph while its report was held out. "
            "Precision: how many of the paragraphs to which the coder gave the code have it there "
            "too; recall: the reverse. The intervals of kappa draw paragraphs."
        ),
        "How many more": (
            "The width of an interval falls with the square root of the number of paragraphs (or "
            "reports) drawn, if what comes is like what was coded so far. At least as many as "
            f"make {FEWEST_POSITIVES} paragraphs with the code, and without it."
        ),
        "Most disputed paragraphs": (
            "Ranked by the mean MASI distance of every two of a paragraph's codings: 0 where "
            "all chose the same, 1 where no two share a code."
        ),
        "Confused codes": (
            "Where two coders differ on a paragraph, every code that only the one gave counts "
            "as confused with every code that only the other gave; where one of them gave none "
            "of their own, with nothing."
        ),
    }
