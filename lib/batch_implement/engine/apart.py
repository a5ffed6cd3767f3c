"""What a check sees and no commit has: what git ignores, or was told not to look at. The tree judges it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.delivery.guard import is_allowed
from batch_implement.model.refusals import IgnoredFiles, RefusedError, SettingsChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.workspace.change_set import ChangeSet
    from batch_implement.workspace.repository_settings import SettingChange


@dataclass(frozen=True)
class Apart:
    """Since the feature began. Of ``new`` and ``changed`` paths some are ``made``, by builds and runs or by
    taking a file out of the index: those are no objection where the tree can't be run. ``hidden`` are files
    that git was told not to look at."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    hidden: tuple[SettingChange, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted({*self.new, *self.changed, *self.made}))

    @property
    def is_there(self) -> bool:
        return bool(self.paths or self.hidden)

    @property
    def lines(self) -> tuple[str, ...]:
        ignored = (f"{path} is ignored by git" for path in self.paths)
        return (*ignored, *(f"{change.name}: {change.now}" for change in self.hidden))

    def require_nothing(self, number: int) -> None:
        """Raises :class:`RefusedError` for what nobody can judge, where the tree was not run."""
        if self.hidden:
            raise settings_changed(number, self.hidden)
        if self.new or self.changed:
            raise RefusedError(IgnoredFiles(number=number, new=self.new, changed=self.changed))


def settings_changed(number: int, changes: Sequence[SettingChange]) -> RefusedError:
    lines, names = (change.sentence for change in changes), (change.name for change in changes)
    return RefusedError(SettingsChanged(number=number, lines=tuple(lines), names=tuple(names)))


def apart_from_commit(
    changes: ChangeSet, hidden: tuple[SettingChange, ...], allowed: Sequence[str]
) -> tuple[Apart, tuple[str, ...]]:
    """And one line for each path that a person has allowed."""
    since = changes.ignored_since
    waived = tuple(path for path in (*since.new, *since.changed) if is_allowed(path, allowed))
    kept = tuple(change.path for change in changes.mine if change.kept_on_disk)
    apart = Apart(
        new=tuple(path for path in since.new if path not in waived),
        changed=tuple(path for path in since.changed if path not in waived),
        made=tuple(dict.fromkeys((*kept, *since.outputs))),
        hidden=hidden,
    )
    return apart, tuple(f"{path} is ignored by git" for path in waived)
