"""What is no work is written down where it ends: a pause, a wait, a time without a session."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.presentation.examples import a_batch

from batch_implement.model.batch import Batch, Owner, Pause, Wait
from batch_implement.model.record import replace
from batch_implement.model.standstill import Rest
from batch_implement.oversight.ownership import adopt, continue_with
from batch_implement.oversight.rests import rested, rested_seconds, worked_seconds
from batch_implement.oversight.session import Session
from batch_implement.oversight.waits import wait_until, with_wait, woken
from batch_implement.system.clock import timestamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from batch_implement.model.transition import Transition

START = datetime(2026, 1, 31, 8, tzinfo=timezone.utc)


def _at(minutes: float) -> str:
    return timestamp(START + timedelta(minutes=minutes))


def _kinds(batch: Batch | None) -> list[str]:
    assert batch is not None
    return [rest.kind for rest in batch.rests]


def test_a_pause_and_a_wait_end_when_the_batch_goes_on() -> None:
    batch = a_batch(pause=Pause(kind="person", since=_at(1)), waits=(Wait(at=_at(9), since=_at(2)),))
    after = rested(batch, _at(5))
    assert after.rests == (
        Rest(kind="paused", since=_at(1), until=_at(5)),
        Rest(kind="waiting", since=_at(2), until=_at(5)),
    )
    on = replace(after, pause=None, waits=())
    assert worked_seconds(on, _at(0), _at(10)) == 6 * 60


def test_a_wait_that_is_over_is_written_down_and_a_longer_one_goes_on() -> None:
    limit, own = Wait(at=_at(3), since=_at(1)), Wait(at=_at(90), since=_at(1), feature=2)
    after = woken(a_batch(waits=(limit, own))).after
    assert _kinds(after) == ["waiting"]
    assert after is not None
    assert after.waits == (own,)


def test_a_wait_that_is_put_in_place_of_another_began_with_that() -> None:
    first = with_wait(a_batch(), wait_until(START, 60, "the API has failed"))
    second = with_wait(first, wait_until(START + timedelta(minutes=1), 600, "a usage limit was reached"))
    assert second.waits[0].since == _at(0)


@pytest.mark.parametrize("takes_up", [adopt, continue_with])
@pytest.mark.parametrize(("client", "kinds"), [("1 2 another", ["away"]), ("1 2 boot", [])])
def test_another_client_finds_it_left_alone_and_a_cleared_conversation_does_not(
    takes_up: Callable[[Session, str, Batch], Transition], client: str, kinds: list[str]
) -> None:
    batch = a_batch(updated_at=_at(1), owner=Owner(session_id="a", client="1 2 boot"))
    assert _kinds(takes_up(Session("b", client), _at(9), batch).after) == kinds


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_rests_that_overlap_count_once(pairs: list[tuple[int, int]]) -> None:
    rests = tuple(Rest(kind="paused", since=_at(min(pair)), until=_at(max(pair))) for pair in pairs)
    still = {minute for pair in pairs for minute in range(min(pair), max(pair))}
    batch = a_batch(rests=rests)
    assert worked_seconds(batch, _at(10), _at(50)) == 60 * (40 - len(still & set(range(10, 50))))
    assert sum(rested_seconds(batch).values()) == 60 * sum(abs(one - other) for one, other in pairs)
