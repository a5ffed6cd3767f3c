"""A batch begins on firm ground, or says what is in the way and leaves everything as it was."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.batches import FEATURES, OWNER, STRANGER, Batch
from tests.git_repositories import assert_sound, leave_users_work, users_work

from batch_implement.errors import BatchStateError, ConfigError, GitError, PlanError
from batch_implement.oversight.ownership import NO_SESSION, Session
from batch_implement.presentation.consents import FIRST_RUN, RETRIES_UNANSWERED
from batch_implement.system.settings.consent import RETRIES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.git_repositories import Repository


def _refusal(batch: Batch, kind: type[Exception] = GitError, **options: str) -> str:
    """Why the batch did not begin; that nothing was made is checked too."""
    with pytest.raises(kind) as caught:
        batch.begin(**options)
    assert not batch.project.state.exists()
    return str(caught.value)


def test_the_first_assignment_says_what_to_do_and_how_it_ends(batch: Batch) -> None:
    outcome = batch.begin()
    assert outcome.kind == "assigned"
    assert "Feature 1 of 3: Greet the user" in outcome.text
    assert "batch-implement done 1 --message" in outcome.text
    assert "batch-implement fail 1 --error" in outcome.text


def test_the_batch_is_on_disk_with_its_owner_its_check_and_its_first_attempt(batch: Batch) -> None:
    batch.begin()
    fields = batch.fields
    assert fields["features"] == list(FEATURES)
    assert (fields["status"], fields["features_file"]) == ("in_progress", "features.txt")
    assert fields["owner"]["session_id"] == OWNER.session_id
    assert (fields["check"]["command"], fields["check"]["tests"]) == ("./check.sh", 2)
    assert fields["attempt"]["feature_index"] == 0
    assert fields["attempt"]["base_commit"] == batch.repository.run("rev-parse", "HEAD")
    assert batch.events == ["created", "baseline", "attempt"]


def test_the_plan_is_said_in_a_few_lines(batch: Batch) -> None:
    text = batch.begin("Greet", "- Count", "Greet", "- [x] Leave").text
    assert "2 features from features.txt, in the order given." in text
    assert "Features given twice are kept once (line 3)." in text
    assert "1 ticked off already and left out." in text
    assert "Check: ./check.sh (BATCH_VERIFY_COMMAND)." in text
    assert "one commit per feature on main" in text


def test_the_batchs_own_files_are_kept_out_of_git_without_touching_the_users_gitignore(batch: Batch) -> None:
    exclude = batch.root / ".git/info/exclude"
    exclude.write_text("users-own-line")
    batch.begin()
    assert batch.repository.run("status", "--porcelain") == "?? features.txt"
    assert exclude.read_text().startswith("users-own-line\n")
    batch.call("cancel")
    before = exclude.read_text()
    batch.begin()
    assert exclude.read_text() == before
    assert not (batch.root / ".gitignore").exists()


def test_planning_changes_nothing(batch: Batch) -> None:
    batch.list_features("Add login", "Add logout (after: 1)")
    before = sorted(str(path) for path in batch.root.rglob("*") if ".git/" not in str(path))
    text = batch.call("plan", "features.txt").text
    assert "1. Add login" in text
    assert "Check: ./check.sh" in text
    assert sorted(str(path) for path in batch.root.rglob("*") if ".git/" not in str(path)) == before
    assert batch.check_runs == 0


def test_a_plan_tells_what_would_refuse_the_start(batch: Batch) -> None:
    batch.repository.write("app.py", "changed\n")
    batch.list_features()
    text = batch.call("plan", "features.txt", mode="plan").text
    assert "Refused: Uncommitted changes in app.py." in text
    assert "Refused: Claude is in plan mode" in text


# --- what is in the way -----------------------------------------------------------------------------


def test_a_features_file_that_is_not_there_is_refused(batch: Batch) -> None:
    with pytest.raises(PlanError, match=r"none\.txt is not there"):
        batch.call("start", "none.txt")
    assert not batch.project.state.exists()


def test_uncommitted_changes_are_refused_with_the_way_on(batch: Batch) -> None:
    batch.repository.write("app.py", "changed\n")
    refusal = _refusal(batch)
    assert refusal.startswith("The batch was not started. Uncommitted changes in app.py.")
    assert "--keep-dirty" in refusal


def test_uncommitted_changes_are_kept_when_that_is_asked_for(batch: Batch) -> None:
    repository = batch.repository
    leave_users_work(repository)
    before = users_work(repository)
    batch.list_features()
    assert batch.call("start", "features.txt", "--keep-dirty").kind == "assigned"
    for number in (1, 2, 3):
        batch.work(number)
        batch.done(number)
    assert users_work(repository) == before
    assert [name for name in repository.tracked() if name.startswith("feature")] == [
        "feature1.py",
        "feature2.py",
        "feature3.py",
    ]


def test_untracked_files_are_no_obstacle_and_are_told(batch: Batch) -> None:
    for number in range(5):
        batch.repository.write(f"notes{number}.txt")
    text = batch.begin().text
    assert (
        "Mind: untracked files stay out of every commit: notes0.txt, notes1.txt, notes2.txt and 2 more."
        in text
    )


def test_a_features_file_that_is_tracked_and_edited_is_no_obstacle(batch: Batch) -> None:
    batch.list_features()
    batch.repository.commit()
    batch.list_features("One", "Two")
    assert batch.call("start", "features.txt").kind == "assigned"


def test_a_detached_head_is_refused(batch: Batch) -> None:
    batch.repository.run("switch", "--quiet", "--detach")
    assert "detached HEAD" in _refusal(batch)


def test_a_merge_in_progress_is_refused(batch: Batch) -> None:
    repository = batch.repository
    repository.run("switch", "--quiet", "-c", "other")
    repository.commit(**{"app.py": "theirs\n"})
    repository.run("switch", "--quiet", "main")
    repository.commit(**{"app.py": "ours\n"})
    repository.run("merge", "other", check=False)
    refusal = _refusal(batch)
    assert "in the middle of a merge" in refusal
    assert "Unresolved conflict in app.py" in refusal
    repository.run("merge", "--abort")


def test_without_an_author_it_is_refused(batch: Batch, git_home: Path) -> None:
    (git_home / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    assert "git knows no author" in _refusal(batch)


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path, git_home: Path) -> None:
    (tmp_path / "notes/.claude").mkdir(parents=True)
    (tmp_path / "notes/features.txt").write_text("Add login\n")

    class Nowhere:
        root = tmp_path / "notes"

    with pytest.raises(GitError, match=r"is not in a git repository\. Run 'git init'"):
        Batch(Nowhere()).call("start", "features.txt")  # type: ignore[arg-type]


def test_before_the_first_commit_a_batch_can_begin_and_makes_it(
    empty_repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    batch = Batch(empty_repository)
    assert batch.begin().kind == "assigned"
    batch.work(1)
    assert batch.done(1).kind == "assigned"
    assert set(empty_repository.tracked()) == {"feature1.py", "tests/feature1.t"}
    assert_sound(empty_repository)


def test_in_plan_mode_it_is_refused(batch: Batch) -> None:
    assert "plan mode, in which nothing can be changed" in _refusal(batch, mode="plan")


@pytest.mark.parametrize("mode", ["default", "acceptEdits"])
def test_a_permission_mode_that_asks_is_told_before_the_first_assignment(batch: Batch, mode: str) -> None:
    assert f"Mind: permission mode '{mode}' stops at the first tool call" in batch.begin(mode=mode).text


@pytest.mark.parametrize("mode", ["auto", "bypassPermissions", ""])
def test_a_permission_mode_that_does_not_ask_is_not_mentioned(batch: Batch, mode: str) -> None:
    assert "permission mode" not in batch.begin(mode=mode).text


def test_a_malformed_setting_is_refused_by_name(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTO_GIT_ENABLED", "maybe")
    assert _refusal(batch, ConfigError).startswith("AUTO_GIT_ENABLED in the environment is 'maybe'")


def test_a_check_that_needs_a_shell_is_refused(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "make test | tee log")
    assert "needs a shell" in _refusal(batch, ConfigError)


def test_every_obstacle_is_named_at_once(batch: Batch, git_home: Path) -> None:
    batch.repository.write("app.py", "changed\n")
    batch.repository.run("switch", "--quiet", "--detach")
    refusal = _refusal(batch, mode="plan")
    assert all(words in refusal for words in ("detached HEAD", "app.py", "plan mode"))


@pytest.mark.parametrize("session", [OWNER, STRANGER, NO_SESSION])
def test_a_second_batch_is_refused_while_one_is_at_work(batch: Batch, session: object) -> None:
    batch.begin()
    before = batch.state_bytes
    with pytest.raises(BatchStateError, match=r"A batch is at work in this project already.*--resume"):
        batch.call("start", "features.txt", session=session)  # type: ignore[arg-type]
    assert batch.state_bytes == before


def test_a_paused_batch_is_in_the_way_too(batch: Batch) -> None:
    batch.begin()
    batch.call("pause")
    with pytest.raises(BatchStateError, match="paused"):
        batch.begin()


def test_a_batch_that_has_ended_makes_room(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    assert batch.done(1).kind == "ended"
    first = batch.fields["batch_id"]
    assert batch.begin("Count the visits").kind == "assigned"
    assert batch.fields["batch_id"] != first
    assert [past["batch_id"] for past in batch.past()] == [first]


# --- the check --------------------------------------------------------------------------------------


def test_no_check_is_said_in_the_plan(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    text = batch.begin().text
    assert "Check: none found." in text
    assert "Mind: no check command was found" in text
    assert "Set BATCH_VERIFY_COMMAND in .env." in text


def test_a_check_that_fails_before_anything_was_changed_pauses_the_batch_with_its_words(batch: Batch) -> None:
    batch.repository.commit(broken="")
    outcome = batch.begin()
    assert outcome.kind == "stopped"
    assert "./check.sh fails before any feature has begun" in outcome.text
    assert "AssertionError: the sum is 5" in outcome.text
    assert len(outcome.text) < 6_000
    assert batch.fields["status"] == "paused"
    assert batch.fields["attempt"] is None


def test_a_check_that_was_mended_is_run_anew_when_the_batch_is_resumed(batch: Batch) -> None:
    batch.repository.commit(broken="")
    batch.begin()
    (batch.root / "broken").unlink()
    batch.repository.commit()
    assert batch.call("resume").kind == "assigned"
    assert batch.check_runs == 2
    assert batch.fields["check"]["tests"] == 2


def test_a_check_that_could_not_be_started_pauses_the_batch(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "no-such-program --all")
    outcome = batch.begin()
    assert outcome.kind == "stopped"
    assert "Could not start 'no-such-program'" in outcome.text
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "./check.sh")
    assert batch.call("resume").kind == "assigned"
    assert batch.fields["check"]["command"] == "./check.sh"


def test_pytest_without_a_test_yet_is_no_failure(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    batch.repository.write("pytest", "#!/bin/sh\necho no tests ran in 0.01s\nexit 5\n", executable=True)
    batch.repository.commit()
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "./pytest")
    assert batch.begin().kind == "assigned"
    assert batch.fields["check"]["tests"] == 0


def test_a_check_slower_than_the_wait_is_picked_up_by_next(batch: Batch) -> None:
    batch.repository.write(".git/info/exclude", "slow\n")
    batch.repository.write("slow")
    outcome = batch.begin(wait=0.0)
    assert outcome.kind == "waiting"
    assert "Run again: batch-implement next" in outcome.text
    assert batch.call("next", wait=0.0).kind == "waiting"
    assert batch.fields["attempt"] is None
    (batch.root / "slow").unlink()
    assert batch.call("next").kind == "assigned"
    assert batch.check_runs == 1


def test_what_the_check_itself_writes_is_no_work(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    batch.repository.write(
        "report.sh", "#!/bin/sh\ndate > report.xml\necho 2 passed in 0.1s\n", executable=True
    )
    batch.repository.commit()
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "./report.sh")
    batch.begin()
    assert batch.fields["check"]["generated"] == ["report.xml"]
    batch.work(1)
    batch.done(1)
    assert "report.xml" not in batch.repository.tracked()


def test_a_setting_in_the_projects_env_file_counts(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    batch.repository.write(".env", "BATCH_VERIFY_COMMAND='./check.sh'\nLD_PRELOAD=/tmp/evil.so\n")
    batch.repository.write(".gitignore", ".env\n")
    batch.repository.commit()
    batch.begin()
    assert batch.fields["check"]["command"] == "./check.sh"
    assert "LD_PRELOAD" not in os.environ


def test_one_feature_in_words_is_a_batch_of_one(batch: Batch) -> None:
    outcome = batch.call("implement", "Greet", "the", "user;", "$(rm -rf /)")
    assert "Feature 1 of 1: Greet the user; $(rm -rf /)" in outcome.text
    assert batch.fields["source_type"] == "request"


class TestTheFirstRun:
    @pytest.fixture(autouse=True)
    def _nobody_has_answered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("BATCH_RETRY_ENABLED")

    def test_a_person_is_shown_what_retrying_means_and_asked_once(self, batch: Batch) -> None:
        there = replace(batch, session=Session("owner", "", attended=True))
        outcome = there.begin()
        assert FIRST_RUN[RETRIES].text in outcome.data["summary"]
        assert FIRST_RUN[RETRIES].question in outcome.text
        there.call("consent", "retry", "no")
        there.call("cancel")
        assert FIRST_RUN[RETRIES].question not in there.begin().text

    def test_a_headless_session_is_not_asked_and_says_how_to_settle_it(self, batch: Batch) -> None:
        outcome = batch.begin()
        assert RETRIES_UNANSWERED in outcome.data["summary"]
        assert FIRST_RUN[RETRIES].question not in outcome.text
