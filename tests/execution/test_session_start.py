"""A session that begins, goes on or has lost its context is told what it needs, another one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.oversight.ownership import Session
from batch_implement.system.process.identity import identity

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.batches import Batch
    from tests.plugin import Answer, Plugin

SOURCES = ("startup", "resume", "clear", "compact", "fork")


def _begins(
    plugin: Plugin, root: Path, session_id: str = "owner", source: str = "startup", **variables: str
) -> Answer:
    event = {"hook_event_name": "SessionStart", "session_id": session_id, "source": source}
    answer = plugin.hook("session-start", root, event, **variables)
    assert (answer.status, answer.stderr) == (0, "")
    return answer


@pytest.mark.parametrize("source", SOURCES)
def test_the_owner_is_given_its_assignment_again(batch: Batch, plugin: Plugin, source: str) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    answer = _begins(plugin, batch.root, source=source)
    assert answer.json["hookSpecificOutput"]["hookEventName"] == "SessionStart"
    assert "being worked through unattended in this session (1 of 3 done)" in answer.context
    assert "Feature 2 of 3: Count the visits" in answer.context
    assert "batch-implement done 2" in answer.context


@pytest.mark.parametrize("source", SOURCES)
def test_a_stranger_is_told_in_one_line_and_not_drawn_in(batch: Batch, plugin: Plugin, source: str) -> None:
    batch.begin()
    before = batch.state_bytes
    context = _begins(plugin, batch.root, "stranger", source).context
    assert context.splitlines() == [context]
    assert "it is not this session's task" in context
    assert "Greet the user" not in context
    assert batch.state_bytes == before


def test_after_clear_the_same_client_is_the_owner_under_its_new_id(
    batch: Batch, plugin: Plugin, a_client: subprocess.Popen[bytes]
) -> None:
    batch.begin(session=Session("before", identity(a_client.pid)))
    answer = _begins(plugin, batch.root, "after", "clear", CLAUDE_PID=str(a_client.pid))
    assert "Feature 1 of 3" in answer.context
    assert batch.fields["owner"]["session_id"] == "after"
    assert "not this session's task" in _begins(plugin, batch.root, "before", "startup").context


def test_a_continued_session_is_the_owner_in_its_new_client(
    batch: Batch, plugin: Plugin, a_client: subprocess.Popen[bytes]
) -> None:
    batch.begin()
    answer = _begins(plugin, batch.root, "owner", "resume", CLAUDE_PID=str(a_client.pid))
    assert "Feature 1 of 3" in answer.context
    assert batch.fields["owner"]["client"] == identity(a_client.pid)


def test_compactions_are_counted(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    for _ in range(2):
        _begins(plugin, batch.root, source="compact")
    assert batch.fields["compactions"] == 2


@pytest.mark.parametrize("session_id", ["owner", "stranger"])
def test_of_a_paused_batch_one_line_is_told(batch: Batch, plugin: Plugin, session_id: str) -> None:
    batch.repository.commit(broken="")
    batch.begin()
    context = _begins(plugin, batch.root, session_id).context
    assert context.splitlines() == [context]
    assert "is paused (./check.sh fails before any feature has begun" in context
    assert "--resume" in context
    assert len(context) < 500


def test_of_a_batch_that_has_ended_nothing_is_told(batch: Batch, plugin: Plugin) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    batch.done(1)
    assert _begins(plugin, batch.root, "stranger").stdout == ""


def test_of_a_batch_that_was_ended_by_the_user_nothing_is_told(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    batch.call("cancel")
    assert _begins(plugin, batch.root).stdout == ""


def test_from_a_folder_below_the_project_the_batch_is_found(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    batch.repository.write("packages/web/index.js")
    assert "Feature 1 of 3" in _begins(plugin, batch.root / "packages/web").context


def test_in_a_repository_below_the_project_it_is_quiet(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    (batch.root / "vendor/.git").mkdir(parents=True)
    assert _begins(plugin, batch.root / "vendor").stdout == ""
