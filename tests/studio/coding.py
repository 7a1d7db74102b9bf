"""Coders at work: each asks for the next task and submits it, as the labelling page does."""

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType

import httpx

from tests.studio.ownserver import Coder
from tests.studio.study import CODES
from workbench.annotations.tasks import result_of


@dataclass
class Shift:
    """What coders met: seconds that they waited for pages and for submissions to be taken.

    `bad_pages` are those that did not show exactly one pre-label (none where
    the task is to be shown without).
    """

    asking: list[float] = field(default_factory=list)
    submitting: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    bad_pages: list[str] = field(default_factory=list)
    submitted: dict[int, tuple[str, str, tuple[str, ...], bool]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return len(self.asking)


class CodersAtWork:
    """Within the block the coders code project `studio_id`; `shift` says what they met.

    `pause` is how many seconds each looks at a page.
    """

    def __init__(self, coders: Sequence[Coder], studio_id: int, pause: float = 0.0) -> None:
        self.shift = Shift()
        self._studio_id, self._pause = studio_id, pause
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._code, args=(coder,), daemon=True) for coder in coders
        ]

    def __enter__(self) -> "CodersAtWork":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _code(self, coder: Coder) -> None:
        rng = random.Random(coder.email)
        while not self._over.is_set():
            try:
                if not self._code_one(coder, rng):
                    self._over.wait(0.5)  # nothing left for this coder, for now
            except httpx.HTTPStatusError as error:
                answer = error.response
                self.shift.errors.append(
                    f"{answer.request.url.path}: {answer.status_code} {answer.text[:200]}"
                )
            except httpx.TransportError as error:
                self.shift.errors.append(repr(error))

    def _code_one(self, coder: Coder, rng: random.Random) -> bool:
        """Take the next task and submit it; False where there is none."""
        start = time.perf_counter()
        answer = coder.client.post(
            "/api/dm/actions", params={"id": "next_task", "project": self._studio_id}, json={}
        )
        if answer.status_code == 404:
            return False
        answer.raise_for_status()
        self.shift.asking.append(time.perf_counter() - start)
        task = answer.json()
        shown = [p["model_version"] for p in task["predictions"]]
        wanted = 0 if task["data"].get("prelabels") is False else 1
        if len(shown) != wanted:
            self.shift.bad_pages.append(f"task {task['id']}: pre-labels {shown}")
        codes = sorted(rng.sample(CODES, rng.randint(0, 2)))
        self._over.wait(self._pause)
        start = time.perf_counter()
        answer = coder.client.post(
            f"/api/tasks/{task['id']}/annotations/",
            params={"project": self._studio_id},
            json={
                "result": result_of(codes),
                "was_cancelled": False,
                "lead_time": 2.0,
                "parent_prediction": task["predictions"][0]["id"] if shown else None,
            },
        )
        answer.raise_for_status()
        self.shift.submitting.append(time.perf_counter() - start)
        paragraph = task["data"]["paragraph_id"]
        self.shift.submitted[answer.json()["id"]] = (paragraph, coder.email, tuple(codes), False)
        return True
