"""Headless sessions of the real client against a scripted model."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from batch_implement.demo.loopback_model import LoopbackModel
from batch_implement.demo.messages_api import ApiFailure, Reply, bash, call, delegate, say
from batch_implement.execution.client.session import Prompt, run_headless
from tests.client.headless_run import start_headless

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.demo.messages_api import Answer, ModelRequest
    from tests.client.conftest import ClientFactory, PluginFactory

pytestmark = pytest.mark.client


def test_a_plain_turn_is_answered_and_measured(make_client: ClientFactory, project: Path) -> None:
    with LoopbackModel(lambda request: say(f"you said: {request.last_user_text[-2:]}")) as model:
        result = run_headless(make_client(model), Prompt("hi"), project=project)
    assert (result.returncode, result.text) == (0, "you said: hi")
    assert (result.output["terminal_reason"], result.output["is_error"]) == ("completed", False)
    (request,) = model.requests
    assert "Bash" in request.tools
    assert request.size > len(request.system)
    assert request.session_id == result.session_id
    assert not request.from_subagent


def test_a_prompt_that_begins_with_a_dash_is_a_prompt(make_client: ClientFactory, project: Path) -> None:
    with LoopbackModel(lambda request: say(request.last_user_text[-6:])) as model:
        assert run_headless(make_client(model), Prompt("--help"), project=project).text == "--help"


def test_a_command_the_model_calls_really_runs(make_client: ClientFactory, project: Path) -> None:
    def policy(request: ModelRequest) -> Answer:
        if request.news_results:
            return say(request.news_results[0].text)
        return bash("pwd; touch made; echo $CLAUDE_CODE_SESSION_ID")

    with LoopbackModel(policy) as model:
        result = run_headless(make_client(model), Prompt("go", allowed_tools=("Bash",)), project=project)
    assert result.text.split() == [str(project), result.session_id]
    assert (project / "made").exists()


def test_nothing_of_the_callers_environment_reaches_a_command(
    make_client: ClientFactory, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GH_TOKEN", "secret-of-the-caller")

    def policy(request: ModelRequest) -> Answer:
        return say(request.news_results[0].text) if request.news_results else bash("env")

    with LoopbackModel(policy) as model:
        result = run_headless(make_client(model), Prompt("go", allowed_tools=("Bash",)), project=project)
    assert "CLAUDECODE=1" in result.text
    assert "secret-of-the-caller" not in result.text


@pytest.mark.parametrize("background", [False, None], ids=["waited for", "by default, in the background"])
def test_a_subagent_has_a_conversation_of_its_own(
    background: bool | None, make_client: ClientFactory, make_plugin: PluginFactory, project: Path
) -> None:
    def policy(request: ModelRequest) -> Answer:
        if request.from_subagent:
            assert "the main prompt" not in request.conversation
            assert "You are the worker." in request.system
            return say("made by the worker") if request.news_results else bash("tiny-program")
        if "made by the worker" in request.news:
            return say("the worker has ended")
        if request.news_results:
            return say("the worker goes on")
        if background is None:
            return call("Agent", subagent_type="tiny:worker", description="d", prompt="the task")
        return delegate("tiny:worker", "the task", run_in_background=False)

    plugin = make_plugin(
        {
            "agents/worker.md": "---\nname: worker\ndescription: Works.\n---\nYou are the worker.",
            "bin/tiny-program": "#!/bin/sh\necho ran for $CLAUDE_CODE_SESSION_ID\n",
        }
    )
    with LoopbackModel(policy) as model:
        session = run_headless(
            make_client(model, plugin), Prompt("the main prompt", allowed_tools=("Bash",)), project=project
        )
    assert session.text == "the worker has ended"
    ran = [
        result.text for request in model.requests if request.from_subagent for result in request.news_results
    ]
    assert ran == [f"ran for {session.session_id}"]


def test_a_compaction_really_happens_and_leaves_the_summary(
    make_client: ClientFactory, project: Path
) -> None:
    def policy(request: ModelRequest) -> Answer:
        if "The work went on as asked." in request.conversation:
            return say("after the compaction")
        # The second answer is the first that has something before it to summarise.
        claimed = 120_000 if request.answers else 1_000
        return Reply(tool_calls=bash(f"echo step {request.answers}").tool_calls, input_tokens=claimed)

    with LoopbackModel(policy) as model:
        client = make_client(model, CLAUDE_CODE_AUTO_COMPACT_WINDOW="100000")
        result = run_headless(client, Prompt("begin here", allowed_tools=("Bash",)), project=project)
    assert result.text == "after the compaction"
    assert [request.asks_for_summary for request in model.requests] == [False, False, True, False]
    assert "begin here" not in model.requests[-1].conversation
    assert model.requests[-1].news_results[0].text == "step 1"


@pytest.mark.parametrize(
    ("status", "kind", "requests"),
    [(429, "rate_limit_error", 2), (500, "api_error", 2), (401, "authentication_error", 2)],
)
def test_an_error_of_the_api_ends_the_session_with_its_status(
    status: int, kind: str, requests: int, make_client: ClientFactory, project: Path
) -> None:
    with LoopbackModel(lambda _: ApiFailure(status, kind, "refused")) as model:
        result = run_headless(make_client(model), Prompt("hi"), project=project)
    assert (result.returncode, result.output["is_error"]) == (1, True)
    assert (result.output["api_error_status"], result.output["terminal_reason"]) == (status, "api_error")
    assert len(model.requests) == requests


def test_what_a_hook_adds_to_a_slash_command_is_news_to_the_model(
    make_client: ClientFactory, make_plugin: PluginFactory, project: Path
) -> None:
    added = {"hookEventName": "UserPromptExpansion", "additionalContext": "the assignment"}
    output = json.dumps({"hookSpecificOutput": added})
    hook = {"type": "command", "command": "${CLAUDE_PLUGIN_ROOT}/hooks/expand.sh", "args": []}
    hooks = {"UserPromptExpansion": [{"matcher": "tiny:start", "hooks": [hook]}]}
    plugin = make_plugin(
        {
            "commands/start.md": "---\nname: start\ndescription: Starts.\n---\nThe command's text.",
            "hooks/hooks.json": json.dumps({"hooks": hooks}),
            "hooks/expand.sh": f"#!/bin/sh\ncat > input.json\necho '{output}'\n",
        }
    )
    with LoopbackModel(
        lambda request: say("seen" if "the assignment" in request.news else "unseen")
    ) as model:
        result = run_headless(make_client(model, plugin), Prompt("/start 'a b' $(c)"), project=project)
    assert result.text == "seen"
    assert "The command's text." in model.requests[0].last_user_text
    given = json.loads((project / "input.json").read_text(encoding="utf-8"))
    assert (given["command_name"], given["command_args"]) == ("tiny:start", "'a b' $(c)")


def test_a_session_is_resumed_by_its_id_and_as_the_latest(make_client: ClientFactory, project: Path) -> None:
    session_id = "0b9a5a5e-4f0e-4cf0-9f7b-0d8a3f9b6c11"
    with LoopbackModel(lambda request: say(f"answer {request.answers}")) as model:
        client = make_client(model)
        first = run_headless(client, Prompt("one", options=("--session-id", session_id)), project=project)
        second = run_headless(client, Prompt("two", options=("--resume", session_id)), project=project)
        third = run_headless(client, Prompt("three", options=("--continue",)), project=project)
    assert [result.session_id for result in (first, second, third)] == [session_id] * 3
    assert [result.text for result in (first, second, third)] == ["answer 0", "answer 1", "answer 2"]


def test_a_limit_of_turns_ends_the_session(make_client: ClientFactory, project: Path) -> None:
    with LoopbackModel(lambda _: bash("true")) as model:
        prompt = Prompt("go", allowed_tools=("Bash",), options=("--max-turns", "2"))
        result = run_headless(make_client(model), prompt, project=project)
    assert (result.output["is_error"], result.output["terminal_reason"]) == (True, "max_turns")


def test_a_session_killed_in_the_middle_goes_on_where_it_was(
    make_client: ClientFactory, project: Path
) -> None:
    session_id = "5d0c1c8a-6a0b-4a39-8a0e-3d2f5f1c7a10"

    def policy(request: ModelRequest) -> Answer:
        if "go on" in request.news:
            return say("I had called" if "echo done" in request.conversation else "nothing")
        return Reply("not in time", delay=60) if request.news_results else bash("echo done")

    with LoopbackModel(policy) as model:
        client = make_client(model)
        run = start_headless(
            client,
            Prompt("go", allowed_tools=("Bash",), options=("--session-id", session_id)),
            project=project,
        )
        # The client writes its transcript a moment after it has acted.
        while len(model.requests) < 2 or not _is_written(client.home, "echo done"):
            assert run.running
            time.sleep(0.01)
        killed = run.kill()
        assert (killed.returncode, killed.output) == (-9, {})
        resumed = run_headless(client, Prompt("go on", options=("--resume", session_id)), project=project)
    assert resumed.text == "I had called"


def _is_written(home: Path, words: str) -> bool:
    transcripts = home.glob(".claude/projects/*/*.jsonl")
    return any(words in transcript.read_text(errors="replace") for transcript in transcripts)


def test_a_client_that_is_not_there_is_named(make_client: ClientFactory, project: Path) -> None:
    with LoopbackModel(lambda _: say("hi")) as model:
        missing = replace(make_client(model), executable=project / "no-client")
        result = run_headless(missing, Prompt("hi"), project=project)
    assert "no-client" in result.stderr
    assert result.output == {}
