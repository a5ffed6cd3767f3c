"""A command that waits for more than two seconds says for what, and for how long."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.plugin import ROOT

from batch_implement.presentation.waiting import waiting_line
from batch_implement.system.patience import Delay
from batch_implement.system.process.program import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.batches import Batch
    from tests.plugin import Plugin

    from batch_implement.system.patience import Kind

pytestmark = pytest.mark.slow

HOLD = """
import sys, time
from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import Folder
with Folder.open(sys.argv[1], ".claude") as folder, locked(folder, "batch_state.json.lock", 5):
    print("held", flush=True)
    time.sleep(20)
"""


@pytest.fixture
def holder(batch: Batch) -> Iterator[subprocess.Popen[str]]:
    """The state's lock, held by another process until that is killed."""
    batch.begin()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(batch.root)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "lib")},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_for_the_state_that_another_process_holds(
    batch: Batch, plugin: Plugin, holder: subprocess.Popen[str]
) -> None:
    with subprocess.Popen(
        [str(ROOT / "bin/batch-implement"), "pause"],
        cwd=batch.root,
        env={**os.environ, "BATCH_IMPLEMENT_HOME": str(plugin.home), "CLAUDECODE": "1"},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as pausing:
        assert pausing.stderr is not None
        said = pausing.stderr.readline()
        holder.kill()
        assert (pausing.wait(), pausing.stderr.read()) == (0, "")
    assert said.startswith(
        f"batch-implement: Another process holds {batch.root}/.claude/batch_state.json.lock"
    )
    assert said.endswith("; waiting for it, 30s at most …\n")
    assert batch.fields["status"] == "paused"


@pytest.fixture
def checking(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """Its check, which takes seconds, has just begun."""
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "sleep 5")
    batch.begin(wait=0.0)
    return batch


def test_nobody_is_told_who_does_not_look(checking: Batch, plugin: Plugin) -> None:
    answer = plugin.command(checking.root, "next")
    assert (answer.status, answer.stderr) == (0, "")


def test_for_a_check_that_takes_long(checking: Batch, plugin: Plugin) -> None:
    answer = plugin.command(checking.root, "next", CLAUDECODE="1")
    said = "batch-implement: The check is running: sleep 5. It is waited for 1m 40s at most"
    assert said in answer.stderr


def test_for_a_program_that_takes_long(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    batch.work(1)
    hook = batch.root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nsleep 3\n")
    hook.chmod(0o755)
    answer = plugin.command(batch.root, "done", "1", "--message", "feat: x", CLAUDECODE="1")
    assert answer.status == 0
    assert "batch-implement: git " in answer.stderr
    assert " is running, " in answer.stderr


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("index", "Another git holds it"),
        ("worker", "The agent of feature it is at work"),
        ("time", "Nothing may be tried before it"),
    ],
)
def test_every_wait_is_one_line_with_its_time(kind: Kind, words: str) -> None:
    line = waiting_line(Delay(kind, "it", 90))
    assert words in line
    assert "1m 30s" in line
    assert len(waiting_line(Delay(kind, "a\nb" * 1000, 1)).splitlines()) == 1


def test_a_command_line_is_named_by_what_it_does() -> None:
    assert called(["git", "--no-pager", "-c", "a=b", "-c", "c d", "push", "origin"]) == "git push"
    assert called(["/usr/bin/gh"]) == "gh"
    assert called(["env", "-i", "HOME=/x", "/y/claude", "--print"]) == "env claude"
