"""``execute_git_workflow``: the git step of one feature, as a program calls it."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from tests.github.loopback_github import Fault

from batch_implement.api.auto_implement_git_integration import execute_git_workflow
from batch_implement.presentation.consents import FIRST_RUN
from batch_implement.system.settings.consent import GIT, store_answer
from batch_implement.system.settings.user_state import UserState
from batch_implement.workspace.changes import take_baseline

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.hosting import Hosted
    from tests.git_repositories import Repository

pytest_plugins = ("tests.github.fixtures", "tests.engine.hosting")

ID = "batch-20251206-feature-1"


def _run(repository: Repository, request: str = "Add JWT validation", **given: Any) -> dict[str, Any]:
    return execute_git_workflow(ID, request, given.pop("in_batch_mode", True), root=repository.root, **given)


class TestCommitting:
    def test_what_has_changed_becomes_one_commit_with_the_trailers(self, repository: Repository) -> None:
        repository.write("jwt.py", "VALID = True\n")
        result = _run(repository)
        sha = repository.run("rev-parse", "HEAD")
        assert (result["success"], result["commit_sha"], result["errors"]) == (True, sha, [])
        assert (result["commit"]["branch"], result["commit"]["files"]) == ("main", ["jwt.py"])
        message = repository.run("log", "-1", "--format=%B")
        assert message.startswith("feat: add JWT validation\n\n")
        assert f"Batch: {ID}\nFeature: 1\n" in message
        assert result["skipped"] == {
            "push": "the repository has no remote",
            "pr": "nothing is pushed: the repository has no remote",
            "issue_close": "nothing is pushed: the repository has no remote",
        }
        json.dumps(result)

    def test_a_second_call_finds_the_commit(self, repository: Repository) -> None:
        repository.write("jwt.py", "VALID = True\n")
        first = _run(repository)
        second = _run(repository)
        assert second["commit_sha"] == first["commit_sha"]
        assert len(repository.log()) == 2

    def test_with_a_baseline_the_users_own_work_stays_out(self, busy_repository: Repository) -> None:
        baseline = take_baseline(busy_repository.git)
        busy_repository.write("jwt.py")
        result = _run(busy_repository, baseline=baseline, message="feat(auth): validate tokens")
        assert result["commit"]["files"] == ["jwt.py"]
        assert busy_repository.log()[0] == "feat(auth): validate tokens"

    def test_nothing_to_commit_is_an_error_in_the_result(self, repository: Repository) -> None:
        result = _run(repository)
        assert not result["success"]
        assert "Nothing that belongs to feature 1 differs" in result["errors"][0]
        assert repository.run("symbolic-ref", "--short", "HEAD") == "main"

    def test_a_secret_is_held_and_named_until_a_person_allows_it(self, repository: Repository) -> None:
        repository.write("id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n")
        result = _run(repository)
        assert "id_rsa" in result["commit"]["error"]
        assert "--allow 'id_rsa'" in result["commit"]["error"]
        assert len(repository.log()) == 1
        assert _run(repository, allowed=["id_rsa"])["success"]

    def test_a_hook_that_refuses_is_an_error_in_the_result(self, repository: Repository) -> None:
        repository.hook("pre-commit", "echo no tabs please; exit 1")
        repository.write("jwt.py")
        assert "no tabs please" in _run(repository)["errors"][0]

    @pytest.mark.parametrize("words", ["what?", "feat: x\n\n" + "y" * 30_000])
    def test_a_message_that_is_none_is_an_error_in_the_result(
        self, repository: Repository, words: str
    ) -> None:
        repository.write("jwt.py")
        assert "can't be used" in _run(repository, message=words)["errors"][0]

    @pytest.mark.usefixtures("git_home")
    def test_a_folder_without_a_repository_is_an_error_in_the_result(self, tmp_path: Path) -> None:
        result = execute_git_workflow(ID, "Add it", in_batch_mode=True, root=tmp_path)
        assert "is not in a git repository" in result["errors"][0]

    def test_a_detached_head_is_an_error_in_the_result(self, repository: Repository) -> None:
        repository.run("switch", "--quiet", "--detach")
        repository.write("jwt.py")
        assert "detached HEAD" in _run(repository)["errors"][0]
        assert len(repository.log()) == 1

    def test_a_setting_that_makes_no_sense_is_an_error_in_the_result(self, repository: Repository) -> None:
        repository.write(".env", "AUTO_GIT_PUSH=sometimes\n")
        assert "AUTO_GIT_PUSH in .env is 'sometimes'" in _run(repository)["errors"][0]


class TestConsent:
    def test_outside_a_batch_the_first_run_asks(self, repository: Repository, git_home: Path) -> None:
        repository.write("jwt.py")
        result = _run(repository, in_batch_mode=False)
        assert (result["consent"], result["question"]) == ("needed", FIRST_RUN[GIT].question)
        assert "AUTO_GIT_ENABLED=false" in result["text"]
        assert not result["success"]
        assert len(repository.log()) == 1
        assert not (git_home / ".autonomous-dev").exists()

    @pytest.mark.parametrize("granted", [True, False])
    def test_the_answer_is_kept_for_later_runs(
        self, repository: Repository, git_home: Path, *, granted: bool
    ) -> None:
        UserState(git_home).update({"somebody_elses": 1})
        store_answer(GIT, UserState(git_home), granted=granted)
        repository.write("jwt.py")
        result = _run(repository, in_batch_mode=False)
        assert bool(result["commit_sha"]) is granted
        assert ("commit" in result["skipped"]) is not granted
        kept = git_home / ".autonomous-dev/user_state.json"
        assert json.loads(kept.read_text()) == {"auto_git_enabled": granted, "somebody_elses": 1}
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    def test_a_batch_asks_nothing_and_heeds_a_no(self, repository: Repository, git_home: Path) -> None:
        repository.write("jwt.py")
        assert _run(repository)["commit_sha"]
        store_answer(GIT, UserState(git_home), granted=False)
        repository.write("more.py")
        assert _run(repository)["skipped"]["commit"] == "you said no when you were asked"

    @pytest.mark.parametrize("in_batch_mode", [True, False])
    def test_the_setting_comes_before_the_answer(
        self, repository: Repository, git_home: Path, *, in_batch_mode: bool
    ) -> None:
        store_answer(GIT, UserState(git_home), granted=True)
        repository.write(".env", "AUTO_GIT_ENABLED=false\n")
        repository.write("jwt.py")
        result = _run(repository, in_batch_mode=in_batch_mode)
        assert result["skipped"]["commit"] == "AUTO_GIT_ENABLED=false"
        assert result["success"]
        assert len(repository.log()) == 1

    def test_a_link_in_place_of_the_answers_is_an_error_in_the_result(
        self, repository: Repository, git_home: Path, tmp_path: Path
    ) -> None:
        (git_home / ".autonomous-dev").symlink_to(tmp_path)
        result = _run(repository, in_batch_mode=False)
        assert ".autonomous-dev" in result["errors"][0]


@pytest.mark.gh
class TestPublishing:
    def _feature(self, hosted: Hosted, request: str = "Add it (fixes #72)", **given: Any) -> dict[str, Any]:
        given.setdefault("baseline", take_baseline(hosted.repository.git))
        hosted.repository.write("jwt.py")
        return _run(hosted.repository, request, **given)

    def test_it_goes_all_the_way(self, hosted: Hosted) -> None:
        issue = hosted.server.add_issue(72, "A login")
        result = self._feature(hosted, checks="pytest: exit code 0, 41 tests")
        branch = "batch/20251206-feature-1"
        assert result["success"]
        assert result["pushed"]
        assert result["push"]["branch"] == result["commit"]["branch"] == branch
        assert result["pr_url"] == "https://github.localhost/octo/app/pull/73"
        assert result["issue_closed"]
        assert (issue.state, len(issue.comments)) == ("closed", 1)
        [pull] = hosted.server.pulls.values()
        assert (pull.base, pull.draft) == ("main", False)
        assert "pytest: exit code 0, 41 tests" in pull.body
        assert result["skipped"] == {}

    def test_called_again_it_does_nothing_twice(self, hosted: Hosted) -> None:
        issue = hosted.server.add_issue(72, "A login")
        baseline = take_baseline(hosted.repository.git)
        first = self._feature(hosted, baseline=baseline)
        again = _run(hosted.repository, "Add it (fixes #72)", baseline=baseline)
        assert [again[name] for name in ("commit_sha", "pr_url")] == [
            first[name] for name in ("commit_sha", "pr_url")
        ]
        assert again["issue_close"]["already_closed"]
        assert len(hosted.server.pulls) == len(issue.comments) == 1

    def test_a_push_that_fails_stops_what_comes_after_it(self, hosted: Hosted) -> None:
        hosted.server.add_issue(72, "A login")
        hosted.cut_off("git@github.localhost: Permission denied (publickey).")
        result = self._feature(hosted)
        assert result["commit"]["success"]
        assert (result["pushed"], result["success"]) == (False, False)
        assert "Permission denied" in result["errors"][0]
        assert not {"pr", "issue_close"} & result.keys()

    def test_a_failing_github_is_in_the_errors(self, hosted: Hosted) -> None:
        hosted.server.fault = Fault(status=500)
        result = self._feature(hosted)
        assert (result["pushed"], result["pr_url"], result["issue_closed"]) == (True, "", False)
        assert len(result["errors"]) == 2

    def test_what_is_switched_off_is_named(self, hosted: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AUTO_GIT_PR", "false")
        result = self._feature(hosted, "Add it (related to #72)")
        assert result["skipped"] == {
            "pr": "AUTO_GIT_PR=false",
            "issue_close": "the feature names no issue that it closes",
        }
        assert result["push"]["branch"] == "main"
