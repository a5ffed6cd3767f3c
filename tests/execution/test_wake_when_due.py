"""When a wait of the batch is over, and who says so: one, once, and not before."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from batch_implement.execution.in_session import wake_when_due as hook_module
from batch_implement.execution.in_session.wake_when_due import WAKE, wake_when_due, wakes_now
from batch_implement.model.batch import Batch as State
from batch_implement.model.feature import Feature
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.ownership import owner_of
from batch_implement.oversight.session import Session
from batch_implement.oversight.waits import claim_wake, current_wait, seconds_left, wait_until, with_wait
from batch_implement.system.process.identity import identity

if TYPE_CHECKING:
    from tests.batches import Batch

    from batch_implement.model.kinds import Status

NOW = datetime(2026, 1, 31, 8, 5, tzinfo=timezone.utc)
OWNER = Session("owner", identity(os.getpid()), attended=True)
STRANGER = Session("stranger", "1 1 boot", attended=True)


def _waiting(seconds: float, status: Status = "in_progress") -> State:
    return State(
        batch_id="batch-1",
        features_file="",
        features=(Feature(id="1", text="Greet the user"),),
        status=status,
        owner=owner_of(OWNER, "2026-01-31T08:00:00.000000Z"),
        waits=(wait_until(NOW, seconds, "a limit"),),
    )


def test_nobody_is_woken_before_the_time() -> None:
    state = _waiting(60)
    assert claim_wake(state, NOW + timedelta(seconds=59.9), OWNER) is NOTHING
    woken = claim_wake(state, NOW + timedelta(seconds=60), OWNER).after
    assert woken is not None
    assert woken.waits == ()


def test_only_the_owner_is_woken() -> None:
    assert claim_wake(_waiting(0), NOW, STRANGER) is NOTHING


@pytest.mark.parametrize("status", ["paused", "cancelled", "completed"])
def test_a_batch_that_does_not_go_on_wakes_nobody(status: Status) -> None:
    assert claim_wake(_waiting(0, status), NOW, OWNER) is NOTHING


def test_a_clock_set_back_by_a_day_makes_no_wait_longer_and_one_set_forward_none_negative() -> None:
    wait = current_wait(_waiting(60))
    assert wait is not None
    assert seconds_left(wait, NOW - timedelta(days=1)) == 60
    assert seconds_left(wait, NOW + timedelta(days=3650)) == 0


def _wait(batch: Batch, seconds: float) -> None:
    wait = wait_until(datetime.now(timezone.utc), seconds, "a limit")
    batch.project.state.update(lambda current: Transition("waiting", with_wait(current, wait)))


def test_of_two_that_keep_the_time_one_wakes_the_session(batch: Batch) -> None:
    batch.begin(session=OWNER)
    _wait(batch, 0)
    assert [wakes_now(batch.project.state, OWNER) for _ in range(2)] == [True, False]


def test_a_continued_session_is_woken_at_once_and_one_that_waits_when_the_time_has_come(
    batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    batch.begin(session=OWNER)
    assert wake_when_due(batch.root, OWNER, {"hook_event_name": "SessionStart"}) == WAKE
    assert "Go on with the batch." in capsys.readouterr().err
    _wait(batch, 0)
    assert wake_when_due(batch.root, OWNER, {"hook_event_name": "SessionStart"}) == WAKE
    assert "The wait is over." in capsys.readouterr().err


def test_a_wait_that_somebody_else_has_ended_is_not_ended_again(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch.begin(session=OWNER)
    _wait(batch, 3600)

    def ends_meanwhile(_: float) -> None:
        batch.project.state.update(lambda current: Transition("woken", replace(current, waits=())))

    monkeypatch.setattr(hook_module.time, "sleep", ends_meanwhile)
    assert wake_when_due(batch.root, OWNER, {"hook_event_name": "StopFailure"}) == 0


def test_beside_one_that_keeps_the_time_the_hook_leaves_the_waking_to_it(batch: Batch) -> None:
    batch.begin(session=OWNER)
    _wait(batch, 0)
    note = {"keeper": identity(os.getpid()), "client": OWNER.client}
    (batch.root / ".claude/batches/keeper.json").write_text(json.dumps(note))
    assert wake_when_due(batch.root, OWNER, {"hook_event_name": "StopFailure"}) == 0


@pytest.mark.parametrize("session", [STRANGER, Session("owner", OWNER.client, attended=False)])
def test_a_stranger_and_a_headless_session_are_never_woken(batch: Batch, session: Session) -> None:
    batch.begin(session=OWNER)
    _wait(batch, 0)
    assert wake_when_due(batch.root, session, {"hook_event_name": "SessionStart"}) == 0
