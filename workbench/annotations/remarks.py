"""What a pull tells the lead researcher of work that is not as it was left. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

#: Tasks that are named; of more the number is told.
_NAMED = 3
_SEVERAL = ("tasks", "were", "count")


def describe_others(coder: str | None, others: Mapping[int, Sequence[str]]) -> Iterator[str]:
    """Who annotated in the own project of `coder` besides them; `others` are names by task."""
    tasks: dict[str, list[int]] = {}
    for task, names in sorted(others.items()):
        for name in names:
            tasks.setdefault(name, []).append(task)
    for name, numbers in sorted(tasks.items()):
        named = ", ".join(map(str, numbers[:_NAMED]))
        more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
        noun, was, counts = ("task", "was", "counts") if len(numbers) == 1 else _SEVERAL
        yield (
            f"{noun} {named}{more} of {coder}'s project {was} annotated by {name} "
            f"and {counts} as {name}'s"
        )


def describe_deleted(deleted: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """What is gone that its coder did not delete: (paragraph, coder, who changed the task last)."""
    for paragraph_id, coder, by in deleted:
        if by != coder:
            who = f"{by} changed the task last" if by else "by whom is not known"
            yield f"{paragraph_id}: the annotation of {coder} was deleted; {who}"


def describe_lost(title: str, coder: str | None, annotations: int) -> str:
    """That a project is gone from the server of which annotations were pulled."""
    again = f", without what {coder} has coded" if coder else ""
    return (
        f"project {title!r} is gone from the server; its {annotations} annotations are kept here "
        f"and count. `workbench push` makes it anew{again}"
    )
