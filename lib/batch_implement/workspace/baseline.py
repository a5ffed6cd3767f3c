"""The repository at the moment a feature began."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from batch_implement.model.attempt import Baseline as Record

if TYPE_CHECKING:
    from collections.abc import Mapping

_ESCAPED = re.compile(rb"\\(\\|x[0-9a-f]{2})")


@dataclass(frozen=True)
class Baseline:
    """``commit`` is ``""`` before the first commit, ``branch`` is ``""`` on a detached HEAD.

    ``users`` maps each path that was changed or untracked then to its content id; ``settings`` are those
    that :func:`batch_implement.workspace.repository_settings.take_settings` watches.
    """

    commit: str
    branch: str
    users: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)


def to_record(baseline: Baseline) -> Record:
    """For the state, which has no words for a name that is not UTF-8."""
    return Record(
        commit=baseline.commit,
        branch=baseline.branch,
        users={portable_path(path): content for path, content in baseline.users.items()},
        settings={portable_path(name): digest for name, digest in baseline.settings.items()},
    )


def from_record(record: Record | None) -> Baseline:
    """What :func:`to_record` was given; an attempt of an early version may have none."""
    if record is None:
        return Baseline("", "")
    return Baseline(
        commit=record.commit,
        branch=record.branch,
        users={from_portable_path(path): content for path, content in record.users.items()},
        settings={from_portable_path(name): digest for name, digest in record.settings.items()},
    )


def portable_path(path: str) -> str:
    r"""A path as valid text: ``\`` is doubled, a byte that is not UTF-8 becomes ``\xNN``."""
    return os.fsencode(path.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")


def from_portable_path(text: str) -> str:
    """The path that :func:`portable_path` was given."""

    def unescape(match: re.Match[bytes]) -> bytes:
        escaped = match[1]
        return b"\\" if escaped == b"\\" else bytes([int(escaped[1:], 16)])

    return os.fsdecode(_ESCAPED.sub(unescape, text.encode()))
