"""A process is known again by its id, its start and its boot."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from batch_implement.system.process import identity as identity_module
from batch_implement.system.process.identity import descendants, identity, live_process, runs_below


def test_a_living_process_is_known_again() -> None:
    assert live_process(identity(os.getpid())) == os.getpid()


def test_a_process_that_has_ended_is_not() -> None:
    process = subprocess.Popen(["sleep", "100"])
    note = identity(process.pid)
    process.kill()
    process.wait()
    assert live_process(note) == 0


def test_a_process_that_has_ended_and_that_nobody_collected_is_not() -> None:
    process = subprocess.Popen(["sleep", "100"])
    note = identity(process.pid)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it is a zombie now, and stays one
    assert live_process(note) == 0
    process.wait()


def test_a_note_made_of_a_process_that_had_ended_names_none() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    assert live_process(identity(process.pid)) == 0


@pytest.mark.parametrize("note", ["", " ", "x", "-5 1 b", "\u0665 1 b", "9" * 5000, "1 2 3"])
def test_rubbish_names_no_process(note: str) -> None:
    assert live_process(note) == 0


def test_where_nothing_is_known_of_processes_the_id_has_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity_module, "_read", lambda _: "")
    own = os.getpid()
    assert identity(own) == str(own)
    assert live_process(str(own)) == own


def test_a_process_that_ends_while_it_is_looked_at_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(descriptor: int, size: int) -> bytes:
        raise ProcessLookupError

    monkeypatch.setattr(identity_module.os, "read", gone)
    assert identity(7) == "7"


def test_a_process_knows_what_it_started_and_what_that_did() -> None:
    process = subprocess.Popen(["sh", "-c", "sh -c 'sleep 100; true' & echo; wait"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    while len(found := descendants(process.pid)) < 2:
        assert process.poll() is None
    assert len(found) == 2
    for pid in (process.pid, *found):
        os.kill(pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert descendants(process.pid) == []


def test_a_process_runs_below_itself_and_those_that_started_it() -> None:
    assert runs_below(identity(os.getpid()))
    assert runs_below(identity(os.getppid()))


def test_a_process_does_not_run_below_another_or_one_of_the_same_number() -> None:
    process = subprocess.Popen(["sleep", "100"])
    try:
        assert not runs_below(identity(process.pid))
    finally:
        process.kill()
        process.wait()
    assert not runs_below(f"{os.getppid()} 1 another-boot")
    assert not runs_below("")
