"""Writes that are sent once, and after a doubt only where what they wrote is not there.

A request that failed may have been carried out all the same, or may be yet: the
server goes on with an import when the connection breaks. So after a doubt it is
looked up what the server has, several times while a late import may still land,
before anything is sent again. An import is there as a whole or not at all.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.annotations.connection import is_doubtful
from workbench.annotations.gateway import Gateway, StudioTask
from workbench.errors import ServerDownError, StudioError

#: Seconds before each look-up after a doubt; then the request is sent again.
LOOKS = (0.1, 0.4, 1.0, 2.0)
#: How often a request is sent at most, and the seconds to wait before each further time.
PAUSES = (0.5, 2.0, 5.0, 10.0)
#: Seconds after which a server that takes no connection is given up.
_DOWN = 10.0


@dataclass
class Doubts:
    """Counts the writes of a run whose outcome was in doubt; after one, all is compared anew."""

    number: int = 0
    looks: Sequence[float] = LOOKS
    pauses: Sequence[float] = PAUSES


def send_once(
    send: Callable[[], object], is_there: Callable[[], bool], doubts: Doubts | None = None
) -> None:
    """Call `send`; after a doubt again, unless `is_there` finds that it was carried out.

    An error that leaves no doubt is raised at once, any other after the last
    try: the next run finds out what is there and goes on. A server that takes
    no connection is given up sooner.
    """
    doubts = doubts or Doubts()
    pauses = iter(doubts.pauses)
    down_since: float | None = None
    while True:
        try:
            send()
            return
        except StudioError as error:
            if not is_doubtful(error):
                raise
            now = time.monotonic()
            down_since = (down_since or now) if isinstance(error, ServerDownError) else None
            doubts.number += 1
            if _look(is_there, doubts):
                return
            pause = next(pauses, None)
            waited = 0.0 if down_since is None else time.monotonic() - down_since
            if pause is None or waited + pause > _DOWN:
                raise
            time.sleep(pause)


def create_tasks(
    gateway: Gateway, studio_id: int, keys: Sequence[str], content: bytes, doubts: Doubts
) -> dict[str, int]:
    """Make the tasks of one request (`content`, in order of `keys`); task number by key.

    Where it had to be sent twice and both arrived after all, the older ones
    are named; the caller removes the others.
    """
    made: dict[str, int] = {}

    def send() -> None:
        ids = gateway.import_tasks(studio_id, content)
        if len(ids) == len(keys):
            made.update(zip(keys, ids, strict=True))
        else:
            made.update(_numbers(gateway.tasks(studio_id, keys)))

    def is_there() -> bool:
        found = _numbers(gateway.tasks(studio_id, keys))
        if len(found) == len(keys):
            made.update(found)
        return len(found) == len(keys)

    send_once(send, is_there, doubts)
    return made


def add_predictions(
    gateway: Gateway,
    studio_id: int,
    tasks: Sequence[StudioTask],
    bodies: Sequence[Mapping[str, Any]],
    doubts: Doubts,
) -> None:
    """Give tasks predictions, in one request; each body names its `task`."""
    keys = [task.paragraph_id for task in tasks if task.paragraph_id is not None]
    wanted = {(body["task"], body["model_version"]) for body in bodies}

    def is_there() -> bool:
        there = gateway.tasks(studio_id, keys)
        return wanted <= {(task.task_id, version) for task in there for version in task.versions}

    send_once(lambda: gateway.import_predictions(studio_id, bodies), is_there, doubts)


def _look(is_there: Callable[[], bool], doubts: Doubts) -> bool:
    for pause in doubts.looks:
        time.sleep(pause)
        try:
            if is_there():
                return True
        except ServerDownError:  # a look is repeated by itself for as long as makes sense
            raise
        except StudioError as error:
            if not is_doubtful(error):
                raise
    return False


def _numbers(tasks: Sequence[StudioTask]) -> dict[str, int]:
    """The oldest task of each key."""
    found: dict[str, int] = {}
    for task in sorted(tasks, key=lambda t: t.task_id):
        if task.paragraph_id is not None:
            found.setdefault(task.paragraph_id, task.task_id)
    return found
