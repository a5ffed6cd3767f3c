"""What is to be done now can be asked as often as one likes, and nothing is changed by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import STRANGER, assigned, ended, refusal

from batch_implement.engine import advance
from batch_implement.engine.advance import pause
from batch_implement.engine.happenings import BatchEnded
from batch_implement.errors import BatchStateError
from batch_implement.model.outcomes import Ended, Paused
from batch_implement.model.record import replace
from batch_implement.model.refusals import StrangerSession
from batch_implement.oversight.session import NO_SESSION
from batch_implement.oversight.waits import current_wait, wait_until, woken

if TYPE_CHECKING:
    from tests.batches import Batch

    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch as State


def test_asking_again_gives_the_same_assignment_and_changes_no_byte(batch: Batch) -> None:
    batch.begin()
    first, before = batch.next(), batch.state_bytes
    assert [batch.next() for _ in range(3)] == [first] * 3
    assert assigned(first) == 1
    assert batch.state_bytes == before
    assert batch.check_runs == 1


def test_a_person_at_a_shell_may_ask_and_another_session_may_not(batch: Batch) -> None:
    batch.begin()
    assert assigned(batch.next(session=NO_SESSION)) == 1
    assert refusal(batch.next(session=STRANGER)) == StrangerSession()


def test_without_a_batch_there_is_nothing_to_do(batch: Batch) -> None:
    with pytest.raises(BatchStateError):
        batch.next()


@pytest.mark.parametrize("name", ["features with blanks.txt", "-features.txt"])
def test_the_features_file_may_have_any_name(batch: Batch, name: str) -> None:
    batch.repository.write(name, "Greet the user\n")
    assert batch.call("start", "--", name).kind == "assigned"
    assert batch.state.features_file == name


def test_a_batch_that_has_ended_says_so_again_without_telling_anybody(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    state = ended(batch.done(1))
    told, before = list(batch.told), batch.state_bytes
    assert [batch.next() for _ in range(2)] == [Ended(batch=state)] * 2
    assert (batch.told, batch.state_bytes) == (told, before)


def test_the_state_does_not_grow_by_the_users_files_with_every_feature(batch: Batch) -> None:
    for number in range(50):
        batch.repository.write(f"notes{number}.txt")
    batch.begin(*(f"Write page {number}" for number in range(8)))
    sizes = []
    for number in range(1, 8):
        batch.done(number, no_change="it is there")
        sizes.append(len(batch.state_bytes))
    assert sizes[-1] - sizes[0] < 6 * 1_000


def test_what_has_ended_is_not_paused_by_who_comes_too_late(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    state = ended(batch.done(1))
    told = list(batch.told)
    assert pause(batch.project, "outage") == Ended(batch=state)
    assert (batch.state.status, batch.told) == ("completed", told)


def test_who_pauses_what_is_paused_is_told_of_the_first_pause(batch: Batch) -> None:
    batch.begin()
    first = batch.pause()
    assert pause(batch.project, "outage") == first
    assert len(batch.told) == 1


def test_a_batch_that_a_person_pauses_while_it_ends_is_paused(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch.begin("Greet the user")
    batch.work(1)

    def deliver(project: Project, state: State, *, final: bool = False) -> State:
        if final:
            batch.pause()
        return state

    monkeypatch.setattr(advance, "deliver", deliver)
    outcome = batch.done(1)
    assert isinstance(outcome, Paused)
    assert (outcome.pause.kind, batch.state.status) == ("person", "paused")
    assert not any(isinstance(happening, BatchEnded) for happening in batch.told)


def test_with_the_longest_wait_those_before_it_are_over(batch: Batch) -> None:
    batch.begin()
    now = batch.project.now()
    waits = (wait_until(now, 60, "a limit"), wait_until(now, 30, "a failure", 0), wait_until(now, 90, "", 2))
    state = replace(batch.state, waits=waits)
    assert current_wait(state) == waits[0]
    after = woken(state).after
    assert after is not None
    assert after.waits == waits[2:]
