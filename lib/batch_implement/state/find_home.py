"""From any folder to the home of its batch, and to the tree that is worked.

A batch belongs to the checkout it was begun in, whose top is its home:

- From a subfolder, or through a link to the project or to a folder of it, the checkout's top is found.
- A clone below the project is a checkout of its own, and so is a worktree that the user made, inside the
  project or beside it: the batch of the project around it, or of the main checkout, isn't theirs. Features
  are worked there by other sessions, on other branches.
- A submodule is a part of its project, which tracks it: from it the batch of the project is found, unless
  it has one of its own. Where neither has one, a batch begun there is the submodule's.
- A lane, a worktree that we made, finds the home that it was marked with (``lane_marker``).
- Without git the nearest ``.claude`` with a batch in it counts, else the nearest ``.claude``. The one in the
  user's home folder is Claude Code's own, and marks a project only while a batch is in it.
- ``/`` is a folder like any other. One that is gone, or can't be entered, is in no project.

``hooks/guard`` follows the same rule in plain shell, and a table of the tests holds both to it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from batch_implement.state.home import batch_at_or_above, checkout_of, has_batch, root_of
from batch_implement.state.lane_marker import home_of_lane
from batch_implement.system.git.git_file import git_dir_of, is_submodule


@dataclass(frozen=True)
class Place:
    """``home`` is where the batch's state lies, ``workspace`` the top of the tree that is worked."""

    home: Path
    workspace: Path


def find_home(start: Path | None = None) -> Place:
    """The place of the batch that is, or would be, at work in a folder.

    Raises :class:`FileNotFoundError` outside of any project.
    """
    here = _entered(start or Path.cwd())
    if checkout := checkout_of(here):
        home, workspace = _of_checkout(checkout)
    else:
        home = workspace = batch_at_or_above(here) or _root_of(here)
    return Place(Path(home), Path(workspace))


def find_root(start: Path | None = None) -> Path:
    """The top of the checkout that a folder is in; without git, the nearest folder with a ``.claude``.

    Raises :class:`FileNotFoundError` outside of any project.
    """
    return Path(_root_of(_entered(start or Path.cwd())))


def _root_of(folder: str) -> str:
    if root := root_of(folder):
        return root
    raise FileNotFoundError(
        f"{folder} is not in a project: no folder at or above it has a .git or a .claude. "
        "Run this in a git repository (git init makes one)."
    )


def _entered(folder: Path) -> str:
    """The folder without links, as ``cd -P`` would have it."""
    try:
        os.stat(os.path.join(folder, "."))
    except OSError as error:
        raise FileNotFoundError(
            f"{folder} is not in a project: it can't be entered ({error.strerror})."
        ) from error
    return os.path.realpath(folder)


def _of_checkout(top: str) -> tuple[str, str]:
    """Home and workspace."""
    git_dir = git_dir_of(top)
    if home := home_of_lane(git_dir):
        return home, top
    around = checkout_of(os.path.dirname(top)) if is_submodule(git_dir) and not has_batch(top) else ""
    if around not in {"", top}:
        home, workspace = _of_checkout(around)
        if has_batch(home):
            return home, workspace
    return top, top
