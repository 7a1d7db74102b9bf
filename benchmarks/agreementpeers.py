"""Agreement as users of other libraries compute it, from raw records (unit, coder, codes).

Each is used as its own documentation would have it; what it takes to arrange the records is part
of it. Imported by `agreement.py`.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

Record = tuple[str, str, tuple[str, ...]]


def as_arrays(records: Sequence[Record]) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Rows, columns and the size of a matrix: what a user of a matrix library writes."""
    units = {unit: row for row, unit in enumerate(dict.fromkeys(r[0] for r in records))}
    coders = {coder: row for row, coder in enumerate(sorted({r[1] for r in records}))}
    rows = np.array([units[r[0]] for r in records])
    columns = np.array([coders[r[1]] for r in records])
    return rows, columns, len(units), len(coders)


def matrices(records: Sequence[Record], codes: Sequence[str]) -> Iterable[np.ndarray]:
    """For each code a matrix (coders x units) of 0, 1 and nan."""
    rows, columns, units, coders = as_arrays(records)
    for code in codes:
        values = np.full((coders, units), np.nan)
        values[columns, rows] = [code in r[2] for r in records]
        yield values


def krippendorff_alphas(records: Sequence[Record], codes: Sequence[str]) -> list[float]:
    """By `krippendorff`."""
    import krippendorff

    return [
        krippendorff.alpha(values, level_of_measurement="nominal", value_domain=[0, 1])
        for values in matrices(records, codes)
    ]


def nltk_alphas(records: Sequence[Record], codes: Sequence[str]) -> list[float]:
    """By `nltk`, which takes records."""
    from nltk.metrics.agreement import AnnotationTask

    return [
        AnnotationTask([(coder, unit, code in given) for unit, coder, given in records]).alpha()
        for code in codes
    ]


def nltk_masi(records: Sequence[Record], codes: Sequence[str]) -> float:
    """By `nltk`."""
    from nltk.metrics import masi_distance
    from nltk.metrics.agreement import AnnotationTask

    data = [(coder, unit, frozenset(given)) for unit, coder, given in records]
    return AnnotationTask(data, distance=masi_distance).alpha()


def simpledorff_alphas(records: Sequence[Record], codes: Sequence[str]) -> list[float]:
    """By `simpledorff`."""
    import pandas
    import simpledorff

    frame = pandas.DataFrame(records, columns=["unit", "coder", "codes"])
    found = []
    for code in codes:
        frame["value"] = [int(code in given) for given in frame["codes"]]
        found.append(
            simpledorff.calculate_krippendorffs_alpha_for_df(frame, "unit", "coder", "value")
        )
    return found


def sklearn_kappas(records: Sequence[Record], codes: Sequence[str]) -> list[float]:
    """By `scikit-learn`, every two coders."""
    from sklearn.metrics import cohen_kappa_score

    found = []
    for values in matrices(records, codes):
        for one, other in combinations(values, 2):
            both = ~np.isnan(one) & ~np.isnan(other)
            found.append(cohen_kappa_score(one[both], other[both]))
    return found


def statsmodels_fleiss(records: Sequence[Record], codes: Sequence[str]) -> list[float]:
    """By `statsmodels`, of complete data."""
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    found = []
    for values in matrices(records, codes):
        table, _ = aggregate_raters(values.T.astype(int))
        found.append(fleiss_kappa(table, method="fleiss"))
    return found


def irrcac(records: Sequence[Record], codes: Sequence[str], method: str, key: str) -> list[float]:
    """By `irrCAC`."""
    import pandas
    from irrCAC.raw import CAC

    found = []
    for values in matrices(records, codes):
        # Told the categories: with pandas 3 it would take "missing" for a third, and go wrong.
        frame = pandas.DataFrame(values.T)
        result = getattr(CAC(frame, digits=8, categories=[0.0, 1.0]), method)()
        found.append(result["est"][key])
    return found


def irrcac_ac1s(records: Sequence[Record], codes: Sequence[str]) -> list[float]:
    """AC1 by `irrCAC`."""
    return irrcac(records, codes, "gwet", "coefficient_value")


def irrcac_alphas(records: Sequence[Record], codes: Sequence[str]) -> list[float]:
    """Alpha by `irrCAC`."""
    return irrcac(records, codes, "krippendorff", "coefficient_value")
