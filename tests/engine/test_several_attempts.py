"""Several features are at work: what is said of one is about that one, and the others stay as they are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.batches import Batch, assigned, ended, news, refusal

from batch_implement.engine import done
from batch_implement.engine.advance import next_feature
from batch_implement.engine.claim import Claim
from batch_implement.engine.done import finish_feature
from batch_implement.engine.fail import fail_feature
from batch_implement.engine.project import Project
from batch_implement.model import attempts
from batch_implement.model.attempt import Attempt, Workspace
from batch_implement.model.outcomes import (
    Assigned,
    CommitAdopted,
    FeatureDone,
    GivenUp,
    Waiting,
    WorkerRuns,
)
from batch_implement.model.record import replace
from batch_implement.model.refusals import CheckFailed, NotAtWork, NothingChanged
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.session import Session
from batch_implement.oversight.workers import at_work
from batch_implement.system.process.identity import identity
from batch_implement.workspace.baseline import to_record
from batch_implement.workspace.changes import take_baseline

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.model.batch import Batch as State

AT = "2026-01-31T08:05:00.000000Z"


class Lane:
    """A worktree with a branch of its own, in which the second feature is at work."""

    def __init__(self, batch: Batch, path: Path) -> None:
        self.path = path
        self.project = Project(batch.root, path)
        batch.repository.run("worktree", "add", "--quiet", "-b", "lane", str(path))
        _open(self.project, 1, str(path))

    def work(self) -> None:
        (self.path / "feature2.py").write_text("print(2)\n")
        (self.path / "tests/feature2.t").touch()


def _open(project: Project, index: int, place: str = "") -> State:
    baseline = to_record(take_baseline(project.git))
    workspace = Workspace(path=place)
    return project.state.update(
        lambda state: attempts.begin(state, index, at=AT, baseline=baseline, workspace=workspace)
    )


def _first(batch: Batch) -> Attempt:
    return batch.state.open_attempts[0]


@pytest.fixture
def two(batch: Batch) -> Batch:
    """Features 1 and 2 of 3 are at work in the main tree."""
    batch.begin()
    _open(batch.project, 1)
    return batch


@pytest.fixture
def lane(batch: Batch, tmp_path: Path) -> Lane:
    """Feature 1 of 3 is at work in the main tree, half done, and feature 2 in a lane."""
    batch.begin()
    batch.work(1)
    return Lane(batch, tmp_path / "lane")


# --- the state --------------------------------------------------------------------------------------


def test_the_state_has_both_each_with_its_own_workspace_and_baseline(batch: Batch, lane: Lane) -> None:
    state = batch.state
    assert list(state.open_attempts) == [0, 1]
    first, second = state.open_attempts.values()
    assert (first.workspace.path, second.workspace.path) == ("", str(lane.path))
    assert (first.baseline, second.baseline) != (None, None)
    assert [one.baseline.branch for one in (first, second) if one.baseline] == ["main", "lane"]
    assert list(batch.fields["open_attempts"]) == ["0", "1"]
    assert (state.closed, refusal(batch.done(3))) == (set(), NotAtWork(number=3, current=1))


def test_ending_one_does_not_touch_the_other(two: Batch) -> None:
    state = two.state
    after = attempts.end(state, 0, at=AT, error="why", goes_on=True)
    assert after.open_attempts == {1: state.open_attempts[1]}
    assert [one.error for one in after.attempts[0]] == ["why"]
    assert 1 not in after.attempts


def test_one_that_is_begun_or_closed_is_not_begun_again(two: Batch) -> None:
    state = two.state
    baseline = state.open_attempts[0].baseline
    assert baseline is not None
    assert attempts.begin(state, 1, at=AT, baseline=baseline) is NOTHING
    closed = replace(state, completed_features=(2,))
    assert attempts.begin(closed, 2, at=AT, baseline=baseline) is NOTHING


def test_a_damaged_state_is_made_again_with_both(two: Batch) -> None:
    two.project.state.update(lambda state: attempts.worker_begun(state, 1, "second", "1 2 3"))
    two.project.state.update(lambda state: attempts.refused(state, 0))
    state = two.state
    path = two.root / ".claude/batch_state.json"
    path.write_bytes(path.read_bytes().replace(b'"second"', b'"SECOND"'))
    assert two.state == state
    two.project.state.update(lambda current: attempts.worker_ended(current, "second"))
    assert (two.state.open_attempts[0], two.state.open_attempts[1].worker) == (state.open_attempts[0], None)
    assert two.events[-2:] == ["recovered", "agent_ended"]


# --- their workers ----------------------------------------------------------------------------------


def test_a_workers_end_is_that_of_its_own_attempt(two: Batch) -> None:
    state = two.state
    for index, worker in ((0, "first"), (1, "second")):
        begun = attempts.worker_begun(state, index, worker, "1 2 3").after
        assert begun is not None
        state = begun
    found = attempts.attempt_of(state, "second")
    assert found is not None
    assert found.feature_index == 1
    after = attempts.worker_ended(state, "second").after
    assert after is not None
    assert after.open_attempts[0] == state.open_attempts[0]
    assert (after.open_attempts[1].worker, after.open_attempts[1].workers) == (None, 1)
    cut_off = attempts.worker_cut_off(state, "first").after
    assert cut_off is not None
    assert cut_off.open_attempts[1] == state.open_attempts[1]
    assert attempts.worker_ended(state, "third") is NOTHING
    assert attempts.worker_cut_off(state, "third") is NOTHING


def test_only_the_feature_whose_worker_is_at_work_is_waited_for(batch: Batch) -> None:
    client = identity(os.getpid())
    owned = Batch(batch.repository, Session("owner", client))
    owned.begin()
    _open(owned.project, 1)
    owned.project.state.update(lambda state: attempts.worker_begun(state, 0, "first", client))
    assert [one.feature_index for one in at_work(owned.state)] == [0]
    assert owned.done(1, wait=0.0) == Waiting(cause=WorkerRuns(number=1))
    assert refusal(owned.done(2, wait=0.0)) == NothingChanged(number=2)
    first, second = owned.state.open_attempts.values()
    assert [(one.awaited, one.refusals) for one in (first, second)] == [(1, 0), (0, 1)]


# --- the engine -------------------------------------------------------------------------------------


def test_the_second_is_done_while_the_first_goes_on(two: Batch) -> None:
    two.work(2)
    first = _first(two)
    outcome = two.done(2)
    commit = two.repository.run("rev-parse", "HEAD")
    assert (assigned(outcome), news(outcome)) == (1, (FeatureDone(number=2, commit=commit),))
    state = two.state
    assert (state.completed_features, state.open_attempts) == ((1,), {0: first})
    assert state.evidence[1].commit == commit
    two.work(1)
    assert assigned(two.done(1)) == 3
    assert two.state.completed_features == (1, 0)
    assert set(two.repository.tracked()) - set(two.repository.tracked("HEAD^")) == {
        "feature1.py",
        "tests/feature1.t",
    }


def test_the_second_is_proven_and_committed_in_its_own_workspace(batch: Batch, lane: Lane) -> None:
    before, first = batch.repository.run("status", "--porcelain"), _first(batch)
    lane.work()
    outcome = finish_feature(lane.project, 2, Claim(), wait=60.0)
    assert isinstance(outcome, Assigned)
    [said] = outcome.news
    assert isinstance(said, FeatureDone)
    assert said.commit == batch.repository.run("rev-parse", "lane")
    assert (batch.state.completed_features, batch.state.open_attempts) == ((1,), {0: first})
    assert batch.repository.run("status", "--porcelain") == before
    assert "feature2.py" in batch.repository.tracked("lane")
    assert "feature2.py" not in batch.repository.tracked("main")


def test_a_check_that_fails_counts_for_the_feature_it_was_run_for(batch: Batch, lane: Lane) -> None:
    lane.work()
    (lane.path / "broken").touch()
    why = refusal(finish_feature(lane.project, 2, Claim(), wait=60.0))
    assert isinstance(why, CheckFailed)
    assert why.number == 2
    first, second = batch.state.open_attempts.values()
    assert [(one.failed_checks, one.refusals) for one in (first, second)] == [(0, 0), (1, 1)]
    assert assigned(batch.done(1)) == 2


def test_the_second_fails_and_only_its_work_is_set_aside(batch: Batch, lane: Lane) -> None:
    before, first = batch.repository.run("status", "--porcelain"), _first(batch)
    lane.work()
    outcome = fail_feature(lane.project, 2, error="too hard", wait=60.0)
    assert isinstance(outcome, Assigned)
    [said] = outcome.news
    assert isinstance(said, GivenUp)
    assert "feature2.py" in batch.repository.tracked(said.kept_on)
    assert not (lane.path / "feature2.py").exists()
    assert (batch.state.failed, batch.state.open_attempts) == ({1}, {0: first})
    assert batch.repository.run("status", "--porcelain") == before


def test_what_was_committed_before_a_crash_is_adopted_for_the_feature_it_is_of(
    batch: Batch, lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    lane.work()
    with monkeypatch.context() as patched:
        patched.setattr(done, "completed", killed)
        with pytest.raises(KeyboardInterrupt):
            finish_feature(lane.project, 2, Claim(), wait=60.0)
    first = _first(batch)
    assert news(batch.next()) == ()  # it is not in the main tree
    outcome = next_feature(lane.project, wait=60.0)
    commit = batch.repository.run("rev-parse", "lane")
    assert news(outcome) == (CommitAdopted(number=2, commit=commit),)
    assert (batch.state.completed_features, batch.state.open_attempts) == ((1,), {0: first})


def test_only_the_one_that_began_from_a_lost_commit_begins_again(two: Batch) -> None:
    def lose(state: State) -> Transition:
        lost = replace(state.open_attempts[1], base_commit="f" * 40)
        return Transition("lost", attempts.with_attempt(state, lost))

    first = _first(two)
    two.project.state.update(lose)
    assert assigned(two.resume()) == 1
    assert two.state.open_attempts == {0: first}


def test_the_batch_has_not_ended_while_one_is_at_work(batch: Batch) -> None:
    batch.begin("Greet the user", "Count the visits")
    _open(batch.project, 1)
    assert assigned(batch.fail(1)) == 2
    assert batch.state.status == "in_progress"
    batch.work(2)
    assert ended(batch.done(2)).open_attempts == {}
