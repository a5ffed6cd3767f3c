"""What the plugin made outside of projects is removed again; its counterpart is the installer."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.system.settings.consent import GIT, RETRIES
from batch_implement.system.settings.user_state import UserState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME = "batch-implement"
# Nothing else of either folder: a variable may make it one that others use too.
_IN_HOME = ("env", "env-*", "old-*", "pycache", "env.lock")
_IN_CACHE = ("claude-code-*", ".claude-code-*")
# Longer than a check may take: what is younger may be in use.
_ABANDONED_SECONDS = 2 * 86400


def uninstall(environment: Mapping[str, str], user: Path) -> tuple[Path, ...]:
    """Remove it all; returns what was there. ``user`` is the home folder.

    Of the answers that were kept beside other programs', only ours go.
    """
    home = Path(environment.get("BATCH_IMPLEMENT_HOME") or _data(environment, user) / _NAME)
    cache = Path(environment.get("XDG_CACHE_HOME") or user / ".cache") / _NAME
    removed = [*_remove(home, _IN_HOME), *_remove(cache, _IN_CACHE), *_abandoned()]
    answers = UserState(user)
    if answers.forget(subject.stored_key for subject in (RETRIES, GIT)):
        removed.append(answers.path)
    return tuple(removed)


def _data(environment: Mapping[str, str], user: Path) -> Path:
    return Path(environment.get("XDG_DATA_HOME") or user / ".local/share")


def _remove(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for path in sorted(found for pattern in patterns for found in folder.glob(pattern)):
        if _removed(path):
            yield path
    with contextlib.suppress(OSError):  # it holds what is not ours, or was never there
        folder.rmdir()


def _abandoned() -> Iterator[Path]:
    """Temporary folders of calls that were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{_NAME}-*"):
        with contextlib.suppress(OSError):
            if time.time() - path.lstat().st_mtime > _ABANDONED_SECONDS and _removed(path):
                yield path


def _removed(path: Path) -> bool:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return not path.exists()
