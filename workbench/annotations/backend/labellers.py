"""The labeller in use, exchanged for a new one while requests go on."""

import threading
from collections.abc import Callable, Hashable

from workbench.annotations.backend.protocol import Labeller
from workbench.errors import WorkbenchError

#: Seconds between two looks for a new model.
INTERVAL = 2.0


class Provider:
    """Holds the labeller that answers, and looks for another.

    `look` tells cheaply, by a value that differs, whether there is something
    new to load; `load` loads it, which may take long. The first is loaded
    here, with the errors of `load`. A later one that cannot be loaded is told
    once, and the former goes on.
    """

    def __init__(
        self,
        look: Callable[[], Hashable],
        load: Callable[[], Labeller],
        tell: Callable[[str], None],
    ) -> None:
        self._look, self._load, self._tell = look, load, tell
        self._seen = look()
        self._current = load()

    @property
    def current(self) -> Labeller:
        """The labeller in use; a request keeps to the one it began with."""
        return self._current

    def check(self) -> bool:
        """Load what is new, if anything; whether another version answers from now on."""
        try:
            seen = self._look()
            if seen == self._seen:
                return False
            self._seen = seen
            fresh = self._load()
        except WorkbenchError as error:
            self._tell(f"{error}; going on with {self._current.version}")
            return False
        except Exception as error:
            # A folder that vanishes while it is read, a damaged file: the coders' work goes on.
            self._tell(
                f"loading a model failed ({type(error).__name__}); "
                f"going on with {self._current.version}"
            )
            return False
        former, self._current = self._current.version, fresh
        if former == fresh.version:
            return False
        self._tell(f"predicting with {fresh.version} from now on")
        return True

    def watch(self, stop: threading.Event) -> None:
        """Check again and again until `stop`."""
        while not stop.wait(INTERVAL):
            self.check()
