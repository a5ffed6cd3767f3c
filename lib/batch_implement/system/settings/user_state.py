"""What the user answered once and for all projects: ``~/.autonomous-dev/user_state.json``.

Other programs keep answers of their own in that file; they are left as they are.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import Folder
from batch_implement.system.files.json_file import parse_object, set_aside, to_bytes
from batch_implement.system.files.strict_json import NotJsonError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

FOLDER_NAME = ".autonomous-dev"
FILE_NAME = "user_state.json"
_LOCK_NAME = "user_state.lock"
_LOCK_SECONDS = 10.0


@dataclass(frozen=True)
class UserState:
    """The answers in a home folder.

    A symbolic link in place of the folder or the file is refused with :class:`PathError`; the file has
    mode 0600 after every write, whatever it had before.
    """

    home: Path

    def read(self) -> dict[str, object]:
        """All answers. None for a missing file, nor for one that holds no JSON object."""
        try:
            with Folder.open(self.home, FOLDER_NAME) as folder:
                return parse_object(folder.read(FILE_NAME))
        except (FileNotFoundError, NotJsonError):
            return {}

    @property
    def path(self) -> Path:
        return self.home / FOLDER_NAME / FILE_NAME

    def forget(self, names: Iterable[str]) -> bool:
        """Take answers back, and what is then empty away; whether there was one."""
        gone = set(names)
        if gone.isdisjoint(self.read()):
            return False
        with Folder.open(self.home, FOLDER_NAME) as folder:
            with locked(folder, _LOCK_NAME, _LOCK_SECONDS) as lock:
                kept = {name: value for name, value in self.read().items() if name not in gone}
                lock.confirm()
                if kept:
                    folder.write(FILE_NAME, to_bytes(kept))
                    return True
                folder.remove(FILE_NAME)
                folder.remove(_LOCK_NAME)
            with contextlib.suppress(OSError):  # another program keeps something there
                self.path.parent.rmdir()
        return True

    def update(self, answers: Mapping[str, object], *, now: Callable[[], datetime] | None = None) -> str:
        """Change some answers in one step and keep the others.

        The name under which an unreadable file was set aside is returned, else ``""``.
        """
        with (
            Folder.open(self.home, FOLDER_NAME, create=True) as folder,
            locked(folder, _LOCK_NAME, _LOCK_SECONDS) as lock,
        ):
            aside = ""
            try:
                state = parse_object(folder.read(FILE_NAME))
            except FileNotFoundError:
                state = {}
            except NotJsonError:
                state = {}
                aside = set_aside(folder, FILE_NAME, (now or _utc_now)())
            folder.write(FILE_NAME, to_bytes({**state, **answers}), before_replace=lock.confirm)
            return aside


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)
