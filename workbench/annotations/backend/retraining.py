"""Training again in the background once enough was annotated."""

import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

#: The webhooks that count, and what Label Studio sends when its button is pressed.
COUNTED = ("ANNOTATION_CREATED", "ANNOTATION_UPDATED")
START = "START_TRAINING"
#: Seconds that a run has to end when it is told to.
_PATIENCE = 10.0


class Retrainer:
    """Runs the `steps`, commands one after the other, one run at a time.

    `after` is the number of annotations, new or changed since the last run
    began, that start a run; None: only the button does. Webhooks are hints: one
    that is lost delays a run, and what a run learns from is what it pulls.
    """

    def __init__(
        self,
        steps: Sequence[Sequence[str]],
        after: int | None,
        environment: Mapping[str, str],
        tell: Callable[[str], None],
    ) -> None:
        self._steps, self._after, self._tell = steps, after, tell
        self._environment = dict(environment)
        self._lock = threading.Lock()
        self._noted: set[object] = set()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._closed = False

    def note(self, payload: Any) -> str:
        """Take in a webhook's payload; what came of it, in a word or two."""
        if not isinstance(payload, Mapping):
            return "ignored"
        action = payload.get("action")
        if action == START:
            return "training started" if self.start() else "training already runs"
        if not is_counted(payload):
            return "ignored"
        with self._lock:
            self._noted.add(_name_annotation(payload, len(self._noted)))
        self._start_if_due()
        return "noted"

    def start(self) -> bool:
        """Begin a run unless one goes on; whether it began."""
        with self._lock:
            if self._closed or self.running:
                return False
            self._noted.clear()
            self._thread = threading.Thread(target=self._run, name="retraining", daemon=True)
            self._thread.start()
            return True

    @property
    def running(self) -> bool:
        """Whether a run goes on."""
        return self._thread is not None and self._thread.is_alive()

    def close(self) -> None:
        """End the run that goes on, if any, and begin no other."""
        with self._lock:
            self._closed = True
            process, thread = self._process, self._thread
        if process is not None:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        if thread is not None:
            thread.join()

    def _start_if_due(self) -> None:
        if self._after is not None and len(self._noted) >= self._after:
            self.start()

    def _run(self) -> None:
        self._tell("training again: pulling the annotations first")
        if all(self._take(step) for step in self._steps):
            self._tell("trained again; the model is taken up in a moment")
        with self._lock:
            self._process = None
            self._thread = None
        self._start_if_due()

    def _take(self, step: Sequence[str]) -> bool:
        """Run one command; whether it went well."""
        with self._lock:
            if self._closed:
                return False
            try:
                self._process = process = subprocess.Popen(
                    list(step),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    text=True,
                    errors="replace",
                    env=self._environment,
                )
            except OSError as error:
                self._tell(f"training again failed: {error.strerror}")
                return False
        _, said = process.communicate()
        if process.returncode != 0 and not self._closed:
            last = (said.strip().splitlines() or ["no message"])[-1]
            self._tell(f"training again failed: {last}")
        return process.returncode == 0


def is_counted(payload: Any) -> bool:
    """Whether a webhook says that something was annotated."""
    return isinstance(payload, Mapping) and payload.get("action") in COUNTED


def _name_annotation(payload: Mapping[str, Any], number: int) -> object:
    """What tells an annotation from others, so that one that is changed often counts once."""
    annotation = payload.get("annotation")
    found = annotation.get("id") if isinstance(annotation, Mapping) else None
    return found if isinstance(found, int | str) else f"unnamed {number}"
