"""Which session a batch belongs to: continued, taken over, forked, or none of its business."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from batch_implement.demo import scripted_developer
from batch_implement.demo.loopback_model import LoopbackModel
from batch_implement.demo.messages_api import say
from batch_implement.execution.client.session import Prompt, run_headless
from tests.client import developers
from tests.client.batch_project import REPOSITORY, BatchProject
from tests.client.headless_run import HeadlessRun, start_headless
from tests.client.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.demo.messages_api import ModelRequest
    from batch_implement.execution.client.session import Client
    from tests.client.conftest import ClientFactory

pytestmark = pytest.mark.client

COMMAND = "/batch-implement features.txt"
RESUME = "/batch-implement --resume"
SESSION = "5d0c1c8a-6a0b-4a39-8a0e-3d2f5f1c7a10"
FEATURES = 3


@pytest.fixture
def batch_project(tmp_path: Path) -> BatchProject:
    return BatchProject.make(tmp_path / "project", FEATURES)


def headless(text: str, **options: object) -> Prompt:
    return Prompt(text, permission_mode="acceptEdits", allowed_tools=("Bash",), **options)  # type: ignore[arg-type]


def begin(client: Client, project: BatchProject) -> HeadlessRun:
    """A session that owns the batch and has done a feature of it."""
    owner = start_headless(client, headless(COMMAND, options=("--session-id", SESSION)), project=project.root)
    while not project.subjects:
        assert owner.running, owner.wait().text
        time.sleep(0.05)
    return owner


def said_to(requests: tuple[ModelRequest, ...]) -> str:
    return "\n".join(request.conversation for request in requests)


def test_a_killed_session_that_is_continued_goes_on(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with LoopbackModel(developers.slow(0.5)) as model:
        client = make_client(model, REPOSITORY)
        begin(client, batch_project).kill()
        run_headless(client, headless("Go on.", options=("--continue",)), project=batch_project.root)
    batch_project.assert_complete(FEATURES)


def test_a_killed_session_that_is_opened_again_goes_on_without_a_word(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with LoopbackModel(developers.slow(0.5)) as model:
        client = make_client(model, REPOSITORY)
        begin(client, batch_project).kill()
        with Terminal(client, batch_project.root, "--resume", SESSION, "--allowedTools", "Bash") as terminal:
            terminal.wait_for(lambda: batch_project.status == "completed", 120)
    batch_project.assert_complete(FEATURES)


def test_an_outage_in_a_session_that_was_opened_again_is_waited_out(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    unreliable = developers.Unreliable(scripted_developer.answer, seed=1, share=0.0)
    with LoopbackModel(unreliable) as model:
        client = make_client(model, REPOSITORY, CLAUDE_CODE_MAX_RETRIES="0")
        begin(client, batch_project).kill()
        unreliable.share = 0.25
        with Terminal(client, batch_project.root, "--resume", SESSION, "--allowedTools", "Bash") as terminal:

            def ended() -> bool:
                if batch_project.wake:
                    batch_project.pass_time()
                return batch_project.status == "completed"

            terminal.wait_for(ended, 120)
    batch_project.assert_complete(FEATURES)
    batch_project.assert_woken_in_time()


def test_another_session_takes_over_from_a_dead_one_when_it_is_told_to(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with LoopbackModel(developers.slow(0.5)) as model, LoopbackModel(lambda _: say("Hello.")) as other_model:
        client = make_client(model, REPOSITORY)
        begin(client, batch_project).kill()
        other = make_client(other_model, REPOSITORY)
        before = batch_project.state
        hello = run_headless(other, headless("hello"), project=batch_project.root)
        forked = run_headless(
            other,
            headless("hello", options=("--resume", SESSION, "--fork-session")),
            project=batch_project.root,
        )
        after = batch_project.state
        resumed = run_headless(client, headless(RESUME), project=batch_project.root)
    assert (hello.text, forked.text) == ("Hello.", "Hello.")
    assert all("it is not this session's task" in request.conversation for request in other_model.requests)
    assert len(other_model.requests) == 2
    assert after["owner"] == before["owner"]
    assert f"{FEATURES} of {FEATURES} done" in resumed.text
    batch_project.assert_complete(FEATURES)


def test_a_script_that_starts_the_client_again_needs_no_prompt(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    batch_project.set("BATCH_AUTO_RESUME", "true")
    with LoopbackModel(developers.slow(0.5)) as model:
        client = make_client(model, REPOSITORY)
        begin(client, batch_project).kill()
        again = Prompt(None, permission_mode="acceptEdits", allowed_tools=("Bash",))
        result = run_headless(client, again, project=batch_project.root)
    assert f"{FEATURES} of {FEATURES} done" in result.text
    batch_project.assert_complete(FEATURES)


def test_a_batch_is_taken_from_a_session_that_is_alive_only_when_that_is_said(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(developers.slow(1.0)) as model,
        LoopbackModel(scripted_developer.answer) as other_model,
        Terminal(make_client(other_model, REPOSITORY), batch_project.root, "--allowedTools", "Bash") as other,
    ):
        owner = begin(make_client(model, REPOSITORY), batch_project)
        other.type(RESUME)
        other.wait_for("that is still running. Go on there; or take it from that session: /batch-implement")
        assert other_model.requests == ()
        other.type(f"{RESUME} --take-over")
        other.wait_for(lambda: batch_project.status == "completed", 120)
        stood_down = owner.wait()
    batch_project.assert_complete(FEATURES)
    # The old owner was told at its next step, and ended its turn without another.
    assert stood_down.returncode == 0
    assert "belongs to another Claude Code session" in said_to(model.requests)


def test_a_session_at_which_nobody_is_does_not_take_a_batch_from_one_that_is_alive(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with LoopbackModel(developers.slow(1.0)) as model:
        owner = begin(make_client(model, REPOSITORY), batch_project)
        taken = run_headless(
            make_client(model, REPOSITORY), headless(f"{RESUME} --take-over"), project=batch_project.root
        )
        owner.wait()
    assert "nobody is at this session, and another works on the batch" in taken.text
    batch_project.assert_complete(FEATURES)


def test_a_session_that_is_opened_beside_itself_does_not_work_the_batch_twice(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with LoopbackModel(developers.slow(1.0)) as model, LoopbackModel(lambda _: say("Hello.")) as twin_model:
        owner = begin(make_client(model, REPOSITORY), batch_project)
        twin = make_client(twin_model, REPOSITORY)
        hello = run_headless(
            twin, headless("hello", options=("--resume", SESSION)), project=batch_project.root
        )
        owner.wait()
    assert hello.text == "Hello."
    assert len(twin_model.requests) == 1
    assert "it is not this session's task" in twin_model.requests[0].conversation
    batch_project.assert_complete(FEATURES)
