"""The monitor, started as Claude Code starts it, finds the batch from wherever its session is."""

from __future__ import annotations

import os
import select
import subprocess
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest
from tests.plugin import ROOT

from batch_implement.model.transition import Transition
from batch_implement.oversight.session import Session
from batch_implement.oversight.waits import wait_until, with_wait
from batch_implement.system.process.identity import identity

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batches import Batch
    from tests.plugin import Plugin


def _start(plugin: Plugin, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(ROOT / "monitors/wake-up"), str(folder)],
        env={
            "PATH": os.environ["PATH"],
            "BATCH_IMPLEMENT_HOME": str(plugin.home),
            "CLAUDE_CODE_SESSION_ID": "owner",
            "CLAUDE_PID": str(os.getpid()),
        },
        stdout=subprocess.PIPE,
    )


@pytest.mark.parametrize("place", [".", "packages/web"])
def test_it_wakes_the_session_wherever_in_the_project_that_began(
    batch: Batch, plugin: Plugin, place: str
) -> None:
    (batch.root / "packages/web").mkdir(parents=True)
    batch.begin(session=Session("owner", identity(os.getpid()), attended=True))
    wait = wait_until(datetime.now(timezone.utc), 0, "a limit")
    batch.project.state.update(lambda current: Transition("waiting", with_wait(current, wait)))
    with _start(plugin, batch.root / place) as monitor:
        assert monitor.stdout is not None
        spoken, _, _ = select.select([monitor.stdout], [], [], 60)
        line = monitor.stdout.readline() if spoken else b""
        monitor.kill()
    assert b"The wait is over." in line
    assert not (batch.root / "packages/web/.claude").exists()


def test_outside_of_a_project_it_ends_and_leaves_nothing(plugin: Plugin, tmp_path: Path) -> None:
    with _start(plugin, tmp_path) as monitor:
        assert monitor.wait(60) == 0
    assert list(tmp_path.iterdir()) == []
