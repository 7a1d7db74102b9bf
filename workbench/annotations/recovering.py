"""Who codes what, when the database that knew it is lost: read off the coders' own projects."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from workbench.annotations.gateway import Gateway
from workbench.annotations.projects import CODING, find_projects
from workbench.records import Assignment


@dataclass(frozen=True, slots=True)
class Recovered:
    """What the coders' projects say: `assignments`, and whose projects there are (`coders`).

    `per_paragraph` coders have most of the paragraphs that are not for all.
    `unknown` counts the tasks of paragraphs that are not ingested.
    """

    assignments: tuple[Assignment, ...]
    coders: tuple[str, ...]
    per_paragraph: int
    unknown: int

    @property
    def shared(self) -> int:
        """How many paragraphs are taken for the calibration set."""
        return len({a.paragraph_id for a in self.assignments if a.shared})


def recover_assignments(gateway: Gateway, workspace_id: str, known: Collection[str]) -> Recovered:
    """Every task in a coder's own project as an assignment; `known` are the paragraphs there are.

    What all of several coders have, where they do not have everything in common,
    is taken for the calibration set: that is a guess.
    """
    found: dict[str, set[str]] = {}
    for role, project in find_projects(gateway, workspace_id).items():
        if role.purpose == CODING and role.coder is not None:
            tasks = gateway.tasks(project.studio_id)
            found[role.coder] = {task.paragraph_id for task in tasks if task.paragraph_id}
    number = Counter(key for keys in found.values() for key in keys)
    is_split = any(count < len(found) for count in number.values())
    shared = {key for key, count in number.items() if is_split and 1 < len(found) == count}
    usual = Counter(count for key, count in number.items() if key not in shared)
    return Recovered(
        assignments=tuple(
            Assignment(key, coder, shared=key in shared)
            for coder, keys in sorted(found.items())
            for key in sorted(keys)
            if key in known
        ),
        coders=tuple(sorted(found)),
        per_paragraph=usual.most_common(1)[0][0] if usual else max(1, len(found)),
        unknown=sum(key not in known for keys in found.values() for key in keys),
    )
