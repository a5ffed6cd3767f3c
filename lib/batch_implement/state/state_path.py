"""Where a state file may be: below a project's root, under a name that can be shown."""

from __future__ import annotations

import os

from batch_implement.errors import BatchStateError
from batch_implement.state.home import root_of


def below_project(path: str | os.PathLike[str]) -> tuple[str, list[str]]:
    """The project's root and the names from there to the file; a relative path starts at the root.

    The root is found by the path as it is written: a link on the way is refused when it is opened, not
    followed here. Raises :class:`BatchStateError` for a path outside of any project, and for one that
    steps back or has control characters.
    """
    text = os.fspath(path)
    if ".." in text.split("/") or "\0" in text:
        raise _refused(text)
    root = root_of(os.path.dirname(text)) if os.path.isabs(text) else _root_of_this_folder()
    if not root:
        raise BatchStateError(f"{text} is outside the project. A state file lies below the project's root.")
    below = text[len(root) :] if os.path.isabs(text) else text
    names = [name for name in below.split("/") if name not in {"", "."}]
    if not names or not all(name.isprintable() for name in names):
        raise _refused(text)
    return root, names


def _root_of_this_folder() -> str:
    from batch_implement.state.find_home import find_root  # noqa: PLC0415 -- loads pathlib

    try:
        return str(find_root())
    except FileNotFoundError:
        return ""


def _refused(path: str) -> BatchStateError:
    return BatchStateError(f"{path!r} can't be a state file: name a file in the project, without '..'.")
