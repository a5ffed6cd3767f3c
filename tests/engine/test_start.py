"""A batch begins on firm ground, or what is in the way is said and everything left as it was."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.batches import FEATURES, OWNER, STRANGER, Batch, assigned, ended, refusal
from tests.git_repositories import assert_sound, leave_users_work, users_work

from batch_implement.engine.happenings import BatchPaused
from batch_implement.engine.start import start_batch
from batch_implement.errors import ConfigError, GitError, PlanError
from batch_implement.model.outcomes import Assigned, CheckRuns, Paused, Waiting
from batch_implement.model.refusals import BatchAtWork, CannotStart
from batch_implement.oversight.session import NO_SESSION, Session
from batch_implement.sources.base import Feature, FeatureSource

if TYPE_CHECKING:
    from pathlib import Path

    from tests.git_repositories import Repository

    from batch_implement.model.batch import Pause


def _reasons(batch: Batch, **options: str) -> tuple[str, ...]:
    """Why the batch did not begin; that nothing was made is checked too."""
    why = refusal(batch.begin(**options))
    assert isinstance(why, CannotStart)
    assert not batch.project.state.exists()
    return why.reasons


def test_the_first_feature_is_assigned(batch: Batch) -> None:
    outcome = batch.begin()
    assert assigned(outcome) == 1
    assert outcome == Assigned(batch=batch.state)


def test_the_batch_is_on_disk_with_its_owner_its_check_and_its_first_attempt(batch: Batch) -> None:
    batch.begin()
    state = batch.state
    assert tuple(feature.text for feature in state.features) == FEATURES
    assert (state.status, state.features_file) == ("in_progress", "features.txt")
    assert state.owner is not None
    assert state.owner.session_id == OWNER.session_id
    assert state.check is not None
    assert (state.check.command, state.check.tests) == ("./check.sh", 2)
    assert list(state.open_attempts) == [0]
    attempt = state.open_attempts[0]
    assert (attempt.feature_index, attempt.number) == (0, 1)
    assert attempt.base_commit == batch.repository.run("rev-parse", "HEAD")
    assert batch.events == ["created", "baseline", "attempt"]


def test_what_was_noticed_about_the_features_is_kept_for_the_report(batch: Batch) -> None:
    batch.begin("Greet", "- Count", "Greet", "- [x] Leave")
    assert [feature.text for feature in batch.state.features] == ["Greet", "Count"]
    assert len(batch.state.notices) == 2


def test_the_batchs_own_files_are_kept_out_of_git_without_touching_the_users_gitignore(batch: Batch) -> None:
    exclude = batch.root / ".git/info/exclude"
    exclude.write_text("users-own-line")
    batch.begin()
    assert batch.repository.run("status", "--porcelain") == "?? features.txt"
    assert exclude.read_text().startswith("users-own-line\n")
    batch.cancel()
    before = exclude.read_text()
    batch.begin()
    assert exclude.read_text() == before
    assert not (batch.root / ".gitignore").exists()


def test_planning_changes_nothing(batch: Batch) -> None:
    batch.list_features("Add login", "Add logout (after: 1)")
    before = sorted(str(path) for path in batch.root.rglob("*") if ".git/" not in str(path))
    plan = batch.plan_of("features.txt")
    assert (plan.texts, plan.dependencies) == (["Add login", "Add logout (after: 1)"], {0: [], 1: [0]})
    assert str(plan.check) == "./check.sh"
    assert sorted(str(path) for path in batch.root.rglob("*") if ".git/" not in str(path)) == before
    assert batch.check_runs == 0


def test_a_plan_has_what_would_refuse_the_start(batch: Batch) -> None:
    batch.repository.write("app.py", "changed\n")
    refusals = batch.plan(mode="plan").refusals
    assert len(refusals) == 2
    assert "app.py" in refusals[0]


# --- what is in the way -----------------------------------------------------------------------------


def test_a_features_file_that_is_not_there_is_refused(batch: Batch) -> None:
    with pytest.raises(PlanError, match=r"none\.txt"):
        batch.plan_of("none.txt")


def test_uncommitted_changes_are_refused_by_name(batch: Batch) -> None:
    batch.repository.write("app.py", "changed\n")
    [reason] = _reasons(batch)
    assert "app.py" in reason


def test_uncommitted_changes_are_kept_when_that_is_asked_for(batch: Batch) -> None:
    repository = batch.repository
    leave_users_work(repository)
    before = users_work(repository)
    assert assigned(batch.begin(keep_dirty=True)) == 1
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
    plan = batch.plan()
    assert plan.refusals == ()
    [warning] = plan.warnings
    assert "notes0.txt" in warning
    batch.begin()
    assert batch.state.notices == (warning,)


def test_a_features_file_that_is_tracked_and_edited_is_no_obstacle(batch: Batch) -> None:
    batch.list_features()
    batch.repository.commit()
    assert assigned(batch.begin("One", "Two")) == 1


def test_a_detached_head_is_refused(batch: Batch) -> None:
    batch.repository.run("switch", "--quiet", "--detach")
    [reason] = _reasons(batch)
    assert "detached HEAD" in reason


def test_a_merge_in_progress_is_refused(batch: Batch) -> None:
    repository = batch.repository
    repository.run("switch", "--quiet", "-c", "other")
    repository.commit(**{"app.py": "theirs\n"})
    repository.run("switch", "--quiet", "main")
    repository.commit(**{"app.py": "ours\n"})
    repository.run("merge", "other", check=False)
    reasons = _reasons(batch)
    assert any("merge" in reason for reason in reasons)
    assert any("app.py" in reason for reason in reasons)
    repository.run("merge", "--abort")


def test_without_an_author_it_is_refused(batch: Batch, git_home: Path) -> None:
    (git_home / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    [reason] = _reasons(batch)
    assert "author" in reason


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path, git_home: Path) -> None:
    (tmp_path / "notes/.claude").mkdir(parents=True)
    (tmp_path / "notes/features.txt").write_text("Add login\n")

    class Nowhere:
        root = tmp_path / "notes"

    with pytest.raises(GitError):
        Batch(Nowhere()).plan_of("features.txt")  # type: ignore[arg-type]


def test_before_the_first_commit_a_batch_can_begin_and_makes_it(
    empty_repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    batch = Batch(empty_repository)
    assert assigned(batch.begin()) == 1
    batch.work(1)
    assert assigned(batch.done(1)) == 2
    assert set(empty_repository.tracked()) == {"feature1.py", "tests/feature1.t"}
    assert_sound(empty_repository)


def test_in_plan_mode_it_is_refused(batch: Batch) -> None:
    assert len(_reasons(batch, mode="plan")) == 1


@pytest.mark.parametrize("mode", ["default", "acceptEdits"])
def test_a_permission_mode_that_asks_is_told_with_the_plan(batch: Batch, mode: str) -> None:
    [warning] = batch.plan(mode=mode).warnings
    assert repr(mode) in warning


@pytest.mark.parametrize("mode", ["auto", "bypassPermissions", ""])
def test_a_permission_mode_that_does_not_ask_is_not_mentioned(batch: Batch, mode: str) -> None:
    assert batch.plan(mode=mode).warnings == ()


def test_a_malformed_setting_is_refused_by_name(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTO_GIT_ENABLED", "maybe")
    with pytest.raises(ConfigError, match=r"AUTO_GIT_ENABLED.*'maybe'"):
        batch.begin()
    assert not batch.project.state.exists()


def test_a_check_that_needs_a_shell_is_refused(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "make test | tee log")
    with pytest.raises(ConfigError, match="shell"):
        batch.begin()
    assert not batch.project.state.exists()


def test_every_obstacle_is_named_at_once(batch: Batch) -> None:
    batch.repository.write("app.py", "changed\n")
    batch.repository.run("switch", "--quiet", "--detach")
    assert len(_reasons(batch, mode="plan")) == 3


@pytest.mark.parametrize("session", [OWNER, STRANGER, NO_SESSION])
def test_a_second_batch_is_refused_while_one_is_at_work(batch: Batch, session: Session) -> None:
    batch.begin()
    before, batch_id = batch.state_bytes, batch.state.batch_id
    assert refusal(batch.begin(session=session)) == BatchAtWork(batch_id=batch_id, status="in_progress")
    assert batch.state_bytes == before


def test_a_paused_batch_is_in_the_way_too(batch: Batch) -> None:
    batch.begin()
    batch.pause()
    assert refusal(batch.begin()) == BatchAtWork(batch_id=batch.state.batch_id, status="paused")


def test_a_batch_that_has_ended_makes_room(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    first = ended(batch.done(1)).batch_id
    assert assigned(batch.begin("Count the visits")) == 1
    assert batch.state.batch_id != first
    assert [past.batch_id for past in batch.past()] == [first]


# --- the check --------------------------------------------------------------------------------------


def test_without_a_check_the_plan_warns_and_the_batch_begins(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    plan = batch.plan()
    assert plan.check is None
    [warning] = plan.warnings
    assert "BATCH_VERIFY_COMMAND" in warning
    assert assigned(batch.begin()) == 1
    assert batch.state.check is None


def _paused_for_its_check(batch: Batch) -> Pause:
    outcome = batch.begin()
    assert isinstance(outcome, Paused)
    assert batch.state.status == "paused"
    assert batch.state.pause == outcome.pause
    assert batch.state.open_attempts == {}
    [told] = batch.told
    assert isinstance(told, BatchPaused)
    assert told.pause == outcome.pause
    return outcome.pause


def test_a_check_that_fails_before_anything_was_changed_pauses_the_batch_with_its_words(batch: Batch) -> None:
    batch.repository.commit(broken="")
    pause = _paused_for_its_check(batch)
    assert (pause.kind, pause.about, pause.resumes_when) == ("failing-check", "./check.sh", "mended")
    assert "AssertionError: the sum is 5" in pause.output
    assert len(pause.output) <= 3_000


def test_a_check_that_was_mended_is_run_anew_when_the_batch_is_resumed(batch: Batch) -> None:
    batch.repository.commit(broken="")
    batch.begin()
    (batch.root / "broken").unlink()
    batch.repository.commit()
    assert assigned(batch.resume()) == 1
    assert batch.check_runs == 2
    assert batch.state.check is not None
    assert batch.state.check.tests == 2


def test_a_check_that_could_not_be_started_pauses_the_batch(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "no-such-program --all")
    pause = _paused_for_its_check(batch)
    assert (pause.kind, pause.about) == ("failing-check", "no-such-program --all")
    assert "'no-such-program'" in pause.output
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "./check.sh")
    assert assigned(batch.resume()) == 1
    assert batch.state.check is not None
    assert batch.state.check.command == "./check.sh"


def test_pytest_without_a_test_yet_is_no_failure(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    batch.repository.write("pytest", "#!/bin/sh\necho no tests ran in 0.01s\nexit 5\n", executable=True)
    batch.repository.commit()
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "./pytest")
    assert assigned(batch.begin()) == 1
    assert batch.state.check is not None
    assert batch.state.check.tests == 0


def test_a_check_slower_than_the_wait_is_picked_up_by_next(batch: Batch) -> None:
    batch.repository.write(".git/info/exclude", "slow\n")
    batch.repository.write("slow")
    waiting = Waiting(cause=CheckRuns(command="./check.sh", is_first=True))
    assert batch.begin(wait=0.0) == waiting
    assert batch.next(wait=0.0) == waiting
    assert batch.state.open_attempts == {}
    (batch.root / "slow").unlink()
    assert assigned(batch.next()) == 1
    assert batch.check_runs == 1


def test_what_the_check_itself_writes_is_no_work(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    batch.repository.write(
        "report.sh", "#!/bin/sh\ndate > report.xml\necho 2 passed in 0.1s\n", executable=True
    )
    batch.repository.commit()
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "./report.sh")
    batch.begin()
    assert batch.state.check is not None
    assert batch.state.check.generated == ("report.xml",)
    batch.work(1)
    batch.done(1)
    assert "report.xml" not in batch.repository.tracked()


def test_a_setting_in_the_projects_env_file_counts(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    batch.repository.write(".env", "BATCH_VERIFY_COMMAND='./check.sh'\nLD_PRELOAD=/tmp/evil.so\n")
    batch.repository.write(".gitignore", ".env\n")
    batch.repository.commit()
    batch.begin()
    assert batch.state.check is not None
    assert batch.state.check.command == "./check.sh"
    assert "LD_PRELOAD" not in os.environ


# --- where the features come from -------------------------------------------------------------------


def test_one_feature_in_words_is_a_batch_of_one(batch: Batch) -> None:
    assert batch.call("implement", "Greet", "the", "user;", "$(rm -rf /)").kind == "assigned"
    [feature] = batch.state.features
    assert feature.text == "Greet the user; $(rm -rf /)"
    assert batch.state.source_type == "request"


def test_where_only_some_features_have_an_issue_each_keeps_its_own(batch: Batch) -> None:
    source = FeatureSource(
        (Feature("Greet the user"), Feature("Count the visits", issue_number=72, body="All of them.")),
        "issues",
    )
    assert assigned(start_batch(batch.project, batch.plan_of(source), wait=60.0)) == 1
    assert [(feature.issue, feature.body) for feature in batch.state.features] == [
        (None, ""),
        (72, "All of them."),
    ]
    assert batch.fields["issue_numbers"] == [None, 72]


def test_the_messages_follow_the_project_s_own_log(batch: Batch) -> None:
    for number in range(8):
        batch.repository.write(f"earlier{number}.py")
        batch.repository.commit(f"Write the earlier part {number}")
    batch.begin()
    batch.work(1)
    assert "--message 'Summary in the style of git log'" in batch.call("next").text
    batch.done(1, message="Greet whoever comes in")
    batch.work(2)
    batch.done(2)
    assert batch.repository.log()[:2] == ["Count the visits", "Greet whoever comes in"]
