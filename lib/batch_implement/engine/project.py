"""The project a call is made in: its home, its repository, its settings and its batch."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from batch_implement.errors import BatchStateError
from batch_implement.oversight.session import NO_SESSION, Session
from batch_implement.proof.checker import Checker
from batch_implement.state.find_home import find_home
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile
from batch_implement.system.clock import utc_now
from batch_implement.system.git.git import Git
from batch_implement.system.process.started_with import environment_of
from batch_implement.system.settings.config import Config, load_config

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from batch_implement.engine.happenings import Happening
    from batch_implement.system.clock import Clock


Observer: TypeAlias = "Callable[[Project, Happening], None]"


def ignore(_project: Project, _happening: Happening) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Project:
    """``home`` is the folder whose ``.claude`` holds the batch's state, beside the settings in force;
    ``workspace`` is the top of the tree in which features are worked, and whose git it is.

    ``observe`` is told what somebody may want to hear of.
    """

    home: Path
    workspace: Path
    session: Session = NO_SESSION
    now: Clock = utc_now
    observe: Observer = ignore

    @classmethod
    def find(
        cls, start: Path | None = None, session: Session = NO_SESSION, observe: Observer = ignore
    ) -> Project:
        """The project around a folder; raises :class:`FileNotFoundError` when there is none."""
        place = find_home(start)
        return cls(place.home, place.workspace, session, observe=observe)

    @cached_property
    def state(self) -> StateFile:
        return StateFile(state_file(self.home), now=self.now)

    @cached_property
    def git(self) -> Git:
        return Git.open(self.workspace)

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """What settings are read from and checks are started with: that of the Claude Code that the batch
        belongs to, as it was started, so that no call has a say in its own proof. Without one, the caller's.
        """
        return environment_of(self._owner()) or environment_of(self.session.client) or os.environ

    def _owner(self) -> str:
        """The client that the batch belongs to; nothing where there is none, or it can't be read."""
        try:
            owner = self.state.read().owner if self.state.exists() else None
        except BatchStateError:
            return ""
        return owner.client if owner is not None else ""

    @cached_property
    def config(self) -> Config:
        return load_config(self.home, self.environment)

    @cached_property
    def checker(self) -> Checker:
        timeout = self.config.number("BATCH_VERIFY_TIMEOUT")
        return Checker(self.home, self.git, timeout, self.environment)
