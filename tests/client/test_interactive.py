"""A batch in an interactive session, typed into under tmux."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.demo import scripted_developer
from batch_implement.demo.loopback_model import LoopbackModel
from tests.client import developers
from tests.client.batch_project import REPOSITORY, BatchProject, feature_names
from tests.client.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.client.conftest import ClientFactory

pytestmark = pytest.mark.client

COMMAND = "/batch-implement features.txt"
# What an unattended run in the default mode needs beside the plugin's own command.
WRITES = ("--allowedTools", "Write,Edit")


@pytest.fixture
def batch_project(tmp_path: Path) -> BatchProject:
    return BatchProject.make(tmp_path / "project", 5)


def wait_for_end(terminal: Terminal, project: BatchProject, timeout: float = 120) -> None:
    terminal.wait_for(lambda: project.status == "completed", timeout)


def test_five_features_typed_bare_are_committed_in_order(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(scripted_developer.answer) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, "--allowedTools", "Bash") as terminal,
    ):
        terminal.type(COMMAND)
        terminal.wait_for("5 features from features.txt, in the order given.")
        wait_for_end(terminal, batch_project)
        terminal.wait_for("5 of 5 done")
    batch_project.assert_complete(5)
    assert batch_project.subjects == [f"feat({name}): add {name}" for name in feature_names(5)]


def test_agents_in_the_background_cost_no_turns_and_the_woken_session_asks_for_no_permission(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(scripted_developer.answer) as model,
        Terminal(
            make_client(model, REPOSITORY), batch_project.root, *WRITES, permission_mode="default"
        ) as terminal,
    ):
        terminal.type(COMMAND)
        wait_for_end(terminal, batch_project)
        assert "Do you want to proceed?" not in terminal.screen()
        assert "Async agent launched" in terminal.transcript()
    batch_project.assert_complete(5)
    assert "blocked" not in batch_project.events


def test_a_compaction_beside_an_agent_at_work_starts_no_second_one(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    policy = developers.slow(0.5, developers.compacting(after_agents={2, 4}))
    with (
        LoopbackModel(policy) as model,
        Terminal(
            make_client(model, REPOSITORY, CLAUDE_CODE_AUTO_COMPACT_WINDOW="100000"),
            batch_project.root,
            "--allowedTools",
            "Bash",
        ) as terminal,
    ):
        terminal.type(COMMAND)
        wait_for_end(terminal, batch_project)
    batch_project.assert_complete(5)
    assert batch_project.state["compactions"] == 2
    assert batch_project.events.count("agent") == 5


def test_who_says_done_while_the_agent_works_waits_for_it(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(developers.slow(0.5, developers.hasty)) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, "--allowedTools", "Bash") as terminal,
    ):
        terminal.type(COMMAND)
        wait_for_end(terminal, batch_project)
    batch_project.assert_complete(5)
    events = [event for event in batch_project.events if event in {"agent", "agent_ended", "proven"}]
    assert events == ["agent", "agent_ended", "proven"] * 5


def test_a_turn_that_ends_too_soon_is_sent_on(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(developers.lazy(2)) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, "--allowedTools", "Bash") as terminal,
    ):
        terminal.type(COMMAND)
        wait_for_end(terminal, batch_project)
    batch_project.assert_complete(5)
    assert batch_project.events.count("blocked") == 2


def test_a_batch_goes_on_after_the_conversation_was_cleared(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with (
        LoopbackModel(developers.slow(1.0)) as model,
        Terminal(make_client(model, REPOSITORY), batch_project.root, "--allowedTools", "Bash") as terminal,
    ):
        terminal.type(COMMAND)
        terminal.wait_for(lambda: len(batch_project.subjects) == 2)
        owner = batch_project.state["owner"]
        terminal.interrupt()
        terminal.wait_for("Interrupted")
        terminal.type("/clear")
        wait_for_end(terminal, batch_project)
    batch_project.assert_complete(5)
    after = batch_project.state["owner"]
    assert after["client"] == owner["client"]
    assert after["session_id"] != owner["session_id"]
