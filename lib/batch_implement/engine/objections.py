"""What is looked at before a feature is believed, beyond its check: the paths it changed, and the checks'
own strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.guard import held_paths, is_allowed
from batch_implement.model.refusals import IgnoredFiles, PathsHeld, RefusedError, SettingsChanged
from batch_implement.workspace.repository_settings import changed_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.system.git.git import Git
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import ChangeSet
    from batch_implement.workspace.file_versions import FileVersion
    from batch_implement.workspace.ignored import IgnoredSince


def let_through(
    git: Git,
    number: int,
    changes: ChangeSet,
    versions: Sequence[FileVersion],
    baseline: Baseline,
    allowed: Sequence[str],
) -> tuple[str, ...]:
    """One line for each objection that the user has waived with ``--allow``.

    Raises :class:`RefusedError` for the others: changed settings of the repository, secrets, big files or
    repositories among what would be committed, and files that git ignores.
    """
    settings = waived_settings(git, number, baseline, allowed)
    held = held_paths(git, changes, versions, allowed=allowed)
    if held:
        lines = (f"{path.path} {path.reason}. {path.how_to_allow}" for path in held)
        raise RefusedError(PathsHeld(number=number, lines=tuple(lines)))
    waived = held_paths(git, changes, versions) if allowed else ()
    unseen = _waived_ignored(number, changes.ignored_since, allowed)
    return (*settings, *(f"{path.path} {path.reason}" for path in waived), *unseen)


def _waived_ignored(number: int, since: IgnoredSince, allowed: Sequence[str]) -> tuple[str, ...]:
    new, changed = (
        tuple(path for path in paths if not is_allowed(path, allowed)) for paths in (since.new, since.changed)
    )
    if new or changed:
        raise RefusedError(IgnoredFiles(number=number, new=new, changed=changed))
    return tuple(f"{path} is ignored by git" for path in (*since.new, *since.changed))


def waived_settings(git: Git, number: int, baseline: Baseline, allowed: Sequence[str]) -> tuple[str, ...]:
    """One line for each changed setting of the repository that the user allows; refused for the others."""
    settings = changed_settings(git, baseline.settings)
    objected = [change for change in settings if change.name not in allowed]
    if objected:
        lines, names = (change.sentence for change in objected), (change.name for change in objected)
        raise RefusedError(SettingsChanged(number=number, lines=tuple(lines), names=tuple(names)))
    return tuple(change.sentence for change in settings)
