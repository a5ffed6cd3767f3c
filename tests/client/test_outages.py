"""A batch while the API fails: it waits, it is woken, and nothing is charged to a feature."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from batch_implement.demo import scripted_developer
from batch_implement.demo.loopback_model import LoopbackModel
from batch_implement.demo.messages_api import ApiFailure, say
from batch_implement.execution.client.session import Prompt, run_headless
from tests.client import developers
from tests.client.batch_project import REPOSITORY, BatchProject
from tests.client.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.demo.messages_api import Answer, ModelRequest
    from batch_implement.execution.client.session import Client, ClientResult
    from tests.client.conftest import ClientFactory

pytestmark = pytest.mark.client

COMMAND = "/batch-implement features.txt"
RESUME = "/batch-implement --resume"
BASH = ("--allowedTools", "Bash")
# The client's own retries would hide the errors: each one is to end a turn.
NO_RETRIES = {"CLAUDE_CODE_MAX_RETRIES": "0"}
WINDOW = {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "100000"}


@pytest.fixture
def batch_project(tmp_path: Path) -> BatchProject:
    return BatchProject.make(tmp_path / "project", 20)


def headless(text: str) -> Prompt:
    return Prompt(text, permission_mode="acceptEdits", allowed_tools=("Bash",))


def wait_for_end(terminal: Terminal, project: BatchProject, timeout: float = 500) -> None:
    """Until the batch has ended; each time it waits, the time passes."""

    def ended() -> bool:
        if project.wake:
            project.pass_time()
        return project.status == "completed"

    terminal.wait_for(ended, timeout)


def run_to_outage(client: Client, text: str, project: BatchProject) -> ClientResult:
    """A session that the API ends, and what is decided on that behind its last hook."""
    result = run_headless(client, headless(text), project=project.root)
    deadline = time.monotonic() + 60
    while project.awaits_judgement:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return result


def assert_nothing_charged(project: BatchProject) -> None:
    state = project.state
    assert (state["failed_features"], state["retry_attempts"]) == ([], {})
    assert all(len(attempts) == 1 for attempts in state["attempts"].values())


@pytest.mark.timeout(600)
def test_an_interactive_batch_of_twenty_is_woken_after_each_outage(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    unreliable = developers.Unreliable(scripted_developer.answer, seed=4, share=0.1)
    with (
        LoopbackModel(unreliable) as model,
        LoopbackModel(lambda _: say("Hello.")) as other_model,
        Terminal(make_client(model, REPOSITORY, **NO_RETRIES), batch_project.root, *BASH) as terminal,
        Terminal(make_client(other_model, REPOSITORY), batch_project.root, *BASH) as other,
    ):
        terminal.type(COMMAND)
        wait_for_end(terminal, batch_project)
        other.type("hello")
        other.wait_for("Hello.")
    assert unreliable.failures > 5
    batch_project.assert_complete(20)
    assert_nothing_charged(batch_project)
    batch_project.assert_woken_in_time()
    # Each wait was ended once, whoever keeps the time; the session beside it was never woken.
    assert 0 < batch_project.events.count("woken") <= batch_project.events.count("waiting")
    assert len([request for request in other_model.requests if request.tools]) == 1


@pytest.mark.timeout(600)
def test_a_headless_batch_of_twenty_is_resumed_after_each_outage(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    unreliable = developers.Unreliable(scripted_developer.answer, seed=7, share=0.06)
    sessions = []
    with LoopbackModel(unreliable) as model:
        client = make_client(model, REPOSITORY, **NO_RETRIES)
        text = COMMAND
        while batch_project.status != "completed":
            result = run_headless(client, headless(text), project=batch_project.root)
            sessions.append(result)
            text = RESUME
            if batch_project.status != "completed":
                assert (result.returncode, result.output["terminal_reason"]) == (1, "api_error")
                told = json.loads(batch_project.run("status", "--json").stdout)
                assert told["status"] == "in_progress"
                assert told["wake"]["at"] > batch_project.state["created_at"]
                assert told["wake"]["seconds"] > 0
    assert len(sessions) > 2
    batch_project.assert_complete(20)
    assert_nothing_charged(batch_project)


def test_a_stated_time_is_waited_for_and_an_unknown_one_grows(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    """The waits as they were decided on; no client waits them out."""
    failures = [developers.RESET_KNOWN, *(developers.OUTAGES[2] for _ in range(7))]
    waits = []
    with LoopbackModel(lambda _: failures.pop(0)) as model:
        client = make_client(model, REPOSITORY, **NO_RETRIES)
        for text in [COMMAND, *[RESUME] * 7]:
            run_to_outage(client, text, batch_project)
            assert batch_project.wake is not None
            waits.append(batch_project.wake["seconds"])
    assert 5 + 30 - 3 <= waits[0] <= 5 + 60
    assert 60 <= waits[1] <= 120
    assert 900 <= waits[-1] <= 1800


def test_a_lost_connection_is_an_outage(make_client: ClientFactory, batch_project: BatchProject) -> None:
    with LoopbackModel(scripted_developer.answer) as model:
        client = make_client(model, REPOSITORY, ANTHROPIC_BASE_URL="http://127.0.0.1:9", **NO_RETRIES)
        run_to_outage(client, COMMAND, batch_project)
    assert batch_project.wake is not None
    assert batch_project.status == "in_progress"


def test_a_refused_key_pauses_at_once_and_somebody_is_told(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    told = batch_project.root.parent / "told.json"
    batch_project.set("BATCH_NOTIFY_COMMAND", f"tee {told}")

    def policy(request: ModelRequest) -> Answer:
        refused = ApiFailure(401, "authentication_error", "invalid x-api-key")
        return scripted_developer.answer(request) if request.from_subagent else refused

    with (
        LoopbackModel(policy) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, *BASH) as terminal,
    ):
        terminal.type(COMMAND)
        terminal.wait_for(lambda: batch_project.status == "paused")
        terminal.wait_for(told.exists)
        assert batch_project.wake is None
        # What a person types then is answered while the session is idle, and costs no turn.
        turns = len(model.requests)
        terminal.type("/batch-status")
        terminal.wait_for("Claude is not logged in: somebody has to act")
        terminal.type("/batch-implement --stop --yes")
        terminal.wait_for("The batch is stopped (0 of 20 done)")
        assert len(model.requests) == turns
    message = json.loads(told.read_text())
    assert (message["event"], message["standing"]) == ("paused", "0 of 20 done")
    assert "not logged in" in message["reason"]
    assert batch_project.state["status"] == "cancelled"


def test_a_request_that_is_refused_again_and_again_is_not_repeated_all_night(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    refusal = ApiFailure(400, "invalid_request_error", "messages: roles must alternate")
    with LoopbackModel(lambda _: refusal) as model:
        run_to_outage(make_client(model, REPOSITORY), COMMAND, batch_project)
    assert batch_project.state["status"] == "paused"


def test_with_a_context_that_is_full_at_every_turn_an_interactive_batch_gets_to_its_end(
    make_client: ClientFactory, tmp_path: Path
) -> None:
    project = BatchProject.make(tmp_path / "project", 8)
    with (
        LoopbackModel(developers.always_full) as model,
        Terminal(make_client(model, REPOSITORY, **WINDOW), project.root, *BASH) as terminal,
    ):
        terminal.type(COMMAND)
        wait_for_end(terminal, project)
    project.assert_complete(8)
    assert project.state["compactions"] > 8
    # A compaction in the moment between an agent's start and its record may have it started again.
    assert 8 <= project.events.count("agent") <= 11


def test_a_conversation_that_stays_full_pauses_the_batch_with_what_to_do(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    """Each session that a script starts begins with an empty one, so three have to find theirs too long."""
    refusal = ApiFailure(400, "invalid_request_error", "prompt is too long: 250000 tokens > 200000 maximum")
    with LoopbackModel(lambda _: refusal) as model:
        client = make_client(model, REPOSITORY)
        for text in (COMMAND, RESUME, RESUME):
            assert batch_project.status != "paused"
            run_to_outage(client, text, batch_project)
            batch_project.pass_time()
    assert batch_project.status == "paused"
    assert batch_project.state["pause"]["kind"] == "context-full"
    assert "/clear" in batch_project.pause_reason


def test_after_a_full_conversation_a_fresh_session_gets_to_the_end(
    make_client: ClientFactory, tmp_path: Path
) -> None:
    """Claude Code gives up when the context is full again within three turns, three times in a row."""
    project = BatchProject.make(tmp_path / "project", 8)
    policy = developers.compacting(after_agents={2, 3, 4, 5}, after_done={2, 3, 4, 5})
    with LoopbackModel(policy) as model:
        client = make_client(model, REPOSITORY, **WINDOW)
        run_to_outage(client, COMMAND, project)
        assert project.status == "in_progress"
        assert project.wake is not None
        while project.status != "completed":
            project.pass_time()
            run_to_outage(client, RESUME, project)
            assert project.status != "paused"
    project.assert_complete(8)


def test_a_feature_that_fails_for_good_holds_what_needs_it_and_nothing_else(
    make_client: ClientFactory, tmp_path: Path
) -> None:
    project = BatchProject.make(tmp_path / "project", 5, {4: "(requires 2)"})
    project.set("BATCH_RETRY_ENABLED", "true")
    with LoopbackModel(developers.failing(2, "SyntaxError: invalid syntax")) as model:
        result = run_headless(make_client(model, REPOSITORY), headless(COMMAND), project=project.root)
    state = project.state
    assert state["completed_features"] == [0, 2, 4]
    assert [record["feature_index"] for record in state["failed_features"]] == [1]
    assert list(state["held"]) == ["3"]
    assert project.feature_trailers == [1, 3, 5]
    assert project.clean
    assert "3 of 5 done, 1 failed, 1 held" in result.text


def test_a_feature_that_fails_twice_and_then_passes_is_done(
    make_client: ClientFactory, tmp_path: Path
) -> None:
    project = BatchProject.make(tmp_path / "project", 3)
    project.set("BATCH_RETRY_ENABLED", "true")
    error = "Connection reset by peer while downloading"
    with (
        LoopbackModel(developers.failing(2, error, times=2)) as model,
        Terminal(make_client(model, REPOSITORY), project.root, *BASH) as terminal,
    ):
        terminal.type(COMMAND)
        wait_for_end(terminal, project)
    project.assert_complete(3)
    attempts = project.state["attempts"]["1"]
    assert [error in attempt.get("error", "") for attempt in attempts] == [True, True, False]
    assert project.state["retry_attempts"] == {"1": 2}
