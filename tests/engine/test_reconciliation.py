"""After a crash: what git knows and the record doesn't, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import assigned, news

from batch_implement.engine import done
from batch_implement.model.outcomes import AlreadyDone, CommitAdopted

if TYPE_CHECKING:
    from tests.batches import Batch


class Killed(BaseException):
    """The process ends here."""


def _killed_before_recording(batch: Batch, number: int) -> None:
    def killed(*_: object, **__: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(done, "completed", killed)
        with pytest.raises(Killed):
            batch.done(number)


def _forget_unreachable(batch: Batch) -> None:
    """What a power loss takes: objects that no branch names."""
    batch.repository.run("reflog", "expire", "--expire=now", "--all")
    batch.repository.run("gc", "--quiet", "--prune=now")


def test_a_commit_made_before_a_crash_is_adopted_with_its_evidence(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    _killed_before_recording(batch, 1)
    assert batch.state.completed_features == ()
    outcome = batch.next()
    commit = batch.repository.run("rev-parse", "HEAD")
    assert (assigned(outcome), news(outcome)) == (2, (CommitAdopted(number=1, commit=commit),))
    proof = batch.state.evidence[0]
    assert (proof.exit_code, proof.tests_after, proof.commit) == (0, 3, commit)
    [attempt] = batch.state.attempts[0]
    assert attempt.proof is None
    assert news(batch.next()) == ()


def test_what_was_adopted_is_said_after_what_the_call_itself_did(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.work(2)
    _killed_before_recording(batch, 2)
    outcome = batch.done(1)
    commit = batch.repository.run("rev-parse", "HEAD")
    said = (AlreadyDone(number=1), CommitAdopted(number=2, commit=commit))
    assert (assigned(outcome), news(outcome)) == (3, said)


def test_a_commit_made_before_a_crash_is_not_made_again_by_done(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    _killed_before_recording(batch, 1)
    commits = batch.repository.log()
    batch.done(1)
    assert batch.repository.log() == commits
    assert batch.state.completed_features == (0,)
    assert batch.check_runs == 2  # before the first feature, and for it


def test_a_commit_that_was_not_proven_is_not_adopted_whatever_its_trailers_say(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.run("add", "--all")
    batch.repository.run("commit", "--quiet", "-m", f"feat: it\n\nBatch: {batch.state.batch_id}\nFeature: 1")
    assert assigned(batch.next()) == 1
    assert batch.state.completed_features == ()


def test_what_was_committed_otherwise_than_it_was_proven_is_not_adopted(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    _killed_before_recording(batch, 1)
    batch.repository.write("tests/two.t", "weaker")
    batch.repository.run("commit", "--quiet", "--all", "--amend", "--no-edit")
    assert assigned(batch.next()) == 1
    assert batch.state.completed_features == ()


def test_a_feature_whose_commit_was_lost_with_the_power_is_done_again(batch: Batch) -> None:
    batch.begin()
    for number in (1, 2):
        batch.work(number)
        batch.done(number)
    batch.repository.run("reset", "--quiet", "--soft", "HEAD~1")
    _forget_unreachable(batch)
    assert assigned(batch.resume()) == 2
    state = batch.state
    assert (state.completed_features, list(state.evidence)) == ((0,), [0])
    assert state.notices[-1].endswith(": 2.")
    batch.repository.run("reset", "--quiet")
    batch.done(2)  # its files outlived the commit
    batch.work(3)
    batch.done(3)
    subjects = batch.repository.run("log", "--format=%(trailers:key=Feature,valueonly)").split()
    assert subjects == ["3", "2", "1"]


def test_a_commit_that_was_made_anew_by_a_person_is_recognised(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.repository.run("commit", "--quiet", "--amend", "--no-edit", "--date=2001-01-01T00:00:00Z")
    _forget_unreachable(batch)
    batch.resume()
    assert batch.state.completed_features == (0,)
    assert batch.state.evidence[0].commit == batch.repository.run("rev-parse", "HEAD").strip()
