"""Where the project begins, and where the batch keeps its state."""

from __future__ import annotations

from pathlib import Path

CLAUDE_FOLDER = ".claude"
STATE_NAME = "batch_state.json"


def get_project_root(start: Path | None = None) -> Path:
    """The nearest folder at or above ``start`` with a ``.git``; without one, the nearest with a ``.claude``.

    A command run from a subfolder, or from a package of a monorepo with a ``.claude`` of its own, so
    finds the same root as the session. Raises :class:`FileNotFoundError` outside of any project.
    """
    here = (start or Path.cwd()).resolve()
    for marker in (".git", CLAUDE_FOLDER):
        for folder in (here, *here.parents):
            if (folder / marker).exists():
                return folder
    raise FileNotFoundError(
        f"{here} is not in a project: no folder at or above it has a .git or a .claude. "
        "Run this in a git repository (git init makes one)."
    )


def get_batch_state_file(start: Path | None = None) -> Path:
    """The state file's path, whether it is there or not.

    From inside a nested repository (a submodule, a clone below the project) the batch of the project
    around it is found, if there is one.
    """
    root = get_project_root(start)
    for folder in (root, *root.parents):
        if (folder / CLAUDE_FOLDER / STATE_NAME).is_file():
            return folder / CLAUDE_FOLDER / STATE_NAME
    return root / CLAUDE_FOLDER / STATE_NAME
