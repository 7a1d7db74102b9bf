"""What should be a task where: in each coder's own project, or in one for all. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from workbench.annotations.projects import ProjectPlan, Role
from workbench.records import Assignment


@dataclass(frozen=True, slots=True)
class Aim:
    """The paragraphs that should be tasks of a project, and those whose tasks should go.

    Those of the calibration set come `first`.
    """

    wanted: frozenset[str]
    gone: frozenset[str]
    first: frozenset[str] = frozenset()


def plan_projects(
    plan: ProjectPlan, assignments: Sequence[Assignment], there: Collection[Role] = ()
) -> list[ProjectPlan]:
    """One project for each coder to whom something is assigned, else one for all.

    With assignments those that are `there` are looked after as well: of a coder
    who has none any more, and the one for all.
    """
    if not assignments:
        return [plan]
    names = {assignment.coder for assignment in assignments}
    names |= {role.coder for role in there if role.coder and role.purpose == plan.role.purpose}
    own = [plan.for_coder(name) for name in sorted(names)]
    return [*own, plan] if plan.role in there else own


def aim_at(
    role: Role,
    wanted: frozenset[str],
    assignments: Sequence[Assignment],
    known: Mapping[str, bool],
) -> Aim:
    """Of the `wanted` paragraphs those of one project; `known` tells which ones are retired.

    What is assigned to single coders has no business in a project for all, since
    they would meet it there again; what is not assigned stays as it is. What a
    coder has done in a project that is gone is not made a task again.
    """
    retired = frozenset(key for key, is_retired in known.items() if is_retired)
    if role.coder is None:
        assigned = frozenset(assignment.paragraph_id for assignment in assignments)
        return Aim(frozenset() if assigned else wanted, assigned | retired)
    mine = [assignment for assignment in assignments if assignment.coder == role.coder]
    keys = frozenset(assignment.paragraph_id for assignment in mine)
    return Aim(
        wanted=wanted & {assignment.paragraph_id for assignment in mine if not assignment.done},
        gone=frozenset(known.keys() - keys) | retired,
        first=frozenset(assignment.paragraph_id for assignment in mine if assignment.shared),
    )
