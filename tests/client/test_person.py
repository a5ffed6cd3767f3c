"""What the person at the terminal meets while a batch is at work: typed, shown, interrupted, ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from batch_implement.demo import scripted_developer
from batch_implement.demo.loopback_model import LoopbackModel
from batch_implement.demo.messages_api import bash, say
from tests.client import developers
from tests.client.batch_project import REPOSITORY, BatchProject
from tests.client.terminal import PROMPT, Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.demo.messages_api import ModelRequest, Reply
    from tests.client.conftest import ClientFactory

pytestmark = pytest.mark.client

COMMAND = "/batch-implement features.txt"
FEATURES = 3
FOR_CLAUDE = ("Don't ask", "AskUserQuestion", "End your turn", "Start agent", "Give the user this report")


@pytest.fixture
def batch_project(tmp_path: Path) -> BatchProject:
    return BatchProject.make(tmp_path / "project", FEATURES)


def agents(project: BatchProject) -> int:
    """How many were started so far."""
    return project.events.count("agent") if project.status else 0


def test_no_beginning_of_the_main_command_reaches_one_that_ends_a_batch(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(developers.slow(5.0)) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, "--allowedTools", "Bash") as terminal,
    ):
        terminal.type(COMMAND)
        terminal.wait_for(lambda: agents(batch_project) == 1)
        terminal.type("/batch-im")
        terminal.wait_for("▶ 1.")
        for typed in ("/ba", "/batch", "/batch-", "/batch-i", "/batch-implement", "/batch-s", "/stop"):
            terminal.press(*typed)
            terminal.wait_for(f"{PROMPT}\N{NO-BREAK SPACE}{typed}")
            time.sleep(0.3)  # the list of commands follows what was typed
            assert "End the batch" not in terminal.screen()
            terminal.press(*["BSpace"] * len(typed))
        terminal.wait_for(lambda: batch_project.status == "completed", 120)
    batch_project.assert_complete(FEATURES)


def test_ending_asks_once_while_an_agent_works_and_what_was_ended_is_gone_on_with(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(developers.slow(3.0)) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, "--allowedTools", "Bash") as terminal,
    ):
        terminal.type(COMMAND)
        terminal.wait_for(lambda: agents(batch_project) == 1)
        terminal.type("/batch-implement --stop")
        terminal.wait_for("Feature 1 of 3 is being worked on. End the batch all the same?")
        assert batch_project.status == "in_progress"
        terminal.type("/batch-implement --stop --yes")
        terminal.wait_for("The batch is stopped (0 of 3 done).")
        terminal.wait_for(lambda: "agent_ended" in batch_project.events)
        assert batch_project.status == "cancelled"
        terminal.wait_for("The batch does not go on")
        terminal.type("/batch-implement --resume")
        terminal.wait_for(lambda: batch_project.status == "completed", 120)
    batch_project.assert_complete(FEATURES)
    assert agents(batch_project) == FEATURES


def test_work_that_ended_while_the_batch_was_paused_is_not_done_again(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(developers.slow(3.0)) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, "--allowedTools", "Bash") as terminal,
    ):
        terminal.type(COMMAND)
        terminal.wait_for(lambda: agents(batch_project) == 1)
        terminal.type("/batch-implement --pause")
        terminal.wait_for("The agent of feature 1 works on until it has ended")
        terminal.wait_for(lambda: "agent_ended" in batch_project.events)
        terminal.wait_for("The batch does not go on")
        assert (batch_project.status, batch_project.completed) == ("paused", [])
        terminal.type("/batch-implement --resume")
        terminal.wait_for(lambda: batch_project.status == "completed", 120)
    batch_project.assert_complete(FEATURES)
    assert agents(batch_project) == FEATURES


def test_answers_are_plain_each_feature_is_a_line_and_nothing_of_it_reaches_claude(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(developers.slow(1.0)) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, "--allowedTools", "Bash") as terminal,
    ):
        terminal.type("/batch-status")
        terminal.wait_for("There was no batch")
        terminal.type("/batch-implement none.txt")
        terminal.wait_for("none.txt is not there.")
        terminal.type("/batch-implement --plan features.txt")
        terminal.wait_for("    1. Add times_one(x)")
        terminal.type(COMMAND)
        terminal.wait_for("has begun.")
        terminal.wait_for("1/3 Add times_one(x)")  # in the list of agents
        terminal.wait_for(lambda: batch_project.status == "completed", 120)
        terminal.wait_for("✓ 3/3 Add times_three(x)")
        screen = terminal.screen()
        said = "\n".join(request.conversation for request in model.requests)
    batch_project.assert_complete(FEATURES)
    for number in range(1, FEATURES + 1):
        assert f"✓ {number}/3 Add times_" in screen
    for words in ("Operation stopped by hook", "monitor", *FOR_CLAUDE):
        assert words not in screen
    for words in ("✓ 1/3", "There was no batch", "is not there."):
        assert words not in said


def test_a_turn_that_is_sent_on_shows_the_person_nothing_that_is_for_claude(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(developers.lazy(2)) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, "--allowedTools", "Bash") as terminal,
    ):
        terminal.type(COMMAND)
        terminal.wait_for(lambda: batch_project.status == "completed", 120)
        terminal.wait_for("✓ 3/3")
        screen = terminal.screen()
    assert "The batch goes on (0 of 3 done)." in screen
    assert [words for words in FOR_CLAUDE if words in screen] == []
    batch_project.assert_complete(FEATURES)


def test_a_check_that_fails_at_the_beginning_is_said_without_a_batch_that_has_begun(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    batch_project.set("BATCH_VERIFY_COMMAND", "false")
    with (
        LoopbackModel(scripted_developer.answer) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root) as terminal,
    ):
        terminal.type(COMMAND)
        terminal.wait_for("false fails before any feature has begun")
        assert "has begun.\n" not in terminal.screen()
    assert model.requests == ()


def test_after_an_interruption_the_next_word_is_told_where_the_batch_stands(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    def policy(request: ModelRequest) -> Reply:
        if "what now" in request.last_user_text:
            return say("I go on.")
        begins = not request.from_subagent and request.answers == 0
        return bash("tail -f /dev/null") if begins else scripted_developer.answer(request)

    with (
        LoopbackModel(policy) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, "--allowedTools", "Bash") as terminal,
    ):
        terminal.type(COMMAND)
        terminal.wait_for("tail -f /dev/null")
        terminal.interrupt()
        terminal.wait_for("Interrupted")
        terminal.type("/batch-status")
        terminal.wait_for("Interrupted by Esc")
        terminal.type("what now")
        terminal.wait_for("The batch was interrupted at 1. Add times_one")
        terminal.wait_for(lambda: batch_project.status == "completed", 120)
    batch_project.assert_complete(FEATURES)


def test_a_permission_prompt_is_in_the_status_until_it_is_answered(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(scripted_developer.answer) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, permission_mode="default") as terminal,
    ):
        terminal.type(COMMAND)
        terminal.wait_for("Do you want to")
        home = {"HOME": str(terminal.home)}
        terminal.wait_for(lambda: "it may use Write" in batch_project.run("status", **home).stdout)
        terminal.press("Enter")

        def is_answered() -> bool:
            terminal.press("Enter")  # there is another one, which takes no key at once
            return "Waiting for you" not in batch_project.run("status", **home).stdout

        terminal.wait_for(is_answered)


def test_a_new_session_beside_an_unfinished_batch_shows_a_line(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with LoopbackModel(developers.slow(1.0)) as model:
        client = make_client(model, REPOSITORY)
        with Terminal(client, batch_project.root, "--allowedTools", "Bash") as terminal:
            terminal.type(COMMAND)
            terminal.wait_for(lambda: batch_project.completed == [0], 120)
        with Terminal(client, batch_project.root, "--allowedTools", "Bash") as terminal:
            terminal.wait_for("There is an unfinished batch in this project (1 of 3 done).")
            terminal.type("/batch-implement --resume")
            terminal.wait_for("The batch goes on: 1 of 3 done.")
            terminal.wait_for(lambda: batch_project.status == "completed", 120)
    batch_project.assert_complete(FEATURES)
