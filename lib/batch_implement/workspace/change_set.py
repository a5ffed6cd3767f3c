"""What a feature changed, apart from the user's own work and from leftovers."""

from __future__ import annotations

from dataclasses import dataclass, field

from batch_implement.workspace.ignored import IgnoredSince


@dataclass(frozen=True)
class Change:
    """One path that differs.

    ``kind`` is ``added``, ``modified`` or ``deleted``; or, for what can't be committed as it is,
    ``submodule`` (changed content inside one) or ``repository`` (an untracked clone). ``pending`` is
    False for what was already committed since the baseline. ``kept_on_disk`` marks a deletion from the
    index alone (``git rm --cached``). ``before`` is the id of the ordinary file that the baseline has under
    the path, ``""`` where it has none.
    """

    path: str
    kind: str
    pending: bool = True
    kept_on_disk: bool = False
    before: str = ""


@dataclass(frozen=True)
class ChangeSet:
    """Every path that differs from the baseline, by whose it is.

    ``mine`` is the feature's; ``users`` is the user's and as it was; ``touched_users`` was the user's and
    has been changed, committed or lost since; ``left_out`` are leftovers and the batch's own files.
    ``commits`` were made since the baseline, oldest first; ``head`` is the last of them, or the baseline's
    own, and ``""`` before the first commit. ``ignored_since`` takes part in a check and in no commit.
    """

    mine: tuple[Change, ...] = ()
    users: tuple[Change, ...] = ()
    touched_users: tuple[Change, ...] = ()
    left_out: tuple[Change, ...] = ()
    commits: tuple[str, ...] = ()
    head: str = ""
    ignored_since: IgnoredSince = field(default_factory=IgnoredSince)

    @property
    def pending(self) -> tuple[Change, ...]:
        """The feature's changes that no commit holds yet."""
        return tuple(change for change in self.mine if change.pending)
