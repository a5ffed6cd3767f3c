"""Wakes the idle session that owns the batch when its wait is over; runs beside an interactive session."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.errors import BatchImplementError
from batch_implement.oversight.monitor_presence import announce_monitor
from batch_implement.oversight.waits import claim_wake
from batch_implement.presentation.standing import MARK
from batch_implement.state.find_home import find_home
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile
from batch_implement.system import clock

if TYPE_CHECKING:
    from batch_implement.model.batch import Batch
    from batch_implement.model.transition import Transition
    from batch_implement.oversight.session import Session

POLL_SECONDS = 2.0
WAIT_IS_OVER = f"{MARK} The wait is over. Run: batch-implement next"


def watch_from(folder: str, session: Session) -> None:
    """Watch the batch that is, or will be, at work in a folder; outside of a project there is nothing to."""
    try:
        home = find_home(Path(folder)).home
    except FileNotFoundError:
        return
    watch(home, session)


def watch(home: Path, session: Session) -> None:
    """Print one line when the wait is over; end with the client, which leaves monitors behind when killed."""
    parent = os.getppid()
    state = StateFile(state_file(home))
    announce_monitor(home, session)
    while os.getppid() == parent:
        if wakes_now(state, session):
            print(WAIT_IS_OVER, flush=True)  # noqa: T201 -- its answer
        time.sleep(POLL_SECONDS)


def wakes_now(state: StateFile, session: Session) -> bool:
    """Whether this monitor is the one to wake its session now: the first to take the wait off the state."""
    claimed = False

    def claim(batch: Batch) -> Transition:
        nonlocal claimed
        transition = claim_wake(batch, clock.utc_now(), session)
        claimed = transition.after is not None
        return transition

    try:
        if state.exists() and state.read().waits:
            state.update(claim)
    except (BatchImplementError, OSError):
        return False  # the batch has ended meanwhile, or its state is being mended
    return claimed
