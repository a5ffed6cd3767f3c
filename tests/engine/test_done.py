"""A feature is done when that is proven: changed, checked, committed, recorded. Nothing else makes it so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.batches import OWNER, STRANGER, assigned, ended, news, refusal

from batch_implement.delivery.commit_message import trailers_of
from batch_implement.engine.done import MAX_FAILED_CHECKS, MAX_REFUSALS
from batch_implement.engine.happenings import BatchEnded
from batch_implement.model.outcomes import AlreadyDone, CheckRuns, FeatureDone, GivenUp, Waiting
from batch_implement.model.refusals import (
    CheckFailed,
    CommitRefused,
    FewerTests,
    NoSuchFeature,
    NotAtWork,
    NotGoing,
    NothingChanged,
    StrangerSession,
    UnusableMessage,
    UsersFilesTouched,
)
from batch_implement.oversight.session import NO_SESSION

if TYPE_CHECKING:
    from typing import Any

    from tests.batches import Batch

    from batch_implement.model.refusals import Refusal

LIB = Path(__file__).resolve().parents[2] / "lib"


def _refused(batch: Batch, number: int, **claim: Any) -> Refusal:
    """Why the feature is not done; that it is still open and nothing was committed is checked too."""
    commits = batch.repository.log()
    why = refusal(batch.done(number, **claim))
    assert batch.repository.log() == commits
    assert number - 1 not in batch.state.completed_features
    return why


def test_a_proven_feature_is_committed_and_the_next_is_assigned(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    outcome = batch.done(1, message="feat(ui): greet the user")
    commit = batch.repository.run("rev-parse", "HEAD")
    assert (assigned(outcome), news(outcome)) == (2, (FeatureDone(number=1, commit=commit),))
    state = batch.state
    proof = state.evidence[0]
    assert (proof.commit, proof.check, proof.exit_code) == (commit, "./check.sh", 0)
    assert (proof.tests_before, proof.tests_after) == (2, 3)
    assert state.check is not None
    assert state.check.tests == 3


def test_the_commit_carries_the_batch_the_feature_and_the_co_author(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1, message="feat(ui): greet the user\n\n- by name\n\nBatch: forged\nCloses #1")
    body = batch.repository.run("log", "-1", "--format=%B")
    assert body.startswith("feat(ui): greet the user\n\n- by name\n")
    assert trailers_of(body) == {
        "batch": batch.state.batch_id,
        "feature": "1",
        "co-authored-by": "Claude <noreply@anthropic.com>",
    }


def test_without_a_message_one_is_made_from_the_feature(batch: Batch) -> None:
    batch.begin("Fix the greeting of users without a name")
    batch.work(1)
    batch.done(1)
    assert batch.repository.log()[0] == "fix: the greeting of users without a name"


def test_three_features_are_three_commits_in_order_and_an_end(batch: Batch) -> None:
    batch.begin()
    for number in (1, 2):
        batch.work(number)
        assert assigned(batch.done(number)) == number + 1
    batch.work(3)
    state = ended(batch.done(3))
    assert (state.status, state.completed_features) == ("completed", (0, 1, 2))
    assert batch.told == [BatchEnded(state)]
    assert batch.repository.log()[:3] == [
        "feat: print a farewell",
        "feat: count the visits",
        "feat: greet the user",
    ]
    assert batch.state == state


def test_a_file_whose_name_is_not_utf8_is_committed_and_the_batch_goes_on(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_REVIEW", "off")
    batch.begin()
    batch.repository.write("gr\udcfc\udcdfe.txt")
    assert assigned(batch.done(1, no_change="\udcff")) == 2
    assert "gr\udcfc\udcdfe.txt" in batch.repository.tracked()
    assert batch.state.git_operations[0]["commit"].files == (r"gr\xfc\xdfe.txt",)
    assert assigned(batch.done(2, no_change="it was \udcff there")) == 3
    assert batch.state.evidence[1].no_change == "it was ? there"


# --- not proven -------------------------------------------------------------------------------------


def test_nothing_changed_is_not_done(batch: Batch) -> None:
    batch.begin()
    assert _refused(batch, 1) == NothingChanged(number=1)
    assert batch.check_runs == 1


def test_a_call_that_is_refused_again_and_again_fails_the_feature_at_last(batch: Batch) -> None:
    batch.begin()
    for _ in range(MAX_REFUSALS - 1):
        _refused(batch, 1)
    assert batch.state.open_attempts[0].refusals == MAX_REFUSALS - 1
    assert assigned(batch.done(1)) == 2
    [failure] = batch.state.failed_features
    assert (failure.feature_index, "nothing changed" in failure.error_message) == (0, True)


def test_what_needed_no_change_is_done_with_its_reason_when_the_check_passes(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_REVIEW", "off")
    batch.begin()
    outcome = batch.done(1, no_change="it greets already")
    assert (assigned(outcome), news(outcome)) == (2, (FeatureDone(number=1),))
    proof = batch.state.evidence[0]
    assert (proof.no_change, proof.exit_code, proof.commit) == ("it greets already", 0, "")


def test_no_change_does_not_hide_a_change(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1, no_change="it greets already")
    assert batch.state.evidence[0].no_change == ""
    assert batch.repository.log()[0] == "feat: greet the user"


def test_only_leftovers_and_the_features_file_are_no_change(batch: Batch) -> None:
    batch.begin()
    batch.repository.write("__pycache__/app.pyc")
    batch.repository.write("node_modules/x/index.js")
    batch.list_features("Greet the user", "Count the visits", "Print a farewell", "One more")
    assert _refused(batch, 1) == NothingChanged(number=1)


def test_leftovers_beside_the_work_are_not_committed(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.write("__pycache__/app.pyc")
    batch.repository.write(".pytest_cache/v/lastfailed", "{}")
    batch.done(1)
    committed = set(batch.repository.tracked()) - set(batch.repository.tracked("HEAD^"))
    assert committed == {"feature1.py", "tests/feature1.t"}


def test_a_failing_check_returns_the_end_of_its_output_and_leaves_the_feature_open(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.write("broken")
    why = _refused(batch, 1)
    assert isinstance(why, CheckFailed)
    assert (why.number, why.command, why.exit_code, why.timed_out) == (1, "./check.sh", 3, False)
    assert why.output.endswith("AssertionError: the sum is 5\n1 failed, 3 passed in 0.01s")
    assert len(why.output) <= 3_000
    attempt = batch.state.open_attempts[0]
    assert (attempt.failed_checks, attempt.refusals) == (1, 1)
    (batch.root / "broken").unlink()
    assert assigned(batch.done(1)) == 2


def test_the_same_tree_is_checked_anew_after_a_failure(batch: Batch) -> None:
    """A check may fail for a reason outside of the tree."""
    batch.begin()
    batch.work(1)
    batch.repository.write(".git/info/exclude", "broken\n")
    batch.repository.write("broken")
    _refused(batch, 1)
    (batch.root / "broken").unlink()
    assert assigned(batch.done(1)) == 2
    assert batch.check_runs == 3


def test_five_failed_checks_fail_the_feature_and_the_batch_goes_on(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.write("broken")
    for _ in range(MAX_FAILED_CHECKS - 1):
        _refused(batch, 1)
    outcome = batch.done(1)
    state = batch.state
    assert assigned(outcome) == 2
    assert not (batch.root / "broken").exists()
    [said] = news(outcome)
    assert isinstance(said, GivenUp)
    assert said.kept_on == state.evidence[0].kept_on == f"batch-implement/{state.batch_id}/feature-1"
    [failure] = state.failed_features
    assert failure.feature_index == 0
    assert "./check.sh ended with 3" in failure.error_message
    assert failure.error_message.endswith("AssertionError: the sum is 5 1 failed, 3 passed in 0.01s")


def test_fewer_tests_are_not_done(batch: Batch) -> None:
    batch.begin()
    batch.repository.write("feature1.py")
    (batch.root / "tests/one.t").unlink()
    assert _refused(batch, 1) == FewerTests(number=1, command="./check.sh", before=2, after=1)


def test_tests_of_the_feature_before_count_too(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.repository.write("feature2.py")
    (batch.root / "tests/feature1.t").unlink()
    assert _refused(batch, 2) == FewerTests(number=2, command="./check.sh", before=3, after=2)


def test_a_check_that_no_longer_counts_is_not_done(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.write(".git/info/exclude", "quiet\n")
    batch.repository.write("quiet")
    assert _refused(batch, 1) == FewerTests(number=1, command="./check.sh", before=2)


def test_without_a_check_a_change_has_to_do(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    batch.begin()
    assert _refused(batch, 1) == NothingChanged(number=1)
    batch.repository.write("feature1.py")
    assert assigned(batch.done(1)) == 2
    assert batch.state.evidence[0].check is None


def test_a_check_slower_than_the_wait_goes_on_and_is_picked_up(batch: Batch) -> None:
    batch.begin()
    batch.repository.write(".git/info/exclude", "slow\n")
    batch.work(1)
    batch.repository.write("slow")
    assert batch.done(1, wait=0.0) == Waiting(cause=CheckRuns(command="./check.sh"))
    assert batch.state.completed_features == ()
    (batch.root / "slow").unlink()
    assert assigned(batch.done(1)) == 2
    assert batch.check_runs == 2


def test_work_that_changes_while_the_check_runs_is_checked_anew(batch: Batch) -> None:
    batch.begin()
    batch.repository.write(".git/info/exclude", "slow\n")
    batch.work(1)
    batch.repository.write("slow")
    assert batch.done(1, wait=0.0) == Waiting(cause=CheckRuns(command="./check.sh"))
    batch.repository.write("broken")
    (batch.root / "slow").unlink()
    assert isinstance(_refused(batch, 1), CheckFailed)


# --- out of turn ------------------------------------------------------------------------------------


def test_a_later_feature_is_not_done(batch: Batch) -> None:
    batch.begin()
    batch.work(2)
    before = batch.state_bytes
    assert _refused(batch, 2) == NotAtWork(number=2, current=1)
    assert batch.state_bytes == before


@pytest.mark.parametrize("number", [0, -1, 4, 1_000_000_000_000])
def test_a_number_that_no_feature_has_is_refused(batch: Batch, number: int) -> None:
    batch.begin()
    before = batch.state_bytes
    assert refusal(batch.done(number)) == NoSuchFeature(number=number, total=3)
    assert batch.state_bytes == before


def test_done_twice_says_so_and_changes_nothing(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    before, commits = batch.state_bytes, batch.repository.log()
    for _ in range(2):
        outcome = batch.done(1)
        assert (assigned(outcome), news(outcome)) == (2, (AlreadyDone(number=1),))
    assert (batch.state_bytes, batch.repository.log()) == (before, commits)
    assert batch.check_runs == 2


def test_a_stranger_can_not_end_a_feature(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    assert refusal(batch.done(1, session=STRANGER)) == StrangerSession()
    assert assigned(batch.done(1, session=NO_SESSION)) == 2


def test_in_a_paused_batch_nothing_is_done(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.pause()
    assert _refused(batch, 1) == NotGoing(status="paused", pause=batch.state.pause)


# --- the commit -------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["Added stuff", "wip", "feat:", "feat: " + "x" * 200, "unknown: x"])
def test_a_message_that_is_not_conventional_is_refused_before_the_check(batch: Batch, message: str) -> None:
    batch.begin()
    batch.work(1)
    why = _refused(batch, 1, message=message)
    assert isinstance(why, UnusableMessage)
    assert len(why.problems) >= 1
    assert batch.check_runs == 1
    assert batch.state.open_attempts[0].failed_checks == 0


def test_a_file_with_the_users_changes_is_held_apart(batch: Batch) -> None:
    batch.repository.write("app.py", "the user's\n")
    batch.begin(keep_dirty=True)
    batch.work(1)
    batch.repository.write("app.py", "the user's and the feature's\n")
    assert _refused(batch, 1) == UsersFilesTouched(number=1, paths=("app.py",))
    batch.repository.write("app.py", "the user's\n")
    assert assigned(batch.done(1)) == 2
    assert batch.repository.run("status", "--porcelain") == " M app.py\n?? features.txt"


def test_a_hook_that_refuses_is_a_feature_that_is_not_done_with_the_hooks_words(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.hook("pre-commit", "echo 'lint: unused import'; exit 1")
    why = _refused(batch, 1)
    assert isinstance(why, CommitRefused)
    assert why.number == 1
    assert "lint: unused import" in why.why
    batch.repository.hook("pre-commit", "exit 0")
    assert assigned(batch.done(1)) == 2
    assert batch.check_runs == 2


def test_on_another_branch_nothing_is_committed_and_the_work_is_kept(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.run("switch", "--quiet", "-c", "elsewhere")
    [said] = news(batch.done(1))
    state = batch.state
    [failure] = state.failed_features
    assert all(name in failure.error_message for name in ("'elsewhere'", "'main'"))
    assert not state.git_operations[0]["commit"].success
    assert isinstance(said, GivenUp)
    assert said.kept_on == state.evidence[0].kept_on
    assert "feature1.py" in batch.repository.tracked(said.kept_on)
    assert batch.repository.log("%s") == ["Begin", "Begin"]


def test_work_that_claude_committed_itself_is_marked_as_the_features(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.run("add", "feature1.py", "tests")
    batch.repository.run("commit", "--quiet", "--message", "wip")
    assert assigned(batch.done(1)) == 2
    assert trailers_of(batch.repository.run("log", "-1", "--format=%B"))["feature"] == "1"


# --- git switched off -------------------------------------------------------------------------------


def test_with_git_switched_off_nothing_is_committed(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTO_GIT_ENABLED", "false")
    commits = batch.repository.log()
    batch.begin()
    batch.work(1)
    assert news(batch.done(1)) == (FeatureDone(number=1),)
    assert batch.repository.log() == commits
    assert (batch.root / "feature1.py").exists()


def test_with_git_switched_off_a_feature_may_change_what_the_one_before_it_did(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTO_GIT_ENABLED", "false")
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.repository.write("feature1.py", "print('changed by the second')\n")
    assert assigned(batch.done(2)) == 3
    assert _refused(batch, 3) == NothingChanged(number=3)


def test_with_git_switched_off_uncommitted_work_is_no_obstacle(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTO_GIT_ENABLED", "false")
    batch.repository.write("app.py", "the user's\n")
    assert assigned(batch.begin()) == 1


# --- cut off in the middle --------------------------------------------------------------------------


def test_killed_between_commit_and_record_there_is_exactly_one_commit(batch: Batch) -> None:
    """git's own hook kills the program that runs git, at the moment the commit is made."""
    batch.begin()
    batch.work(1)
    batch.repository.hook("post-commit", "kill -9 $(cut -d' ' -f4 /proc/$PPID/stat)")
    environment = {**os.environ, "CLAUDE_CODE_SESSION_ID": OWNER.session_id}
    killed = subprocess.run(
        [sys.executable, str(LIB / "batch_implement/__main__.py"), "done", "1"],
        cwd=batch.root,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9
    batch.repository.hook("post-commit", "exit 0")
    assert batch.state.completed_features == ()
    assert assigned(batch.next()) == 2
    assert assigned(batch.done(1)) == 2
    assert batch.repository.log().count("feat: greet the user") == 1
    assert batch.state.evidence[0].commit == batch.repository.run("rev-parse", "HEAD")


def test_killed_after_the_check_its_result_is_picked_up(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.hook("pre-commit", "kill -9 $(cut -d' ' -f4 /proc/$PPID/stat)")
    killed = subprocess.run(
        [sys.executable, str(LIB / "batch_implement/__main__.py"), "done", "1"],
        cwd=batch.root,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9
    batch.repository.hook("pre-commit", "exit 0")
    assert assigned(batch.done(1)) == 2
    assert batch.check_runs == 2
    assert batch.repository.log().count("feat: greet the user") == 1


def test_the_history_tells_what_happened(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.write("broken")
    batch.done(1)
    (batch.root / "broken").unlink()
    batch.done(1)
    begun = ["created", "baseline", "attempt"]
    assert batch.events == [*begun, "check_failed", "refused", "proven", "completed", "attempt"]
