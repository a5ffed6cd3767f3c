"""What the worker does with git by itself: made again as one commit with the user's hooks, or refused."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.batches import assigned, news, refusal

from batch_implement.delivery.commit_message import trailers_of
from batch_implement.model.outcomes import GivenUp
from batch_implement.model.record import replace
from batch_implement.model.refusals import (
    BranchLeft,
    CommitRefused,
    CommitsMerged,
    CommitsPushed,
    NothingChanged,
    PathsHeld,
    WeakerChecks,
)
from batch_implement.model.transition import Transition

if TYPE_CHECKING:
    from tests.batches import Batch
    from tests.git_repositories import Repository

_TEST = "def test_adds():\n    assert 1 + 1 == 2\n    assert 2 + 2 == 4\n"


def _commit(batch: Batch, *options: str, message: str = "wip") -> str:
    batch.repository.run("add", "*.py", "tests")
    batch.repository.run("commit", "--quiet", "--no-verify", "--message", message, *options)
    return batch.repository.run("rev-parse", "HEAD")


def _kept_on(batch: Batch, number: int) -> str:
    [said] = news(batch.fail(number))
    assert isinstance(said, GivenUp)
    return said.kept_on


class TestOnTheBranch:
    def test_they_become_one_commit_made_by_us(self, batch: Batch) -> None:
        batch.begin()
        base = batch.repository.run("rev-parse", "HEAD")
        batch.work(1)
        own = [_commit(batch)]
        batch.repository.write("more.py")
        own.append(_commit(batch))
        batch.repository.write("last.py")
        assert assigned(batch.done(1, message="feat: greet")) == 2
        assert batch.repository.log() == ["feat: greet", "Begin", "Begin"]
        assert batch.repository.run("rev-parse", "HEAD~1") == base
        tracked = set(batch.repository.tracked()) - set(batch.repository.tracked(base))
        assert tracked == {"feature1.py", "tests/feature1.t", "more.py", "last.py"}
        assert batch.repository.run("status", "--porcelain") == "?? features.txt"
        assert batch.state.evidence[0].remade == tuple(own)

    def test_the_users_hooks_have_run(self, batch: Batch) -> None:
        batch.repository.hook("pre-commit", "! grep -rn 'print(1)' --include=feature1.py .")
        batch.begin()
        batch.work(1)
        _commit(batch)
        why = refusal(batch.done(1))
        assert isinstance(why, CommitRefused)
        assert "print(1)" in why.why
        batch.repository.write("feature1.py", "value = 1\n")
        assert assigned(batch.done(1)) == 2
        assert batch.repository.log() == ["feat: greet the user", "Begin", "Begin"]

    def test_a_refused_commit_that_is_made_past_the_hook_is_no_commit_of_ours(self, batch: Batch) -> None:
        """With the very tree that was proven, and our trailers."""
        batch.repository.hook("pre-commit", "exit 1")
        batch.begin()
        batch.work(1)
        assert isinstance(refusal(batch.done(1)), CommitRefused)
        _commit(batch, message=f"feat: greet\n\nBatch: {batch.state.batch_id}\nFeature: 1")
        assert assigned(batch.next()) == 1
        assert isinstance(refusal(batch.done(1)), CommitRefused)
        assert batch.state.completed_features == ()

    def test_copied_trailers_are_not_believed(self, batch: Batch) -> None:
        batch.repository.hook("commit-msg", 'echo "Checked: yes" >> "$1"')
        batch.begin()
        batch.work(1)
        _commit(batch, message=f"feat: mine\n\nBatch: {batch.state.batch_id}\nFeature: 1")
        assert assigned(batch.done(1, message="feat: ours")) == 2
        body = batch.repository.run("log", "-1", "--format=%B")
        assert body.startswith("feat: ours")
        assert trailers_of(body)["checked"] == "yes"
        assert batch.repository.log() == ["feat: ours", "Begin", "Begin"]

    def test_what_they_took_back_is_no_change(self, batch: Batch) -> None:
        batch.begin()
        batch.work(1)
        _commit(batch)
        batch.repository.run("revert", "--no-edit", "HEAD")
        assert refusal(batch.done(1)) == NothingChanged(number=1)
        _commit(batch, "--allow-empty")
        assert refusal(batch.done(1)) == NothingChanged(number=1)

    def test_one_amended_into_the_base_is_compared_with_the_base(self, batch: Batch) -> None:
        batch.repository.commit(**{"test_app.py": _TEST})
        batch.begin()
        base = batch.repository.run("rev-parse", "HEAD")
        batch.repository.write("test_app.py", _TEST.replace("    assert 2 + 2 == 4\n", ""))
        _commit(batch, "--amend")
        batch.work(1)
        assert isinstance(refusal(batch.done(1)), WeakerChecks)
        batch.repository.write("test_app.py", _TEST)
        assert assigned(batch.done(1)) == 2
        assert batch.repository.run("rev-parse", "HEAD~1") == base

    def test_a_merge_is_refused_with_the_way_back(self, batch: Batch) -> None:
        batch.repository.run("branch", "other")
        batch.begin()
        base = batch.repository.run("rev-parse", "HEAD")
        batch.work(1)
        own = _commit(batch)
        batch.repository.run("switch", "--quiet", "other")
        batch.repository.commit(**{"theirs.py": "1\n"})
        batch.repository.run("switch", "--quiet", "main")
        batch.repository.run("merge", "--quiet", "--no-edit", "other")
        merge = batch.repository.run("rev-parse", "HEAD")
        assert refusal(batch.done(1)) == CommitsMerged(number=1, merge=merge, base=base)
        batch.repository.run("reset", "--quiet", "--hard", own)
        assert assigned(batch.done(1)) == 2

    def test_what_is_pushed_is_not_made_again(self, batch: Batch, remote: Repository) -> None:
        batch.begin()
        batch.work(1)
        own = _commit(batch)
        batch.repository.run("push", "--quiet", "origin", "main")
        assert refusal(batch.done(1)) == CommitsPushed(number=1, commits=(own,), where=("origin/main",))
        assert batch.repository.run("rev-parse", "HEAD") == own
        assert remote.run("rev-parse", "main") == own

    def test_before_the_first_commit_of_all(self, batch: Batch) -> None:
        batch.repository.run("update-ref", "-d", "HEAD")
        batch.begin(keep_dirty=True)
        batch.work(1)
        batch.repository.run("add", "feature1.py", "tests/feature1.t")
        batch.repository.run("commit", "--quiet", "--message", "wip", "--", "feature1.py", "tests/feature1.t")
        assert assigned(batch.done(1)) == 2
        assert batch.repository.log() == ["feat: greet the user"]
        assert set(batch.repository.tracked()) == {"feature1.py", "tests/feature1.t"}

    def test_the_users_uncommitted_work_that_was_committed_is_the_users_again(self, batch: Batch) -> None:
        batch.repository.write("app.py", "the user's\n")
        batch.begin(keep_dirty=True)
        batch.work(1)
        batch.repository.run("commit", "--quiet", "--all", "--message", "wip")
        assert assigned(batch.done(1)) == 2
        assert batch.repository.run("status", "--porcelain", "--", "app.py") == " M app.py"
        assert (batch.root / "app.py").read_text() == "the user's\n"


class TestOnAnotherBranch:
    def test_the_way_back_is_named_and_the_work_comes_along(self, batch: Batch) -> None:
        batch.begin()
        batch.work(1)
        batch.repository.run("switch", "--quiet", "--create", "elsewhere")
        own = _commit(batch)
        assert refusal(batch.done(1)) == BranchLeft(number=1, branch="main", now="elsewhere", head=own)
        assert batch.check_runs == 1
        batch.repository.run("switch", "--quiet", "main")
        batch.repository.run("merge", "--quiet", "--squash", "elsewhere")
        assert assigned(batch.done(1)) == 2
        assert batch.repository.log() == ["feat: greet the user", "Begin", "Begin"]

    def test_also_from_a_detached_head(self, batch: Batch) -> None:
        batch.begin()
        batch.repository.run("switch", "--quiet", "--detach")
        batch.work(1)
        own = _commit(batch)
        assert refusal(batch.done(1)) == BranchLeft(number=1, branch="main", now="", head=own)

    @pytest.mark.parametrize("where", [("--create", "elsewhere"), ("--detach",)])
    def test_given_up_the_batch_is_on_its_branch_again(self, batch: Batch, where: tuple[str, ...]) -> None:
        batch.begin()
        base = batch.repository.run("rev-parse", "HEAD")
        batch.repository.run("switch", "--quiet", *where)
        batch.work(1)
        own = _commit(batch)
        batch.repository.write("half.py")
        kept = _kept_on(batch, 1)
        assert batch.repository.run("symbolic-ref", "--short", "HEAD") == "main"
        assert batch.repository.run("rev-parse", "HEAD") == base
        assert batch.repository.run("rev-parse", f"{kept}~1") == own
        assert {"half.py", "feature1.py"} <= set(batch.repository.tracked(kept))
        batch.work(2)
        assert assigned(batch.done(2)) == 3

    def test_commits_on_no_branch_are_kept_where_nothing_else_was_changed(self, batch: Batch) -> None:
        batch.begin()
        batch.repository.run("switch", "--quiet", "--detach")
        batch.work(1)
        own = _commit(batch)
        assert batch.repository.run("rev-parse", _kept_on(batch, 1)) == own

    def test_a_branch_that_was_deleted_is_there_again(self, batch: Batch) -> None:
        batch.begin()
        base = batch.repository.run("rev-parse", "HEAD")
        batch.repository.run("switch", "--quiet", "--create", "elsewhere")
        batch.repository.run("branch", "--quiet", "-D", "main")
        batch.work(1)
        _commit(batch)
        batch.fail(1)
        assert batch.repository.run("rev-parse", "main", "HEAD").split() == [base, base]


class TestTakenAway:
    @pytest.fixture
    def second(self, batch: Batch) -> Batch:
        """The first feature is done, the second is at work."""
        batch.begin()
        batch.work(1)
        batch.done(1)
        return batch

    @pytest.mark.parametrize("mode", ["--hard", "--soft", "--mixed"])
    def test_after_a_reset_the_proven_commit_is_there_again(self, second: Batch, mode: str) -> None:
        proven = second.repository.run("rev-parse", "HEAD")
        second.repository.run("reset", "--quiet", mode, "HEAD~1")
        assert assigned(second.next()) == 2
        second.work(2)
        assert assigned(second.done(2)) == 3
        assert second.repository.run("rev-parse", "HEAD~1") == proven
        assert {"feature1.py", "tests/feature1.t", "feature2.py"} <= set(second.repository.tracked())
        assert second.repository.run("status", "--porcelain") == "?? features.txt"

    @pytest.mark.parametrize("mode", ["--hard", "--soft", "--mixed"])
    def test_it_can_be_given_up_too(self, second: Batch, mode: str) -> None:
        proven = second.repository.run("rev-parse", "HEAD")
        second.repository.run("reset", "--quiet", mode, "HEAD~1")
        assert _kept_on(second, 2) == ""
        assert second.repository.run("rev-parse", "HEAD") == proven
        assert second.repository.run("status", "--porcelain") == "?? features.txt"
        assert (second.root / "feature1.py").exists()

    def test_what_was_begun_after_it_stays(self, second: Batch) -> None:
        second.repository.run("reset", "--quiet", "--hard", "HEAD~1")
        second.work(2)
        second.repository.write("feature1.py", "print('otherwise')\n")
        _commit(second)
        assert assigned(second.done(2)) == 3
        assert second.repository.run("show", "HEAD:feature1.py") == "print('otherwise')"
        assert "tests/feature1.t" in second.repository.tracked()

    def test_a_switched_off_git_is_no_circle_either(
        self, batch: Batch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AUTO_GIT_ENABLED", "false")
        batch.begin()
        batch.repository.run("reset", "--quiet", "--hard", "HEAD~1")
        assert assigned(batch.next()) == 1
        assert assigned(batch.fail(1)) == 2


class TestNothingIsLaundered:
    """What one feature left behind is compared with the last proven commit in the next one."""

    def _weaken(self, repository: Repository) -> None:
        repository.write("test_app.py", _TEST.replace("    assert 2 + 2 == 4\n", ""))

    @pytest.fixture
    def tested(self, batch: Batch) -> Batch:
        batch.repository.commit(**{"test_app.py": _TEST})
        batch.begin()
        return batch

    def test_by_commits_of_a_feature_that_failed(self, tested: Batch) -> None:
        proven = tested.repository.run("rev-parse", "HEAD")
        self._weaken(tested.repository)
        own = _commit(tested)
        kept = _kept_on(tested, 1)
        assert tested.repository.run("rev-parse", "HEAD") == proven
        assert (tested.root / "test_app.py").read_text() == _TEST
        assert tested.repository.run("rev-parse", f"{kept}~1") == own
        assert tested.repository.run("show", f"{kept}:test_app.py").count("assert") == 1

    def test_by_a_setting_of_a_feature_that_failed(self, tested: Batch) -> None:
        tested.repository.run("config", "core.hooksPath", "/dev/null")
        tested.fail(1)
        tested.work(2)
        assert "core.hookspath" in str(refusal(tested.done(2)))
        tested.repository.run("config", "--unset", "core.hooksPath")
        assert assigned(tested.done(2)) == 3

    def test_by_what_was_changed_after_the_commit_of_the_one_before(self, tested: Batch) -> None:
        """Somebody who waits for the commit, and changes a tested file before the next feature begins."""
        tested.work(1)
        tested.repository.hook("post-commit", "sed -i '/2 + 2/d' test_app.py")
        assert assigned(tested.done(1)) == 2
        tested.repository.write("feature2.py")
        assert isinstance(refusal(tested.done(2)), WeakerChecks)

    def test_by_commits_after_the_commit_of_the_one_before(self, tested: Batch) -> None:
        tested.work(1)
        hook = "[ -e .git/once ] || { touch .git/once; sed -i '/2 + 2/d' test_app.py; git commit -qam x; }"
        tested.repository.hook("post-commit", hook)
        tested.done(1)
        proven = tested.state.evidence
        tested.repository.write("feature2.py")
        if 0 in proven:
            assert isinstance(refusal(tested.done(2)), WeakerChecks)
        else:
            assert isinstance(refusal(tested.done(1)), WeakerChecks)

    def test_by_a_repository_within_the_project(self, tested: Batch) -> None:
        """It can't be set aside when its feature fails."""
        tested.repository.run("init", "--quiet", "helpers")
        tested.repository.write("helpers/stats.py")
        tested.fail(1)
        tested.work(2)
        assert isinstance(refusal(tested.done(2)), PathsHeld)

    def test_by_the_end_of_a_batch_and_the_beginning_of_another(self, tested: Batch) -> None:
        """Both are a person's, who is told."""
        self._weaken(tested.repository)
        own = _commit(tested)
        tested.cancel()
        [said] = [line for line in tested.plan("Something else").warnings if "nothing has proven" in line]
        assert own[:10] in said
        tested.begin("Something else")
        assert any(own[:10] in notice for notice in tested.state.notices)

    def test_by_a_retry(self, tested: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BATCH_RETRY_ENABLED", "true")
        self._weaken(tested.repository)
        _commit(tested)
        tested.fail(1, error="503 Service Unavailable", wait=0.0)
        tested.project.state.update(lambda batch: Transition("woken", replace(batch, waits=())))
        tested.next()
        tested.work(1)
        assert isinstance(refusal(tested.done(1)), WeakerChecks)


@pytest.mark.parametrize("by", ["replace", "graft"])
def test_a_history_that_git_is_told_to_see_otherwise_is_seen_as_it_is(batch: Batch, by: str) -> None:
    """What replaces the base's commit would make every comparison with it one with the worker's own."""
    batch.repository.commit(**{"test_app.py": _TEST})
    batch.begin()
    base = batch.repository.run("rev-parse", "HEAD")
    batch.work(1)
    batch.repository.write("test_app.py", _TEST.replace("    assert 2 + 2 == 4\n", ""))
    if by == "replace":
        tree = batch.repository.run("stash", "create")
        batch.repository.run("replace", base, tree)
    else:
        own = _commit(batch)
        batch.repository.write(".git/info/grafts", f"{own}\n")
    assert isinstance(refusal(batch.done(1)), WeakerChecks)
    batch.repository.run("replace", "-d", base, check=False)
    (batch.root / ".git/info/grafts").unlink(missing_ok=True)


def test_a_change_is_seen_however_little_git_is_told_to_look(batch: Batch) -> None:
    batch.repository.commit(**{"test_app.py": _TEST})
    batch.begin()
    batch.work(1)
    test = batch.root / "test_app.py"
    batch.repository.run("status")
    before = test.stat()
    batch.repository.run("config", "core.trustctime", "false")
    batch.repository.run("config", "core.checkStat", "minimal")
    test.write_text(_TEST.replace("assert 2 + 2 == 4", "pass  # 2 + 2 == 4"[: len("assert 2 + 2 == 4")]))
    os.utime(test, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert test.stat().st_size == before.st_size
    assert isinstance(refusal(batch.done(1)), WeakerChecks)
