"""A person's hand on the batch: see it, hold it, go on with it, take it over, end it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from tests.batches import OWNER, STRANGER

from batch_implement.errors import BatchStateError
from batch_implement.oversight.ownership import NO_SESSION, Session
from batch_implement.state.journal import Transition
from batch_implement.system.process.identity import identity

if TYPE_CHECKING:
    import subprocess

    from tests.batches import Batch


def _session(session_id: str, process: subprocess.Popen[bytes]) -> Session:
    return Session(session_id, identity(process.pid))


# --- pause and resume -------------------------------------------------------------------------------


def test_a_paused_batch_gives_out_nothing_and_keeps_its_place(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    assert "The batch is paused." in batch.call("pause", session=STRANGER).text
    outcome = batch.call("next")
    assert outcome.kind == "stopped"
    assert "/batch-implement --resume" in outcome.text
    assert batch.fields["attempt"]["feature_index"] == 0
    assert batch.call("resume").kind == "assigned"
    assert batch.done(1).kind == "assigned"
    assert batch.check_runs == 2


def test_pausing_twice_is_a_sentence(batch: Batch) -> None:
    batch.begin()
    batch.call("pause")
    with pytest.raises(BatchStateError, match="The batch is paused, so it can't be paused"):
        batch.call("pause")


def test_resuming_what_was_not_paused_gives_the_assignment_again(batch: Batch) -> None:
    batch.begin()
    outcome = batch.call("resume")
    assert outcome.kind == "assigned"
    assert "Feature 1 of 3" in outcome.text


def test_another_batchs_id_is_refused(batch: Batch) -> None:
    batch.begin()
    with pytest.raises(BatchStateError, match="not batch-20200101"):
        batch.call("resume", "batch-20200101")
    assert batch.call("resume", batch.fields["batch_id"]).kind == "assigned"


def test_a_batch_that_has_ended_is_not_resumed(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    batch.done(1)
    with pytest.raises(BatchStateError, match="is completed"):
        batch.call("resume")


@pytest.mark.parametrize("call", [("pause",), ("resume",), ("cancel",), ("done", "1"), ("next",)])
def test_without_a_batch_each_call_is_a_sentence(batch: Batch, call: tuple[str, ...]) -> None:
    with pytest.raises(BatchStateError):
        batch.call(*call)
    assert not (batch.root / ".claude/batch_state.json").exists()


def test_without_a_batch_the_status_says_so(batch: Batch) -> None:
    assert batch.call("status").text.startswith("No batch is at work")


# --- whose it is ------------------------------------------------------------------------------------


def test_another_session_takes_over_when_the_owners_client_has_ended(
    batch: Batch, a_client: subprocess.Popen[bytes]
) -> None:
    batch.begin(session=_session("owner", a_client))
    a_client.kill()
    a_client.wait()
    assert batch.call("resume", session=STRANGER).kind == "assigned"
    assert batch.fields["owner"]["session_id"] == "stranger"
    with pytest.raises(BatchStateError, match="belongs to another"):
        batch.call("next", session=OWNER)


def test_while_the_owners_client_runs_taking_over_has_to_be_asked_for(
    batch: Batch, a_client: subprocess.Popen[bytes]
) -> None:
    owner = _session("owner", a_client)
    batch.begin(session=owner)
    with pytest.raises(BatchStateError, match=r"still running.*--take-over"):
        batch.call("resume", session=STRANGER)
    assert batch.fields["owner"]["session_id"] == "owner"
    assert batch.call("resume", "--take-over", session=STRANGER).kind == "assigned"
    with pytest.raises(BatchStateError, match="belongs to another"):
        batch.done(1, session=owner)


def test_the_owner_resumes_while_its_own_client_runs(batch: Batch, a_client: subprocess.Popen[bytes]) -> None:
    owner = _session("owner", a_client)
    batch.begin(session=owner)
    batch.call("pause", session=NO_SESSION)
    assert batch.call("resume", session=owner).kind == "assigned"


def test_the_same_client_with_a_new_session_is_still_the_owner(
    batch: Batch, a_client: subprocess.Popen[bytes]
) -> None:
    batch.begin(session=_session("before /clear", a_client))
    assert batch.call("next", session=_session("after /clear", a_client)).kind == "assigned"


def test_the_owner_in_a_new_client_is_the_owner(batch: Batch, a_client: subprocess.Popen[bytes]) -> None:
    batch.begin(session=_session("owner", a_client))
    a_client.kill()
    a_client.wait()
    assert batch.call("next", session=Session("owner", identity(os.getpid()))).kind == "assigned"


def test_the_owner_opened_a_second_time_beside_itself_is_a_stranger(
    batch: Batch, a_client: subprocess.Popen[bytes]
) -> None:
    batch.begin(session=_session("owner", a_client))
    with pytest.raises(BatchStateError, match="another Claude Code session"):
        batch.call("next", session=Session("owner", identity(os.getpid())))


def test_a_batch_begun_at_a_shell_is_anybodys_until_a_session_resumes_it(batch: Batch) -> None:
    batch.begin(session=NO_SESSION)
    assert batch.call("next", session=STRANGER).kind == "assigned"
    batch.call("resume", session=OWNER)
    with pytest.raises(BatchStateError, match="belongs to another"):
        batch.call("next", session=STRANGER)


# --- the end ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("session", [OWNER, STRANGER, NO_SESSION])
def test_ending_a_batch_keeps_its_history_and_what_is_in_the_tree(batch: Batch, session: Session) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.work(2)
    batch_id = batch.fields["batch_id"]
    text = batch.call("cancel", session=session).text
    assert "The batch is ended (1 of 3 done)" in text
    assert "still in the working tree" in text
    assert not batch.project.state.exists()
    assert (batch.root / "feature2.py").exists()
    [past] = batch.past()
    assert (past["batch_id"], past["status"]) == (batch_id, "cancelled")
    assert (batch.root / f".claude/batches/{batch_id}.md").read_text().startswith(f"# Batch {batch_id}")
    assert batch.call("status").text.startswith(f"No batch is at work. The last one: {batch_id}, cancelled")


def test_ending_a_batch_ends_the_check_that_is_going(batch: Batch) -> None:
    batch.repository.write(".git/info/exclude", "slow\n")
    batch.repository.write("slow")
    assert batch.begin(wait=0.0).kind == "waiting"
    batch.call("cancel")
    assert not (batch.root / ".claude/batches/check-run.json").exists()
    (batch.root / "slow").unlink()


def test_a_paused_batch_can_be_ended(batch: Batch) -> None:
    batch.begin()
    batch.call("pause")
    assert "The batch is ended" in batch.call("cancel").text


def test_after_the_end_a_new_batch_begins(batch: Batch) -> None:
    batch.begin()
    batch.call("cancel")
    assert batch.begin("Something else").kind == "assigned"


# --- the status -------------------------------------------------------------------------------------


def test_the_status_says_where_the_batch_is(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.call("fail", "2", "--error", "too hard")
    text = batch.call("status", session=STRANGER).text
    assert "in_progress, 1 of 3 done, 1 failed" in text
    assert "At work: 3. Print a farewell" in text
    assert "Failed: 2. too hard" in text


def test_the_status_of_a_paused_batch_says_why(batch: Batch) -> None:
    batch.repository.commit(broken="")
    batch.begin()
    text = batch.call("status").text
    assert "paused" in text
    assert "./check.sh fails before any feature has begun" in text


def test_looking_changes_nothing(batch: Batch) -> None:
    batch.begin()
    before = batch.state_bytes
    batch.call("status")
    batch.call("status", "--report", session=STRANGER)
    assert batch.state_bytes == before


def test_the_status_as_data_has_every_feature(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    data = batch.call("status").data
    assert (data["total"], data["completed"], data["current"]) == (3, [1], 2)
    assert data["evidence"]["1"]["exit_code"] == 0


@pytest.mark.parametrize(("seconds_ago", "shown"), [(60.0, True), (3600.0, False)])
def test_the_status_names_the_breaker_of_github_only_while_it_is_open(
    seconds_ago: float, shown: bool, batch: Batch
) -> None:
    batch.begin()
    opened = {"consecutive_failures": 5, "opened_at": time.time() - seconds_ago}
    batch.project.state.update(lambda _: Transition("issue_close", {"github_breaker": opened}))
    assert ("No issues are closed: 5 failures in a row" in batch.call("status").text) is shown
