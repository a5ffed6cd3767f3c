"""What is looked at before a feature is believed, beyond its check: the paths it changed, and the checks'
own strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.guard import held_paths
from batch_implement.model.refusals import PathsHeld, RefusedError, SettingsChanged
from batch_implement.workspace.repository_settings import changed_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.system.git.git import Git
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import ChangeSet
    from batch_implement.workspace.file_versions import FileVersion


def let_through(
    git: Git,
    number: int,
    changes: ChangeSet,
    versions: Sequence[FileVersion],
    baseline: Baseline,
    allowed: Sequence[str],
) -> tuple[str, ...]:
    """One line for each objection that the user has waived with ``--allow``.

    Raises :class:`RefusedError` for the others: changed settings of the repository, and secrets, big files
    or repositories among what would be committed.
    """
    settings = waived_settings(git, number, baseline, allowed)
    held = held_paths(git, changes, versions, allowed=allowed)
    if held:
        lines = (f"{path.path} {path.reason}. {path.how_to_allow}" for path in held)
        raise RefusedError(PathsHeld(number=number, lines=tuple(lines)))
    waived = held_paths(git, changes, versions) if allowed else ()
    return (*settings, *(f"{path.path} {path.reason}" for path in waived))


def waived_settings(git: Git, number: int, baseline: Baseline, allowed: Sequence[str]) -> tuple[str, ...]:
    """One line for each changed setting of the repository that the user allows; refused for the others."""
    settings = changed_settings(git, baseline.settings)
    objected = [change for change in settings if change.name not in allowed]
    if objected:
        lines, names = (change.sentence for change in objected), (change.name for change in objected)
        raise RefusedError(SettingsChanged(number=number, lines=tuple(lines), names=tuple(names)))
    return tuple(change.sentence for change in settings)
