"""The repository at the moment a feature began."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from batch_implement.model.attempt import Baseline as Record

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from batch_implement.model.attempt import Ground

_ESCAPED = re.compile(rb"\\(\\|x[0-9a-f]{2})")


@dataclass(frozen=True)
class Baseline:
    """``commit`` is ``""`` before the first commit, ``branch`` is ``""`` on a detached HEAD.

    ``users`` maps each path that was changed or untracked then to its content id; ``settings`` are those
    that :func:`batch_implement.workspace.repository_settings.take_settings` watches, ``ignored`` is what
    :mod:`batch_implement.workspace.ignored` saw, None where it was not looked at.
    """

    commit: str
    branch: str
    users: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    ignored: Mapping[str, str] | None = None


def to_record(baseline: Baseline) -> Record:
    """For the state, which has no words for a name that is not UTF-8."""
    return Record(
        commit=baseline.commit,
        branch=baseline.branch,
        users=_portable(baseline.users),
        settings=_portable(baseline.settings),
        ignored=None if baseline.ignored is None else _portable(baseline.ignored),
    )


def from_record(record: Record | None) -> Baseline:
    """What :func:`to_record` was given; an attempt of an early version may have none."""
    if record is None:
        return Baseline("", "")
    return Baseline(
        commit=record.commit,
        branch=record.branch,
        users=_known(record.users),
        settings=_known(record.settings),
        ignored=None if record.ignored is None else _known(record.ignored),
    )


def continued(fresh: Baseline, ground: Ground, *, tracked: Collection[str]) -> Baseline:
    """The baseline of an attempt that follows another: only what that one's had, or accepted, is the user's.

    ``tracked`` are those of the changed paths that HEAD has: changed since the last attempt, they are looked
    at in this one. What is untracked can get into no commit, and a check may have written it.
    """
    before = {from_portable_path(path) for path in ground.users}
    has_failed = ground.ignored is not None
    moved = not ground.commit or ground.branch != fresh.branch

    def is_users(path: str) -> bool:
        """A repository of its own is none that a check has written, and can't be set aside."""
        return path in before or not (has_failed or path in tracked or path.endswith("/"))

    return Baseline(
        commit=fresh.commit if moved else ground.commit,
        branch=fresh.branch,
        users={path: known for path, known in fresh.users.items() if is_users(path)},
        settings=fresh.settings if ground.settings is None else _known(ground.settings),
        ignored=fresh.ignored if ground.ignored is None else _known(ground.ignored),
    )


def _portable(names: Mapping[str, str]) -> dict[str, str]:
    return {portable_path(name): known for name, known in names.items()}


def _known(names: Mapping[str, str]) -> dict[str, str]:
    return {from_portable_path(name): known for name, known in names.items()}


def portable_path(path: str) -> str:
    r"""A path as valid text: ``\`` is doubled, a byte that is not UTF-8 becomes ``\xNN``."""
    return os.fsencode(path.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")


def from_portable_path(text: str) -> str:
    """The path that :func:`portable_path` was given."""

    def unescape(match: re.Match[bytes]) -> bytes:
        escaped = match[1]
        return b"\\" if escaped == b"\\" else bytes([int(escaped[1:], 16)])

    return os.fsdecode(_ESCAPED.sub(unescape, text.encode()))
