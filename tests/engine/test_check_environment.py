"""A check is run with what Claude Code was started with: no call has a say in its own proof."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.batches import Batch, assigned, refusal

from batch_implement.model.refusals import CheckFailed
from batch_implement.oversight.session import NO_SESSION, Session
from batch_implement.system.process.identity import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    StartClient = Callable[..., Session]

# Fails unless the slow tests are run too.
CHECK = """#!/bin/sh
[ -z "$SKIP_SLOW" ] && [ -e slow-is-broken ] && exit 1
[ -n "$GREETING" ] && [ "$GREETING" != hello ] && exit 2
echo "2 passed in 0.01s"
"""


@pytest.fixture
def start_client() -> Iterator[StartClient]:
    """Starts a process that stands for Claude Code, with variables of its own; gives its session."""
    processes = []

    def start(**variables: str) -> Session:
        process = subprocess.Popen(["sleep", "300"], env={**os.environ, **variables})
        processes.append(process)
        return Session("owner", identity(process.pid))

    yield start
    for process in processes:
        process.kill()
        process.wait()


def _broken(batch: Batch) -> None:
    """A feature whose slow tests fail."""
    batch.repository.write("feature1.py", "print(1)\n")
    batch.repository.write("slow-is-broken")


@pytest.fixture
def slow(batch: Batch) -> Batch:
    batch.repository.write("check.sh", CHECK, executable=True)
    batch.repository.commit()
    return batch


@pytest.mark.parametrize("caller", ["the session itself", "a shell that forgot its session"])
def test_a_variable_of_the_call_does_not_reach_the_check(
    slow: Batch, start_client: StartClient, monkeypatch: pytest.MonkeyPatch, caller: str
) -> None:
    session = start_client()
    assert assigned(slow.begin(session=session)) == 1
    _broken(slow)
    monkeypatch.setenv("SKIP_SLOW", "1")
    said = slow.done(1, session=session if caller == "the session itself" else NO_SESSION)
    assert isinstance(refusal(said), CheckFailed)


def test_another_client_than_the_batchs_own_has_no_say_either(slow: Batch, start_client: StartClient) -> None:
    session = start_client()
    assert assigned(slow.begin(session=session)) == 1
    _broken(slow)
    forged = Session("", start_client(SKIP_SLOW="1").client)
    assert isinstance(refusal(slow.done(1, session=forged)), CheckFailed)


def test_a_setting_of_the_call_counts_for_nothing(
    slow: Batch, start_client: StartClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = start_client(BATCH_VERIFY_TIMEOUT="77")
    assert assigned(slow.begin(session=session)) == 1
    monkeypatch.setenv("BATCH_VERIFY_TIMEOUT", "1")
    project = slow._project(session)
    assert (project.config.number("BATCH_VERIFY_TIMEOUT"), project.checker.timeout) == (77, 77)


def test_what_claude_code_was_started_with_reaches_the_check_before_the_first_feature_too(
    slow: Batch, start_client: StartClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = start_client(GREETING="hello")
    monkeypatch.setenv("GREETING", "goodbye")
    assert assigned(slow.begin(session=session)) == 1
    slow.repository.write("feature1.py", "print(1)\n")
    assert assigned(slow.done(1, session=session)) == 2


def test_outside_of_a_session_the_callers_environment_counts(
    slow: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert assigned(slow.begin(session=NO_SESSION)) == 1
    _broken(slow)
    monkeypatch.setenv("SKIP_SLOW", "1")
    assert assigned(slow.done(1, session=NO_SESSION)) == 2
