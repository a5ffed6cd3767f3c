"""The project a call is made in: its batch and its settings, and the tree that is worked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from batch_implement.oversight.ownership import NO_SESSION, Session
from batch_implement.state.find_home import find_home
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile
from batch_implement.system.clock import utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.system.clock import Clock
    from batch_implement.system.git.git import Git
    from batch_implement.system.settings.config import Config


@dataclass(frozen=True)
class Project:
    """State, reports, check runs and the settings lie below ``home``; git is opened in ``workspace``.

    They are one folder in the main tree. A lane's home is the main tree it was made from.
    """

    home: Path
    workspace: Path
    session: Session = NO_SESSION
    now: Clock = utc_now

    @classmethod
    def find(cls, start: Path | None = None, session: Session | None = None) -> Project:
        """The project around a folder; raises :class:`FileNotFoundError` when there is none."""
        place = find_home(start)
        return cls(place.home, place.workspace, session or NO_SESSION)

    @cached_property
    def state(self) -> StateFile:
        return StateFile(state_file(self.home), now=self.now)

    @cached_property
    def git(self) -> Git:
        from batch_implement.system.git.git import Git  # noqa: PLC0415 -- not every call needs git

        return Git.open(self.workspace)

    @cached_property
    def config(self) -> Config:
        from batch_implement.system.settings.config import load_config  # noqa: PLC0415 -- the same

        return load_config(self.home)
