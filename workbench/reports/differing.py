"""How two texts differ, word by word.

Words count as the same when `normalise` makes them so: a change of case or of
the style of quotation marks and dashes is no change.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

from workbench.reports.words import normalise

Op = Literal["equal", "delete", "insert"]
#: What happened to some words, and the words, as they are written in the text.
Step = tuple[Op, tuple[str, ...]]

#: Fewer words in common than this, between two changes, are coincidence and part of the change.
_COINCIDENCE = 3


def diff_words(old: str, new: str) -> tuple[Step, ...]:
    """The steps from one text to the other; "equal" words are as the new text has them.

    The words of "equal" and "insert" steps are the new text's, in order; those
    of "equal" and "delete" the old one's, but for what `normalise` evens out.
    Where words are replaced, "delete" stands before "insert". One or two equal
    words between longer changes are counted as changed with them: "the" alone
    in a rewritten sentence helps nobody to read it.
    """
    old_words, new_words = old.split(), new.split()
    old_keys, new_keys = _keys(old_words), _keys(new_words)
    start = _common_start(old_keys, new_keys)
    stop = _common_start(old_keys[start:][::-1], new_keys[start:][::-1])
    middle = SequenceMatcher(
        None,
        old_keys[start : len(old_keys) - stop],
        new_keys[start : len(new_keys) - stop],
        autojunk=False,
    )
    blocks = [(0, 0, start)] if start else []
    blocks += [(a + start, b + start, n) for a, b, n in middle.get_matching_blocks() if n]
    if stop:
        blocks.append((len(old_keys) - stop, len(new_keys) - stop, stop))
    steps: list[Step] = []
    at_old = at_new = 0
    ends = (len(old_words), len(new_words), 0)
    for a, b, size in (*_meaningful(blocks, len(old_keys), len(new_keys)), ends):
        _add(steps, "delete", old_words[at_old:a])
        _add(steps, "insert", new_words[at_new:b])
        _add(steps, "equal", new_words[b : b + size])
        at_old, at_new = a + size, b + size
    return tuple(steps)


def _keys(words: Sequence[str]) -> list[str]:
    return [normalise(word) or word for word in words]


def _common_start(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _meaningful(
    blocks: list[tuple[int, int, int]], old_length: int, new_length: int
) -> list[tuple[int, int, int]]:
    """The equal blocks without short ones between changes that are both longer than they."""
    kept: list[tuple[int, int, int]] = []
    for place, (a, b, size) in enumerate(blocks):
        after_old, after_new = (
            (kept[-1][0] + kept[-1][2], kept[-1][1] + kept[-1][2]) if kept else (0, 0)
        )
        next_old, next_new, _ = (
            blocks[place + 1] if place + 1 < len(blocks) else (old_length, new_length, 0)
        )
        before = max(a - after_old, b - after_new)
        after = max(next_old - a - size, next_new - b - size)
        if size >= _COINCIDENCE or size >= min(before, after):
            kept.append((a, b, size))
    return kept


def _add(steps: list[Step], op: Op, words: Sequence[str]) -> None:
    """Add a step, to the last one where that is of the same kind."""
    if not words:
        return
    if steps and steps[-1][0] == op:
        steps[-1] = (op, (*steps[-1][1], *words))
    else:
        steps.append((op, tuple(words)))
