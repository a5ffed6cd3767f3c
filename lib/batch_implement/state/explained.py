"""What the operating system refuses, as a sentence about the state file."""

from __future__ import annotations

import errno

from batch_implement.errors import BatchStateError, CorruptStateError, PathError
from batch_implement.system.files.folder import NotDurableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_CURES = {
    errno.ENOSPC: "Free some disk space.",
    errno.EDQUOT: "Your quota is used up: free some space.",
    errno.EROFS: "The file system is read-only: make it writable.",
    errno.EACCES: "Make the folder and what is in it yours and writable.",
    errno.EPERM: "Make the folder and what is in it yours and writable.",
    errno.EFBIG: "The limit for the size of a file (ulimit -f) is too small: raise it.",
    errno.EMFILE: "This process has too many files open: raise the limit (ulimit -n).",
    errno.ENFILE: "The machine has too many files open: end what is not needed.",
    errno.EIO: "The disk reports an error: look at the system's log.",
    errno.ENOTDIR: "Something that is not a folder is in the way: move it.",
}


class Explained:
    """For a ``with`` statement in which ``path`` is read or written: errors leave it as sentences.

    ``doing`` completes "Could not …"; ``missing`` makes the sentence for when there is no such file.
    """

    def __init__(self, path: object, doing: str, missing: Callable[[], str] | None = None) -> None:
        self._path = path
        self._doing = doing
        self._missing = missing

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, FileNotFoundError) and self._missing is not None:
            raise BatchStateError(self._missing()) from error
        if isinstance(error, NotDurableError):
            raise BatchStateError(
                f"{self._path} was changed, but the disk does not confirm it ({error.strerror}), so a power "
                f"failure could undo the change. {_cure(error)}"
            ) from error
        if isinstance(error, OSError):
            raise BatchStateError(
                f"Could not {self._doing} {self._path}: {error.strerror}. {_cure(error)} "
                "The state is as it was."
            ) from error
        if isinstance(error, PathError):
            raise BatchStateError(str(error)) from error
        if isinstance(error, CorruptStateError) and str(self._path) not in str(error):
            raise CorruptStateError(f"{self._path} can't be used: {error}.") from error


def _cure(error: OSError) -> str:
    return _CURES.get(error.errno or 0, "Look at the file and its folder.")
