"""The first texts of every report in a stream, seen before the stream goes on. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from workbench.exports.inputs import InputText

#: Lines that are read ahead at least, and of a report those that are shown at most.
WINDOW, MOST = 1024, 200


def show_first(
    lines: Iterable[InputText],
    show: Callable[[str | None, Sequence[InputText]], None],
    *,
    window: int = WINDOW,
    most: int = MOST,
) -> Iterator[InputText]:
    """`lines` as they come; `show` gets those of a report before its first one is given.

    It is called once for a report, with its id (None for lines without) and with
    the `most` first of those lines that are among the next `window`, or a few
    more. Memory holds two windows.
    """
    remaining = iter(lines)
    shown: set[str | None] = set()
    block = list(islice(remaining, window))
    while block:
        following = list(islice(remaining, window))
        new = {line.report_id for line in block} - shown
        if new:
            firsts: dict[str | None, list[InputText]] = {}
            for line in (*block, *following):
                if line.report_id in new:
                    firsts.setdefault(line.report_id, []).append(line)
            for report_id, texts in firsts.items():
                show(report_id, texts[:most])
            shown |= new
        yield from block
        block = following
