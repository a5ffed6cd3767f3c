"""What is looked at before a feature is believed, beyond its check: the paths it changed, and the
repository's settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.delivery.guard import held_paths
from batch_implement.engine.apart import Apart, apart_from_commit, settings_changed
from batch_implement.model.refusals import PathsHeld, RefusedError
from batch_implement.workspace.repository_settings import changed_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.system.git.git import Git
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import ChangeSet
    from batch_implement.workspace.file_versions import FileVersion
    from batch_implement.workspace.repository_settings import SettingChange


@dataclass(frozen=True)
class LetThrough:
    """``waived``: one line for each objection that the user has waived with ``--allow``. ``apart`` is for the
    tree to judge."""

    waived: tuple[str, ...]
    apart: Apart


def let_through(
    git: Git,
    number: int,
    changes: ChangeSet,
    versions: Sequence[FileVersion],
    baseline: Baseline,
    allowed: Sequence[str],
) -> LetThrough:
    """Raises :class:`RefusedError` for changed settings of the repository, and for secrets, big files or
    repositories among what would be committed, that no person has waived."""
    settings, hidden = _settings(git, number, baseline, allowed)
    held = held_paths(git, changes, versions, allowed=allowed)
    if held:
        lines = (f"{path.path} {path.reason}. {path.how_to_allow}" for path in held)
        raise RefusedError(PathsHeld(number=number, lines=tuple(lines)))
    waived = held_paths(git, changes, versions) if allowed else ()
    apart, ignored = apart_from_commit(changes, hidden, allowed)
    return LetThrough((*settings, *(f"{path.path} {path.reason}" for path in waived), *ignored), apart)


def require_settings(
    git: Git, number: int, baseline: Baseline, allowed: Sequence[str], *, beside: Sequence[str]
) -> None:
    """Raises :class:`RefusedError` for settings that are not as they were. Where something lay ``beside`` the
    tree it was run for itself, whatever is hidden from git by now."""
    _, hidden = _settings(git, number, baseline, allowed)
    if hidden and not beside:
        raise settings_changed(number, hidden)


def _settings(
    git: Git, number: int, baseline: Baseline, allowed: Sequence[str]
) -> tuple[tuple[str, ...], tuple[SettingChange, ...]]:
    """One line for each changed setting that the user allows, and what hides files from git; refused for the
    others."""
    settings = changed_settings(git, baseline.settings)
    others = [change for change in settings if change.name not in allowed]
    hidden = tuple(change for change in others if change.kind == "hidden")
    if len(others) > len(hidden):
        raise settings_changed(number, others)
    return tuple(change.sentence for change in settings if change.name in allowed), hidden
