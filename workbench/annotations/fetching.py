"""Annotations from one project, read in parts: the next is fetched while one is stored."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from workbench.annotations.gateway import Gateway
from workbench.annotations.results import STUDIO, read_export
from workbench.annotations.taskgateway import IDS
from workbench.annotations.tasks import KEY
from workbench.records import Annotation


@dataclass(frozen=True, slots=True)
class Part:
    """Some tasks as read: what coders did on them.

    By task, all that were asked for: the `keys` of its annotations, `remarks`,
    and how many annotations it has though it is not ours (`strange`).
    `paragraphs` are those of the tasks that are there.
    """

    annotations: tuple[Annotation, ...]
    remarks: Mapping[int, tuple[str, ...]]
    keys: Mapping[int, tuple[str, ...]]
    strange: Mapping[int, int]
    paragraphs: frozenset[str]
    users: frozenset[int]


@dataclass
class Reader:
    """Reads exports of one project.

    `names` are the coders' names by the e-mail of their account, `known` the
    ids of all paragraphs ever kept, `codes` the taxonomy's; `origin` is what
    the annotations are to have.
    """

    gateway: Gateway
    studio_id: int
    names: Mapping[str, str]
    known: Mapping[str, bool]
    codes: Sequence[str]
    origin: str = STUDIO
    users: dict[int, str] = field(default_factory=dict)

    def fetch(self, ids: Sequence[int], *, annotated: bool = False) -> Iterator[Part]:
        """What coders did on the tasks `ids`; `annotated` leaves out those without annotations."""
        parts = [ids[i : i + IDS] for i in range(0, len(ids), IDS)]
        with ThreadPoolExecutor(1) as pool:
            coming = pool.submit(self._export, parts[0], annotated) if parts else None
            for number, part in enumerate(parts, start=1):
                tasks = coming.result() if coming is not None else []
                coming = None
                if number < len(parts):
                    coming = pool.submit(self._export, parts[number], annotated)
                yield self._read(part, tasks)

    def _export(self, ids: Sequence[int], annotated: bool) -> list[dict[str, Any]]:
        return self.gateway.export(self.studio_id, ids, annotated=annotated)

    def _read(self, ids: Sequence[int], tasks: Sequence[Mapping[str, Any]]) -> Part:
        users = frozenset(_users(tasks))
        if not users <= self.users.keys():
            mails = self.gateway.users()
            self.users = {number: self.names.get(m.lower(), m) for number, m in mails.items()}
        annotations: list[Annotation] = []
        remarks: dict[int, tuple[str, ...]] = dict.fromkeys(ids, ())
        keys: dict[int, tuple[str, ...]] = dict.fromkeys(ids, ())
        strange: dict[int, int] = dict.fromkeys(ids, 0)
        for task in tasks:
            reading = read_export([task], self.users, self.codes, self.known.keys(), self.origin)
            annotations += reading.annotations
            remarks[task["id"]] = reading.remarks
            keys[task["id"]] = tuple(a.key for a in reading.annotations)
            strange[task["id"]] = reading.strange
        found = {str((task.get("data") or {}).get(KEY)) for task in tasks}
        return Part(tuple(annotations), remarks, keys, strange, frozenset(found), users)


def _users(tasks: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    for task in tasks:
        for annotation in task.get("annotations") or ():
            by = annotation.get("completed_by")
            if isinstance(by, int):
                yield by
