"""A session that begins, goes on or has lost its context is told what it needs, another one a line."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from batch_implement.engine.reconciliation import compared_with_git
from batch_implement.oversight.ownership import continue_with
from batch_implement.oversight.session import Session
from batch_implement.system.process.identity import identity

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.batches import Batch
    from tests.plugin import Answer, Plugin

    from batch_implement.model.batch import Batch as State

pytestmark = pytest.mark.slow

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
    batch.call("stop", "--yes")
    assert _begins(plugin, batch.root).stdout == ""


def test_from_a_folder_below_the_project_the_batch_is_found(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    batch.repository.write("packages/web/index.js")
    assert "Feature 1 of 3" in _begins(plugin, batch.root / "packages/web").context


def test_in_a_repository_below_the_project_it_is_quiet(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    (batch.root / "vendor/.git").mkdir(parents=True)
    assert _begins(plugin, batch.root / "vendor").stdout == ""


# --- a session that is continued after the machine has failed ---------------------------------------


def _lose_last_commit(batch: Batch) -> None:
    """What a power loss takes: the branch's last step, and the objects that nothing names any more."""
    batch.repository.run("reset", "--quiet", "--soft", "HEAD~1")
    batch.repository.run("reflog", "expire", "--expire=now", "--all")
    batch.repository.run("gc", "--quiet", "--prune=now")


def _compared(batch: Batch) -> State:
    deadline = time.monotonic() + 60
    while (state := batch.state).owner is None or not state.owner.is_compared:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return state


def _two_done(batch: Batch) -> None:
    batch.begin()
    for number in (1, 2):
        batch.work(number)
        batch.done(number)


def test_behind_the_answer_the_record_is_compared_with_git(batch: Batch, plugin: Plugin) -> None:
    _two_done(batch)
    _lose_last_commit(batch)
    context = _begins(plugin, batch.root, source="resume").context
    # Feature 3 began from the commit that is gone: nothing is to be worked before the next step has looked.
    assert "run: batch-implement next" in context
    assert "Feature 3" not in context
    state = _compared(batch)
    assert (state.completed_features, state.open_attempts) == ((0,), {})
    assert "Feature 2 of 3" in batch.call("next").text


@pytest.mark.parametrize(
    "step", [("next",), ("done", "3"), ("fail", "3", "--error", "too hard")], ids=" ".join
)
def test_a_step_that_comes_first_makes_that_comparison_itself(batch: Batch, step: tuple[str, ...]) -> None:
    _two_done(batch)
    _lose_last_commit(batch)
    batch.work(3)
    batch.project.state.update(lambda current: continue_with(batch.session, "", current))
    name, *arguments = step
    answer = batch.call(name, *arguments)
    assert "Feature 2" in answer.text
    state = _compared(batch)
    assert state.completed_features == (0,)
    assert state.failed_features == ()


def test_a_record_that_git_bears_out_is_left_as_it_is(batch: Batch, plugin: Plugin) -> None:
    _two_done(batch)
    before = batch.state
    assert "Feature 3 of 3" in _begins(plugin, batch.root, source="resume").context
    state = _compared(batch)
    assert (state.completed_features, state.open_attempts) == (
        before.completed_features,
        before.open_attempts,
    )
    assert batch.events[-2:] == ["adopted", "compared"]


def test_two_who_compare_at_once_write_it_down_once(batch: Batch) -> None:
    _two_done(batch)
    _lose_last_commit(batch)
    batch.project.state.update(lambda current: continue_with(batch.session, "", current))
    read = batch.state
    compared_with_git(batch.project, read)
    compared_with_git(batch.project, read)
    assert batch.events[-2:] == ["adopted", "commits_lost"]
    assert len(batch.state.notices) == 1
