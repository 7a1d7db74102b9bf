"""Settings with which the local Label Studio serves several people at once.

As it comes, its SQLite lets a reader block a writer, gives up after five
seconds, and a request that meets a lock is run again from the start, though
parts of it are saved: coders see errors, and their annotations are doubled.
With a write-ahead log, transactions that take the lock at once, and a minute's
patience none of this happens.
"""

from pathlib import Path

MODULE = "workbench_settings"
_TEXT = '''"""Label Studio's settings, with an SQLite that several people can use at once."""

from core.settings.base import *  # first: what follows looks at these while it is read

DATABASES_ALL["sqlite"]["OPTIONS"].update(
    timeout=60,
    transaction_mode="IMMEDIATE",
    init_command="PRAGMA journal_mode=WAL",
)
from label_studio.core.settings.label_studio import *
'''


def write_settings(folder: Path) -> None:
    """Write the settings beside the server's data, where `settings_environment` finds them."""
    place = folder / "settings"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{MODULE}.py").write_text(_TEXT, encoding="utf-8")


def settings_environment(folder: Path) -> dict[str, str]:
    """What the server's environment needs for it to find them."""
    return {"PYTHONPATH": str(folder / "settings"), "DJANGO_SETTINGS_MODULE": MODULE}
