"""Which paragraphs become tasks: of twins one, so that nobody codes the same words twice. Pure."""

from collections.abc import Collection, Sequence

from workbench.records import Paragraph, Report
from workbench.reports.twins import twin_key


def leave_out_twins(
    held: Sequence[tuple[Paragraph, Report]], wanted: Collection[str], tasks: Collection[str]
) -> frozenset[str]:
    """The ids of the `wanted` paragraphs that need no task, for a twin of theirs has one.

    `held` are all paragraphs of the workspace, `tasks` the ids of those that
    have a task already: they keep it, each. Where none of some twins has one,
    the wanted one of the earliest year is to have it, the first of that year's
    by report and place in it. A task of a paragraph that is not `held` (its
    report was corrected, or is gone) stands for nobody.
    """
    groups: dict[bytes, list[tuple[Paragraph, Report]]] = {}
    for item in held:
        groups.setdefault(twin_key(item[0]), []).append(item)
    left_out: set[str] = set()
    for group in groups.values():
        if len(group) == 1:
            continue
        open_ = [item for item in group if item[0].paragraph_id not in tasks]
        asked = [item for item in open_ if item[0].paragraph_id in wanted]
        if len(open_) == len(group) and asked:
            asked.remove(min(asked, key=_age))
        left_out.update(paragraph.paragraph_id for paragraph, _ in asked)
    return frozenset(left_out)


def _age(item: tuple[Paragraph, Report]) -> tuple[float, str, int]:
    paragraph, report = item
    year = float("inf") if report.year is None else report.year
    return (year, report.report_id, paragraph.position)
