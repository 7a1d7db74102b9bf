"""Which pre-labels the coders see: one version, on every task that should have them.

Label Studio shows the predictions of the project's model version only.
"""

from collections.abc import Collection, Mapping

from workbench.annotations.gateway import Gateway
from workbench.annotations.writing import send_once
from workbench.errors import StudioError


def show_version(gateway: Gateway, studio_id: int, version: str, kept: Collection[str]) -> None:
    """Show the pre-labels of `version`, then remove those of the versions not `kept`.

    Nothing happens while no task has any of `version`.
    """
    versions = gateway.model_versions(studio_id)
    if version not in versions:
        return
    _switch(gateway, studio_id, version)
    for old in versions:
        if old and old != version and old not in kept:
            # The same again deletes nothing, so that a doubt needs no look-up.
            send_once(
                lambda old=old: gateway.delete_model_version(studio_id, old),  # type: ignore[misc]
                lambda old=old: old not in gateway.model_versions(studio_id),  # type: ignore[misc]
            )


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


def _switch(gateway: Gateway, studio_id: int, version: str) -> None:
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
