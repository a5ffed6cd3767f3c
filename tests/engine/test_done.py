"""A feature is done when that is proven: changed, checked, committed, recorded. Nothing else makes it so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.batches import OWNER, STRANGER

from batch_implement.delivery.commit_message import trailers_of
from batch_implement.engine.done import MAX_FAILED_CHECKS, MAX_REFUSALS
from batch_implement.errors import BatchImplementError, BatchStateError, VerificationError
from batch_implement.oversight.ownership import NO_SESSION

if TYPE_CHECKING:
    from tests.batches import Batch

LIB = Path(__file__).resolve().parents[2] / "lib"


def _refused(batch: Batch, number: int, *arguments: str, kind: type[Exception] = VerificationError) -> str:
    """Why the feature is not done; that it is still open and nothing was committed is checked too."""
    commits = batch.repository.log()
    with pytest.raises(kind) as caught:
        batch.done(number, *arguments)
    assert batch.repository.log() == commits
    assert number - 1 not in batch.fields["completed_features"]
    return str(caught.value)


def test_a_proven_feature_is_committed_and_the_next_is_assigned(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    outcome = batch.done(1, "--message", "feat(ui): greet the user")
    assert outcome.kind == "assigned"
    assert "Feature 2 of 3: Count the visits" in outcome.text
    commit = batch.repository.run("rev-parse", "HEAD")
    assert f"Feature 1 is done, committed as {commit[:10]}." in outcome.text
    proof = batch.fields["evidence"]["0"]
    assert (proof["commit"], proof["check"], proof["exit_code"]) == (commit, "./check.sh", 0)
    assert (proof["tests_before"], proof["tests_after"]) == (2, 3)
    assert batch.fields["check"]["tests"] == 3


def test_the_commit_carries_the_batch_the_feature_and_the_co_author(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1, "--message", "feat(ui): greet the user\n\n- by name\n\nBatch: forged\nCloses #1")
    body = batch.repository.run("log", "-1", "--format=%B")
    assert body.startswith("feat(ui): greet the user\n\n- by name\n")
    assert trailers_of(body) == {
        "batch": batch.fields["batch_id"],
        "feature": "1",
        "co-authored-by": "Claude <noreply@anthropic.com>",
    }


def test_without_a_message_one_is_made_from_the_feature(batch: Batch) -> None:
    batch.begin("Fix the greeting of users without a name")
    batch.work(1)
    batch.done(1)
    assert batch.repository.log()[0] == "fix: the greeting of users without a name"


def test_three_features_are_three_commits_in_order_and_a_report(batch: Batch) -> None:
    batch.begin()
    for number in (1, 2):
        batch.work(number)
        assert batch.done(number).kind == "assigned"
    batch.work(3)
    outcome = batch.done(3)
    assert outcome.kind == "ended"
    assert "Give the user this report and stop." in outcome.text
    assert batch.repository.log()[:3] == [
        "feat: print a farewell",
        "feat: count the visits",
        "feat: greet the user",
    ]
    assert batch.fields["status"] == "completed"


def test_a_file_whose_name_is_not_utf8_is_committed_and_the_batch_goes_on(batch: Batch) -> None:
    batch.begin()
    batch.repository.write("gr\udcfc\udcdfe.txt")
    assert batch.done(1, "--no-change", "\udcff").kind == "assigned"
    assert "gr\udcfc\udcdfe.txt" in batch.repository.tracked()
    assert batch.fields["git_operations"]["0"]["commit"]["files"] == [r"gr\xfc\xdfe.txt"]
    assert batch.done(2, "--no-change", "it was \udcff there").kind == "assigned"
    assert batch.fields["evidence"]["1"]["no_change"] == "it was ? there"


# --- not proven -------------------------------------------------------------------------------------


def test_nothing_changed_is_not_done(batch: Batch) -> None:
    batch.begin()
    refusal = _refused(batch, 1)
    assert refusal.startswith("Nothing has changed since feature 1 began")
    assert "--no-change 'why'" in refusal
    assert batch.check_runs == 1


def test_a_call_that_is_refused_again_and_again_fails_the_feature_at_last(batch: Batch) -> None:
    batch.begin()
    for _ in range(MAX_REFUSALS - 1):
        _refused(batch, 1)
    outcome = batch.done(1)
    assert "Feature 2 of 3" in outcome.text
    [record] = batch.fields["failed_features"]
    assert record["error_message"].startswith("Refused 10 times: Nothing has changed")


def test_what_needed_no_change_is_done_with_its_reason_when_the_check_passes(batch: Batch) -> None:
    batch.begin()
    outcome = batch.done(1, "--no-change", "it greets already")
    assert outcome.kind == "assigned"
    assert "Feature 1 is done, not committed." in outcome.text
    assert batch.fields["evidence"]["0"]["no_change"] == "it greets already"
    assert "nothing had to change: it greets already" in batch.call("status", "--report").text


def test_no_change_does_not_hide_a_change(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1, "--no-change", "it greets already")
    assert "no_change" not in batch.fields["evidence"]["0"]
    assert batch.repository.log()[0] == "feat: greet the user"


def test_only_leftovers_and_the_features_file_are_no_change(batch: Batch) -> None:
    batch.begin()
    batch.repository.write("__pycache__/app.pyc")
    batch.repository.write("node_modules/x/index.js")
    batch.list_features("Greet the user", "Count the visits", "Print a farewell", "One more")
    assert "Nothing has changed" in _refused(batch, 1)


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
    refusal = _refused(batch, 1)
    assert refusal.startswith("Feature 1 is not done. ./check.sh failed with exit status 3:")
    assert "AssertionError: the sum is 5\n1 failed, 3 passed in 0.01s" in refusal
    assert refusal.endswith("Mend it and run done again.")
    assert len(refusal) < 4_000
    assert batch.fields["attempt"]["failed_checks"] == 1
    (batch.root / "broken").unlink()
    assert batch.done(1).kind == "assigned"


def test_the_same_tree_is_checked_anew_after_a_failure(batch: Batch) -> None:
    """A check may fail for a reason outside of the tree."""
    batch.begin()
    batch.work(1)
    batch.repository.write(".git/info/exclude", "broken\n")
    batch.repository.write("broken")
    _refused(batch, 1)
    (batch.root / "broken").unlink()
    assert batch.done(1).kind == "assigned"
    assert batch.check_runs == 3


def test_five_failed_checks_fail_the_feature_and_the_batch_goes_on(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.write("broken")
    for _ in range(MAX_FAILED_CHECKS - 1):
        _refused(batch, 1)
    outcome = batch.done(1)
    assert outcome.kind == "assigned"
    assert "Feature 2 of 3" in outcome.text
    [record] = batch.fields["failed_features"]
    assert record["feature_index"] == 0
    assert "exit status 3" in record["error_message"]
    assert not (batch.root / "broken").exists()
    assert batch.fields["evidence"]["0"]["kept_on"].endswith("/feature-1")


def test_fewer_tests_are_not_done(batch: Batch) -> None:
    batch.begin()
    batch.repository.write("feature1.py")
    (batch.root / "tests/one.t").unlink()
    refusal = _refused(batch, 1)
    assert "passes with 1 tests, and there were 2 before this feature" in refusal


def test_tests_of_the_feature_before_count_too(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.repository.write("feature2.py")
    (batch.root / "tests/feature1.t").unlink()
    assert "passes with 2 tests, and there were 3" in _refused(batch, 2)


def test_a_check_that_no_longer_counts_is_not_done(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.write(".git/info/exclude", "quiet\n")
    batch.repository.write("quiet")
    assert "no longer says how many tests it ran; there were 2" in _refused(batch, 1)


def test_without_a_check_a_change_has_to_do_and_the_report_says_so(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    batch.begin()
    assert "Nothing has changed" in _refused(batch, 1)
    batch.repository.write("feature1.py")
    assert batch.done(1).kind == "assigned"
    assert "nothing was proven by tests" in batch.call("status", "--report").text


def test_a_check_slower_than_the_wait_goes_on_and_is_picked_up(batch: Batch) -> None:
    batch.begin()
    batch.repository.write(".git/info/exclude", "slow\n")
    batch.work(1)
    batch.repository.write("slow")
    outcome = batch.done(1, wait=0.0)
    assert outcome.kind == "waiting"
    assert "Run the same batch-implement done command again" in outcome.text
    assert batch.fields["completed_features"] == []
    (batch.root / "slow").unlink()
    assert batch.done(1).kind == "assigned"
    assert batch.check_runs == 2


def test_work_that_changes_while_the_check_runs_is_checked_anew(batch: Batch) -> None:
    batch.begin()
    batch.repository.write(".git/info/exclude", "slow\n")
    batch.work(1)
    batch.repository.write("slow")
    assert batch.done(1, wait=0.0).kind == "waiting"
    batch.repository.write("broken")
    (batch.root / "slow").unlink()
    assert "exit status 3" in _refused(batch, 1)


# --- out of turn ------------------------------------------------------------------------------------


def test_a_later_feature_is_not_done(batch: Batch) -> None:
    batch.begin()
    batch.work(2)
    before = batch.state_bytes
    refusal = _refused(batch, 2, kind=BatchStateError)
    assert "Feature 2 is not being worked on" in refusal
    assert "Feature 1 is the one to work on" in refusal
    assert batch.state_bytes == before


@pytest.mark.parametrize("number", [0, -1, 4, 1_000_000_000_000])
def test_a_number_that_no_feature_has_is_refused(batch: Batch, number: int) -> None:
    batch.begin()
    before = batch.state_bytes
    with pytest.raises(BatchStateError, match="out of range"):
        batch.call("done", "--", str(number))
    assert batch.state_bytes == before


def test_done_twice_says_so_and_changes_nothing(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    before, commits = batch.state_bytes, batch.repository.log()
    outcome = batch.done(1)
    assert "Feature 1 is completed already." in outcome.text
    assert "Feature 2 of 3" in outcome.text
    assert (batch.state_bytes, batch.repository.log()) == (before, commits)
    assert batch.check_runs == 2


def test_a_stranger_can_not_end_a_feature(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    with pytest.raises(BatchStateError, match="belongs to another Claude Code session"):
        batch.done(1, session=STRANGER)
    assert batch.done(1, session=NO_SESSION).kind == "assigned"


def test_in_a_paused_batch_nothing_is_done(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.call("pause")
    assert "The batch is paused" in _refused(batch, 1, kind=BatchStateError)


# --- the commit -------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["Added stuff", "wip", "feat:", "feat: " + "x" * 200, "unknown: x"])
def test_a_message_that_is_not_conventional_is_refused_before_the_check(batch: Batch, message: str) -> None:
    batch.begin()
    batch.work(1)
    assert "The commit message can't be used" in _refused(batch, 1, "--message", message)
    assert batch.check_runs == 1
    assert batch.fields["attempt"].get("failed_checks", 0) == 0


def test_a_file_with_the_users_changes_is_held_apart(batch: Batch) -> None:
    batch.repository.write("app.py", "the user's\n")
    batch.list_features()
    batch.call("start", "features.txt", "--keep-dirty")
    batch.work(1)
    batch.repository.write("app.py", "the user's and the feature's\n")
    refusal = _refused(batch, 1)
    assert "Feature 1 changed what the user had uncommitted before it began: app.py" in refusal
    assert "batch-implement fail 1" in refusal
    batch.repository.write("app.py", "the user's\n")
    assert batch.done(1).kind == "assigned"
    assert batch.repository.run("status", "--porcelain") == " M app.py\n?? features.txt"


def test_a_hook_that_refuses_is_a_feature_that_is_not_done_with_the_hooks_words(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.hook("pre-commit", "echo 'lint: unused import'; exit 1")
    refusal = _refused(batch, 1)
    assert "The pre-commit hook refused the commit" in refusal
    assert "lint: unused import" in refusal
    batch.repository.hook("pre-commit", "exit 0")
    assert batch.done(1).kind == "assigned"
    assert batch.check_runs == 2


def test_on_another_branch_nothing_is_committed_and_the_work_is_kept(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.run("switch", "--quiet", "-c", "elsewhere")
    outcome = batch.done(1)
    [record] = batch.fields["failed_features"]
    assert "is on branch 'elsewhere', but the feature began on 'main'" in record["error_message"]
    kept = batch.fields["evidence"]["0"]["kept_on"]
    assert f"Its work is kept on {kept}." in outcome.text
    assert "feature1.py" in batch.repository.tracked(kept)
    assert batch.repository.log("%s") == ["Begin", "Begin"]


def test_work_that_claude_committed_itself_is_marked_as_the_features(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.run("add", "feature1.py", "tests")
    batch.repository.run("commit", "--quiet", "--message", "wip")
    assert batch.done(1).kind == "assigned"
    assert trailers_of(batch.repository.run("log", "-1", "--format=%B"))["feature"] == "1"


# --- git switched off -------------------------------------------------------------------------------


def test_with_git_switched_off_nothing_is_committed(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTO_GIT_ENABLED", "false")
    commits = batch.repository.log()
    assert "AUTO_GIT_ENABLED" in batch.begin().text
    batch.work(1)
    outcome = batch.done(1)
    assert "Feature 1 is done, not committed." in outcome.text
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
    assert batch.done(2).kind == "assigned"
    assert "Nothing has changed" in _refused(batch, 3)


def test_with_git_switched_off_uncommitted_work_is_no_obstacle(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTO_GIT_ENABLED", "false")
    batch.repository.write("app.py", "the user's\n")
    assert batch.begin().kind == "assigned"


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
    assert batch.fields["completed_features"] == []
    assert batch.call("next").kind == "assigned"
    assert batch.done(1).kind == "assigned"
    assert batch.repository.log().count("feat: greet the user") == 1
    assert batch.fields["evidence"]["0"]["commit"] == batch.repository.run("rev-parse", "HEAD")


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
    assert batch.done(1).kind == "assigned"
    assert batch.check_runs == 2
    assert batch.repository.log().count("feat: greet the user") == 1


def test_the_history_tells_what_happened(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.write("broken")
    with pytest.raises(BatchImplementError):
        batch.done(1)
    (batch.root / "broken").unlink()
    batch.done(1)
    begun = ["created", "baseline", "attempt"]
    assert batch.events == [*begun, "check_failed", "refused", "proven", "completed", "attempt"]
