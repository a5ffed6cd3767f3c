"""A person's hand on the batch: hold it, go on with it, take it over, end it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.batches import OWNER, STRANGER, assigned, ended, refusal

from batch_implement.engine.control import reset_breakers
from batch_implement.engine.happenings import BatchEnded, BatchPaused
from batch_implement.errors import BatchStateError, UnversionedStateError
from batch_implement.model import attempts
from batch_implement.model.batch import VERSION
from batch_implement.model.outcomes import CheckRuns, Paused, Waiting
from batch_implement.model.record import replace
from batch_implement.model.refusals import (
    NotGoing,
    NothingToResume,
    OtherBatch,
    OwnerIsAlive,
    RefusedError,
    StrangerSession,
    WorkGoesOn,
)
from batch_implement.model.transition import Transition
from batch_implement.oversight.session import NO_SESSION, Session
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
    outcome = batch.pause(session=STRANGER)
    assert isinstance(outcome, Paused)
    assert (outcome.pause.kind, outcome.pause.resumes_when) == ("person", "resumed")
    assert batch.next() == outcome
    assert list(batch.state.open_attempts) == [0]
    assert assigned(batch.resume()) == 1
    assert batch.state.pause is None
    assert assigned(batch.done(1)) == 2
    assert batch.check_runs == 2


def test_pausing_twice_is_refused_and_told_once(batch: Batch) -> None:
    batch.begin()
    batch.pause()
    pause, before = batch.state.pause, batch.state_bytes
    assert refusal(batch.pause()) == NotGoing(status="paused", pause=pause)
    assert batch.state_bytes == before
    [told] = batch.told
    assert isinstance(told, BatchPaused)
    assert told.pause == pause


def test_resuming_what_was_not_paused_gives_the_assignment_again(batch: Batch) -> None:
    batch.begin()
    assert assigned(batch.resume()) == 1


def test_another_batchs_id_is_refused(batch: Batch) -> None:
    batch.begin()
    current = batch.state.batch_id
    assert refusal(batch.resume("batch-20200101")) == OtherBatch(current=current, asked="batch-20200101")
    assert assigned(batch.resume(current)) == 1


def test_a_batch_that_has_ended_is_not_resumed(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    state = ended(batch.done(1))
    assert refusal(batch.resume()) == NothingToResume(batch_id=state.batch_id, status="completed")


def test_what_failed_is_tried_again_when_that_is_asked_for(batch: Batch) -> None:
    batch.begin("Greet the user", "Count the visits")
    batch.fail(1)
    batch.work(2)
    assert ended(batch.done(2)).failed == {0}
    assert assigned(batch.resume(again=True)) == 1
    assert (batch.state.status, batch.state.failed_features) == ("in_progress", ())
    assert batch.state.open_attempts[0].number == 2
    batch.work(1)
    assert ended(batch.done(1)).completed_features == (1, 0)


def test_what_was_held_is_worked_all_the_same_when_that_is_asked_for(batch: Batch) -> None:
    batch.begin("Add login", "Greet the user (requires 1)")
    assert set(ended(batch.fail(1)).held) == {1}
    assert assigned(batch.resume(held=True)) == 2
    assert batch.state.failed == {0}


@pytest.mark.parametrize("call", [("pause",), ("resume",), ("stop",), ("done", "1"), ("next",)])
def test_without_a_batch_each_call_is_an_error(batch: Batch, call: tuple[str, ...]) -> None:
    with pytest.raises(BatchStateError):
        batch.call(*call)
    assert not (batch.root / ".claude/batch_state.json").exists()


# --- whose it is ------------------------------------------------------------------------------------


def test_another_session_takes_over_when_the_owners_client_has_ended(
    batch: Batch, a_client: subprocess.Popen[bytes]
) -> None:
    batch.begin(session=_session("owner", a_client))
    a_client.kill()
    a_client.wait()
    assert assigned(batch.resume(session=STRANGER)) == 1
    assert batch.state.owner is not None
    assert batch.state.owner.session_id == "stranger"
    assert refusal(batch.next(session=OWNER)) == StrangerSession()


def test_while_the_owners_client_runs_taking_over_has_to_be_asked_for(
    batch: Batch, a_client: subprocess.Popen[bytes]
) -> None:
    owner = _session("owner", a_client)
    batch.begin(session=owner)
    before = batch.state_bytes
    assert refusal(batch.resume(session=STRANGER)) == OwnerIsAlive()
    assert batch.state_bytes == before
    assert assigned(batch.resume(take_over=True, session=STRANGER)) == 1
    assert refusal(batch.done(1, session=owner)) == StrangerSession()


def test_the_owner_resumes_while_its_own_client_runs(batch: Batch, a_client: subprocess.Popen[bytes]) -> None:
    owner = _session("owner", a_client)
    batch.begin(session=owner)
    batch.pause(session=NO_SESSION)
    assert assigned(batch.resume(session=owner)) == 1


def test_the_same_client_with_a_new_session_is_still_the_owner(
    batch: Batch, a_client: subprocess.Popen[bytes]
) -> None:
    batch.begin(session=_session("before /clear", a_client))
    assert assigned(batch.next(session=_session("after /clear", a_client))) == 1


def test_the_owner_in_a_new_client_is_the_owner(batch: Batch, a_client: subprocess.Popen[bytes]) -> None:
    batch.begin(session=_session("owner", a_client))
    a_client.kill()
    a_client.wait()
    assert assigned(batch.next(session=Session("owner", identity(os.getpid())))) == 1


def test_the_owner_opened_a_second_time_beside_itself_is_a_stranger(
    batch: Batch, a_client: subprocess.Popen[bytes]
) -> None:
    batch.begin(session=_session("owner", a_client))
    assert refusal(batch.next(session=Session("owner", identity(os.getpid())))) == StrangerSession()


def test_a_batch_begun_at_a_shell_is_anybodys_until_a_session_resumes_it(batch: Batch) -> None:
    batch.begin(session=NO_SESSION)
    assert assigned(batch.next(session=STRANGER)) == 1
    batch.resume(session=OWNER)
    assert refusal(batch.next(session=STRANGER)) == StrangerSession()


# --- the end ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("session", [OWNER, STRANGER, NO_SESSION])
def test_ending_a_batch_keeps_its_history_and_what_is_in_the_tree(batch: Batch, session: Session) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.work(2)
    batch_id = batch.state.batch_id
    state = ended(batch.cancel(session=session))
    assert (state.status, state.completed_features, list(state.open_attempts)) == ("cancelled", (0,), [1])
    assert not batch.project.state.exists()
    assert (batch.root / "feature2.py").exists()
    [past] = batch.past()
    assert (past.batch_id, past.status) == (batch_id, "cancelled")
    assert batch.told == [BatchEnded(state)]


def test_ending_a_batch_ends_the_check_that_is_going(batch: Batch) -> None:
    batch.repository.write(".git/slow")
    assert batch.begin(wait=0.0) == Waiting(cause=CheckRuns(command="./check.sh", is_first=True))
    batch.cancel()
    assert not (batch.root / ".claude/batches/check-run.json").exists()
    (batch.root / ".git/slow").unlink()


def test_a_paused_batch_can_be_ended(batch: Batch) -> None:
    batch.begin()
    batch.pause()
    state = ended(batch.cancel())
    assert (state.status, state.pause) == ("cancelled", None)


def test_a_stopped_batch_goes_on_like_a_paused_one(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.work(2)
    batch_id = batch.state.batch_id
    batch.cancel()
    assert assigned(batch.resume()) == 2
    assert (batch.state.batch_id, batch.state.status) == (batch_id, "in_progress")
    assert assigned(batch.done(2)) == 3


def test_a_batch_that_was_stopped_before_another_one_is_not_what_resume_means(batch: Batch) -> None:
    batch.begin()
    batch.cancel()
    batch.begin("Greet the user")
    batch.work(1)
    state = ended(batch.done(1))
    assert refusal(batch.resume()) == NothingToResume(batch_id=state.batch_id, status="completed")


def test_who_is_not_sure_is_asked_while_a_feature_is_being_worked_on(batch: Batch) -> None:
    batch.begin()
    assert refusal(batch.cancel(sure=False)) == WorkGoesOn(number=1, total=3)
    assert batch.state.is_going
    batch.pause()
    assert ended(batch.cancel(sure=False)).status == "cancelled"


def test_the_end_of_an_agent_that_outlives_its_batch_is_written_down(
    batch: Batch, a_client: subprocess.Popen[bytes]
) -> None:
    owner = _session("owner", a_client)
    batch.begin(session=owner)
    batch.project.state.update(lambda state: attempts.worker_begun(state, 0, "a1", owner.client))
    assert refusal(batch.cancel(session=owner, sure=False)) == WorkGoesOn(number=1, total=3, by_agent=True)
    ended(batch.cancel(session=owner))
    batch.project.state.update(lambda state: attempts.worker_ended(state, "a1"))
    assert assigned(batch.resume(session=owner)) == 1
    assert batch.state.open_attempts[0].worker is None


def test_after_the_end_a_new_batch_begins(batch: Batch) -> None:
    batch.begin()
    batch.cancel()
    assert assigned(batch.begin("Something else")) == 1


# --- the breakers -----------------------------------------------------------------------------------


def test_the_breakers_are_closed_for_the_batch_that_is_meant(batch: Batch) -> None:
    batch.begin()
    opened = {"consecutive_failures": 5, "opened_at": 1.0}
    batch.project.state.update(lambda state: Transition("issue_close", replace(state, github_breaker=opened)))
    with pytest.raises(RefusedError) as refused:
        reset_breakers(batch.project, "another")
    assert refused.value.refusal == OtherBatch(current=batch.state.batch_id, asked="another")
    assert batch.state.github_breaker == opened
    assert reset_breakers(batch.project, batch.state.batch_id) == ()
    assert batch.state.github_breaker is None


def test_a_state_of_the_first_version_goes_on_when_a_person_takes_it_over(batch: Batch) -> None:
    (batch.root / ".claude").mkdir()
    first = Path(__file__).parents[1] / "state/released_states/version_1_every_field.json"
    shutil.copy(first, batch.root / ".claude/batch_state.json")
    with pytest.raises(UnversionedStateError):
        batch.resume()
    batch.resume(migrate=True)
    assert batch.state.version == VERSION
