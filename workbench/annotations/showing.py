"""Which pre-labels the coders see: one version, on every task that should have them.

In the stream Label Studio shows the predictions of the project's model version
only, so those that were replaced may stay. They must for a while: a coder whose
page was opened before submits an annotation that names the prediction on it, and
the server answers with an error where that is gone.
"""

import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from workbench.annotations.gateway import Gateway
from workbench.annotations.writing import send_once
from workbench.errors import StudioError

#: Pre-labels that were replaced so long ago are on nobody's page any more.
_LONG = timedelta(hours=12)
#: Seconds that a push spends on removing old pre-labels in one project: what is left waits.
_PATIENCE = 5.0
#: Old pre-labels that are looked up at once.
_PORTION = 50


def show_version(gateway: Gateway, studio_id: int, version: str, kept: Collection[str]) -> None:
    """Show the pre-labels of `version`, then remove some of those that were replaced long ago.

    Those of the version shown until now stay, and those of the versions `kept`.
    Nothing happens while no task has any of `version`.
    """
    versions = gateway.model_versions(studio_id)
    if version not in versions:
        return
    before = _switch(gateway, studio_id, version)
    if versions.keys() - {version, before, *kept}:
        made = gateway.newest_predictions(studio_id)
        old = stale_versions(made, {version, before, *kept}, datetime.now(UTC) - _LONG)
        _remove(gateway, studio_id, old)


def stale_versions(
    made: Mapping[str, datetime], stay: Collection[str], long_ago: datetime
) -> list[str]:
    """The versions that another one replaced before `long_ago`, but for those that `stay`.

    `made` says when the newest prediction of each version was made: a version is
    replaced once those of another are newer.
    """
    return [
        version
        for version, moment in made.items()
        if version not in stay and any(moment < other < long_ago for other in made.values())
    ]


def check_shown(
    gateway: Gateway, studio_id: int, shown: str, expected: Mapping[str, Collection[str]]
) -> None:
    """See that the page shows `shown` and that no task lacks pre-labels or has them twice.

    `expected` are the paragraphs that should carry those of each version. What
    is doubled is mended. StudioError where some are missing.
    """
    if not expected.get(shown):
        return
    _switch(gateway, studio_id, shown)
    counts = gateway.model_versions(studio_id)
    for version, paragraphs in expected.items():
        found = counts.get(version, 0)
        if found > len(paragraphs):
            found = _remove_doubles(gateway, studio_id, version)
        if found < len(paragraphs):
            raise StudioError(
                f"project {studio_id}: {found} tasks of {len(paragraphs)} have the pre-labels "
                f"of {version}",
                "run `workbench push` again: it adds what is missing",
            )


def _switch(gateway: Gateway, studio_id: int, version: str) -> str:
    """Have the page show `version`; the one that it showed before."""
    project = gateway.project(studio_id)
    if project is None:
        raise StudioError(f"project {studio_id} is gone", "run `workbench push` again")
    if project.model_version != version or not project.shows_prelabels:
        send_once(
            lambda: gateway.update_project(
                studio_id, model_version=version, show_collab_predictions=True
            ),
            lambda: False,
        )
    return project.model_version


def _remove(gateway: Gateway, studio_id: int, versions: Collection[str]) -> None:
    """Remove predictions one by one, each a short write, while the patience lasts.

    Label Studio's own removal of a version is one transaction that saves every
    task: it keeps coders waiting for as long as it takes.
    """
    end = time.monotonic() + _PATIENCE
    for version in versions:
        while numbers := gateway.predictions_of(studio_id, version, _PORTION):
            for number in numbers:
                if time.monotonic() > end:
                    return
                # The same again deletes nothing, so that a doubt needs no look-up.
                send_once(
                    lambda number=number: gateway.delete_prediction(number),  # type: ignore[misc]
                    lambda: False,
                )


def _remove_doubles(gateway: Gateway, studio_id: int, version: str) -> int:
    """Of several pre-labels of `version` on a task leave the newest; how many tasks have one."""
    newest: dict[int, int] = {}
    for number, task, of_version in sorted(gateway.predictions(studio_id)):
        if of_version != version:
            continue
        if task in newest:
            double = newest[task]
            send_once(
                lambda double=double: gateway.delete_prediction(double),  # type: ignore[misc]
                lambda: False,
            )
        newest[task] = number
    return len(newest)
