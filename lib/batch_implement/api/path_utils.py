"""The documented calls for a project's root and its state's place; ``docs/batch-state.md`` has the rule."""

from __future__ import annotations

from pathlib import Path

from batch_implement.state.find_home import find_home
from batch_implement.state.find_home import find_root as get_project_root
from batch_implement.state.home import state_file

__all__ = ["get_batch_state_file", "get_project_root"]


def get_batch_state_file(start: Path | None = None) -> Path:
    """Where the state of the batch lies, or would lie, that is worked in a folder.

    Raises :class:`FileNotFoundError` outside of any project.
    """
    return Path(state_file(find_home(start).home))
