"""Ending a check's run with all that it started, from outside and by itself."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any

from batch_implement.system.process import identity
from batch_implement.system.process.group import end_group, end_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.proof.check_files import RunFiles

_POLL = 0.05
_GRACE = 2.0


def is_alive(run: Mapping[str, Any]) -> bool:
    """Whether the process that makes a run is there."""
    return identity.live_process(str(run.get("worker", ""))) > 0


def end_run(files: RunFiles) -> None:
    """End a run and what it started, which goes on when only the run itself was killed."""
    run = files.read()
    if "result" in run:
        return
    worker = identity.live_process(str(run.get("worker", "")))
    if worker:
        os.kill(worker, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE
        while is_alive(run) and time.monotonic() < deadline:
            time.sleep(_POLL)
        run = files.read()
    for note in (run.get("worker", ""), *run.get("groups", ())):
        leader = identity.live_process(str(note))
        if leader:
            end_tree(leader)


class EndWithChild:
    """On SIGTERM, end the groups of the check too: even one that began a moment ago and is noted nowhere."""

    def __init__(self) -> None:
        self._groups: list[int] = []
        self._asked = False
        signal.signal(signal.SIGTERM, self._end)

    def child_began(self, group: int) -> None:
        self._groups.append(group)
        if self._asked:
            self._end()

    def _end(self, *_: object) -> None:
        self._asked = True
        for group in self._groups:
            end_group(group)
        if self._groups:
            os._exit(1)
