"""One project's annotations, brought into the store whole: incrementally where that will do.

What was asked for is told from what the server counts: as long as its number of
annotations is not the store's, more is fetched, at last everything. A number
that still differs is an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from functools import cached_property

from workbench.annotations.fetching import Part, Reader
from workbench.annotations.gateway import Gateway
from workbench.annotations.planning import group_tasks
from workbench.annotations.taskgateway import IDS
from workbench.errors import StudioError
from workbench.progress import Track
from workbench.records import Coder
from workbench.store.annotations import save_coder
from workbench.store.database import Database
from workbench.store.saving import (
    AnnotationChanges,
    count_annotations,
    mark_deleted,
    newest_paragraphs,
    save_annotations,
)
from workbench.store.tasks import Project, annotated_paragraphs, save_pulled_to, tasks_of

#: What changed so long before the newest change that was pulled is asked for again: a request of
#: a coder that waits for the server's database is stored late, under an early time. The server
#: gives up waiting after a minute, and Label Studio by itself tries some more.
_MARGIN = timedelta(seconds=120)
#: More tasks than these change in that time by an import only, not by coders.
_MANY = 300
#: The annotations changed last that are looked at again: if they are not as they were though
#: their tasks did not change since, the server was put back to an earlier state.
_WITNESSES = 5
#: How often what changed in the meantime is fetched, while coders go on.
_ROUNDS = 8


@dataclass
class ProjectPull:
    """One project's pull, carried out by `run`.

    `on_server` counts the annotations that the server has on our paragraphs,
    `strange` those on other tasks; `touched` are the paragraphs that were looked
    at. `remarks`, and who annotated in another's project (`others`), are by task.
    Without `write` the store stays as it is.
    """

    gateway: Gateway
    database: Database
    stored: Project | None
    reader: Reader
    now: datetime
    track: Track
    write: bool = True
    changes: AnnotationChanges = field(default_factory=AnnotationChanges)
    remarks: dict[int, tuple[str, ...]] = field(default_factory=dict)
    others: dict[int, tuple[str, ...]] = field(default_factory=dict)
    full: bool = False
    on_server: int = 0
    strange: int = 0
    touched: set[str] = field(default_factory=set)
    _keys: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _strange: dict[int, int] = field(default_factory=dict)
    _mark: datetime | None = None

    def run(self) -> None:
        """Fetch what the store lacks; StudioError where the numbers do not agree in the end."""
        self._mark = self.stored.pulled_to if self.stored else None
        if self._mark is None or not self._pull_changes():
            self._pull_all()
        if self.write and self.stored is not None:
            with self.database.session() as session:
                save_pulled_to(session, self.stored.project_id, self._mark)

    def _pull_changes(self) -> bool:
        """Fetch what changed since the last pull; whether the numbers agree then."""
        seen = self._fetch_changed()
        if not self._is_as_it_was(seen):
            return False
        for _ in range(_ROUNDS):
            server = self._count_server()
            self.on_server = self._count_held()
            if self.on_server == server:
                return True
            new = self._fetch_changed() if self.write else seen
            if new <= seen:
                return False
            seen |= new
        return False

    def _pull_all(self) -> None:
        """Fetch everything; what the store holds beyond that was deleted."""
        self.full = True
        if not self.write:
            self.changes = AnnotationChanges()
        self._keys.clear()
        self._strange.clear()
        studio_id = self.reader.studio_id
        self._mark = self.gateway.newest_change(studio_id)
        project = self.gateway.project(studio_id)
        ids = sorted(self._held.values())
        listed = project is None or len(ids) != project.tasks
        if project is not None and project.annotations:
            self._fetch(self.gateway.task_ids(studio_id) if listed else ids)
        for _ in range(_ROUNDS):
            server = self._count_server()
            self.on_server = sum(map(len, self._keys.values()))
            self.strange = sum(self._strange.values())
            if self.on_server + self.strange == server:
                self._mark_deleted()
                return
            if not listed:
                listed = True
                self._list_anew()
            self._fetch_changed()
        raise StudioError(
            f"project {studio_id}: the server counts {server} annotations, "
            f"{self.on_server + self.strange} arrived; those are stored",
            "run `workbench pull` again; if the numbers still differ, see whether Label Studio "
            "can export the project",
        )

    def _list_anew(self) -> None:
        """Fetch the tasks that the store does not know, forget those that are gone."""
        ids = self.gateway.task_ids(self.reader.studio_id)
        for lost in self._keys.keys() - set(ids):
            del self._keys[lost], self._strange[lost]
        self._fetch([number for number in ids if number not in self._keys])

    def _fetch_changed(self) -> set[tuple[int, datetime]]:
        """Fetch the tasks that changed since the mark, which moves on; which, and when."""
        if self._mark is None:
            return set()
        changed = self._find_changed(self._mark)
        ids = {number for number, (_, annotated) in changed.items() if annotated}
        if len(ids) < len(changed):  # the last annotation of a task may have been deleted
            with self.database.session() as session:
                coded = annotated_paragraphs(session, self._project_id)
            tasks = self._held
            ids |= changed.keys() & {tasks[key] for key in coded if key in tasks}
        self._fetch(sorted(ids))
        self._mark = max([self._mark, *(moment for moment, _ in changed.values())])
        return {(number, moment) for number, (moment, _) in changed.items()}

    def _find_changed(self, mark: datetime) -> dict[int, tuple[datetime, bool]]:
        """What changed after `mark`, and shortly before it unless that was too much."""
        studio_id, early = self.reader.studio_id, mark - _MARGIN
        # In this order: what changes between the two calls is among the late.
        recent = self.gateway.changed_tasks(studio_id, early, until=mark, most=_MANY)
        return recent | self.gateway.changed_tasks(studio_id, mark)

    def _is_as_it_was(self, changed: set[tuple[int, datetime]]) -> bool:
        """Whether the annotations changed last are as the store has them."""
        with self.database.session() as session:
            newest = newest_paragraphs(session, self._project_id, _WITNESSES)
        tasks = self._held
        fetched = {number for number, _ in changed}
        before = replace(self.changes, unchanged=0)
        self._fetch([tasks[k] for k in newest if k in tasks and tasks[k] not in fetched])
        return replace(self.changes, unchanged=0) == before

    def _fetch(self, ids: Sequence[int]) -> None:
        """Fetch and store some tasks."""
        parts = self.reader.fetch(ids, annotated=self.full)
        total = -(-len(ids) // IDS)
        for part in self.track(parts, "fetching annotations", total) if total > 1 else parts:
            self._keys.update(part.keys)
            self._strange.update(part.strange)
            self.remarks.update(part.remarks)
            self.others.update(part.others)
            self._store(part)

    def _store(self, part: Part) -> None:
        self.touched |= part.paragraphs
        whole = frozenset() if self.full else self._alone(part)
        with self.database.session() as session:
            if self.write:
                for number in part.users & self.reader.users.keys():
                    save_coder(session, Coder(self.reader.users[number], number))
            changes = save_annotations(
                session,
                part.annotations,
                self.now,
                project=self._project_id,
                whole=whole,
                changers=part.changers,
                write=self.write,
            )
        self._add(changes)

    def _alone(self, part: Part) -> frozenset[str]:
        """The paragraphs of which no other task has annotations: what is gone was deleted."""
        with self.database.session() as session:
            changes = save_annotations(
                session,
                part.annotations,
                self.now,
                project=self._project_id,
                whole=part.paragraphs,
                write=False,
            )
        if not changes.deleted:
            return part.paragraphs
        there = group_tasks(self.gateway.tasks(self.reader.studio_id, sorted(part.paragraphs)))
        return frozenset(
            key
            for key, tasks in there.items()
            if key is not None and all(task.task_id in part.keys for task in tasks)
        )

    def _mark_deleted(self) -> None:
        seen = {key for keys in self._keys.values() for key in keys}
        with self.database.session() as session:
            gone = mark_deleted(session, self._project_id, seen, self.now, write=self.write)
        self._add(AnnotationChanges(deleted=gone))

    def _count_server(self) -> int:
        project = self.gateway.project(self.reader.studio_id)
        if project is None:
            raise StudioError(
                f"project {self.reader.studio_id} is gone from {self.gateway.url}",
                "run `workbench push` to make it again; what was pulled is kept",
            )
        return project.annotations

    def _count_held(self) -> int:
        with self.database.session() as session:
            held = count_annotations(session, self._project_id)
        return held if self.write else held + self.changes.created - self.changes.deleted

    @cached_property
    def _held(self) -> dict[str, int]:
        """The store's tasks by paragraph; a pull changes none."""
        with self.database.session() as session:
            return tasks_of(session, self._project_id)

    @property
    def _project_id(self) -> int:
        """The store's number; 0, which no project has, where a dry run found none there."""
        return self.stored.project_id if self.stored else 0

    def _add(self, changes: AnnotationChanges) -> None:
        names = [item.name for item in fields(AnnotationChanges)]
        sums = {name: getattr(self.changes, name) + getattr(changes, name) for name in names}
        self.changes = AnnotationChanges(**sums)
