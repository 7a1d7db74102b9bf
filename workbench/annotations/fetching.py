"""Annotations from one project, read in parts: the next is fetched while one is stored.

The server is never asked for two at a time, but for the next as soon as it begins to answer.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from workbench.annotations.gateway import Gateway
from workbench.annotations.origins import STUDIO
from workbench.annotations.results import read_export
from workbench.annotations.taskgateway import IDS
from workbench.annotations.tasks import KEY
from workbench.records import Annotation


@dataclass(frozen=True, slots=True)
class Part:
    """Some tasks as read: what coders did on them.

    By task, all that were asked for: the `keys` of its annotations, `remarks`,
    and how many annotations it has though it is not ours (`strange`).
    `others` are who annotated it besides the one whose own project it is.
    `paragraphs` are those of the tasks that are there, `changers` who changed
    their tasks last. `users` are the numbers of the annotators.
    """

    annotations: tuple[Annotation, ...]
    remarks: Mapping[int, tuple[str, ...]]
    keys: Mapping[int, tuple[str, ...]]
    strange: Mapping[int, int]
    others: Mapping[int, tuple[str, ...]]
    changers: Mapping[str, str]
    paragraphs: frozenset[str]
    users: frozenset[int]


@dataclass
class Reader:
    """Reads exports of one project.

    `names` are the coders' names by the e-mail of their account, `numbers` by
    its number; `known` are the ids of all paragraphs ever kept, `codes` the
    taxonomy's; `origin` is what the annotations are to have. `coder` is whose
    own project it is.
    """

    gateway: Gateway
    studio_id: int
    names: Mapping[str, str]
    known: Mapping[str, bool]
    codes: Sequence[str]
    origin: str = STUDIO
    numbers: Mapping[int, str] = field(default_factory=dict)
    coder: str | None = None
    users: dict[int, str] = field(default_factory=dict)

    def fetch(self, ids: Sequence[int], *, annotated: bool = False) -> Iterator[Part]:
        """What coders did on the tasks `ids`; `annotated` leaves out those without annotations."""
        parts = [ids[i : i + IDS] for i in range(0, len(ids), IDS)]
        turn = Lock()

        def export(part: Sequence[int]) -> list[dict[str, Any]]:
            return self.gateway.export(self.studio_id, part, annotated=annotated, turn=turn)

        with ThreadPoolExecutor(2) as pool:
            coming = deque(pool.submit(export, part) for part in parts[:2])
            for number, part in enumerate(parts):
                tasks = coming.popleft().result()
                coming += [pool.submit(export, later) for later in parts[number + 2 : number + 3]]
                yield self._read(part, tasks)

    def _read(self, ids: Sequence[int], tasks: Sequence[Mapping[str, Any]]) -> Part:
        users = frozenset(_users(tasks, "completed_by"))
        everybody = {*users, *_users(tasks, "updated_by")}
        everybody |= {
            task["updated_by"] for task in tasks if isinstance(task.get("updated_by"), int)
        }
        if not everybody <= self.users.keys():
            mails = self.gateway.users()
            self.users = {number: self._name(number, mail) for number, mail in mails.items()}
        annotations: list[Annotation] = []
        remarks: dict[int, tuple[str, ...]] = dict.fromkeys(ids, ())
        keys: dict[int, tuple[str, ...]] = dict.fromkeys(ids, ())
        strange: dict[int, int] = dict.fromkeys(ids, 0)
        others: dict[int, tuple[str, ...]] = dict.fromkeys(ids, ())
        changers: dict[str, str] = {}
        for task in tasks:
            self._name_prelabels(task)
            reading = read_export(
                [task], self.users, self.codes, self.known.keys(), self.origin, self.coder
            )
            annotations += reading.annotations
            remarks[task["id"]] = reading.remarks
            keys[task["id"]] = tuple(a.key for a in reading.annotations)
            strange[task["id"]] = reading.strange
            others[task["id"]] = reading.others
            changer = self.users.get(task.get("updated_by"))
            changers[str((task.get("data") or {}).get(KEY))] = changer or ""
        found = frozenset(changers)
        return Part(tuple(annotations), remarks, keys, strange, others, changers, found, users)

    def _name_prelabels(self, task: Mapping[str, Any]) -> None:
        """Put the pre-label that was on the page into annotations that name another.

        The server notes the one that the project shows when the annotation
        arrives, which is not that of a page opened before pre-labels were replaced.
        """
        for annotation in task.get("annotations") or ():
            shown, noted = annotation.get("parent_prediction"), annotation.get("prediction") or {}
            if shown is not None and shown != noted.get("id"):
                annotation["prediction"] = self.gateway.prediction(shown) or noted

    def _name(self, number: int, mail: str) -> str:
        """The coder's name, else the e-mail.

        In place of the e-mail of everybody who was taken out of the organisation
        the server says "Deleted": they are known by the number, or else by whose
        project it is.
        """
        if "@" in mail:
            return self.names.get(mail.lower(), mail)
        return self.numbers.get(number) or self.coder or f"{mail} {number}"


def _users(tasks: Sequence[Mapping[str, Any]], role: str) -> Iterator[int]:
    for task in tasks:
        for annotation in task.get("annotations") or ():
            by = annotation.get(role)
            if isinstance(by, int):
                yield by
