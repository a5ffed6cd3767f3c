"""Where a batch's commits go: the branch at work, one for the batch, or one per feature, stacked by need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import ended

from batch_implement.engine.feature_branch import stacks
from batch_implement.model.batch import Delivery

if TYPE_CHECKING:
    from tests.engine.hosting import Hosted

pytestmark = pytest.mark.slow

pytest_plugins = ("tests.github.fixtures", "tests.engine.hosting")


@pytest.mark.gh
class TestWhereCommitsGo:
    def test_on_a_branch_of_the_users_they_stay_on_it(self, hosted: Hosted) -> None:
        hosted.repository.run("switch", "--quiet", "--create", "topic")
        hosted.begin("Greet", "Count")
        assert hosted.state.delivery == Delivery(
            commit=True,
            push=True,
            pull_request=True,
            close_issues=True,
            remote="origin",
            mode="current",
            branch="topic",
            base="main",
        )
        hosted.finish(1, 2)
        [pull] = hosted.server.pulls.values()
        assert (pull.head, pull.base, pull.draft) == ("topic", "main", False)
        assert hosted.feature_commits("topic") == ["1", "2"]

    def test_one_for_the_batch_begins_where_the_user_was(
        self, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AUTO_GIT_BRANCH", "batch")
        hosted.repository.run("switch", "--quiet", "--create", "topic")
        hosted.repository.run("push", "--quiet", "origin", "topic")
        hosted.begin("Greet")
        branch = hosted.branch
        hosted.finish(1)
        [pull] = hosted.server.pulls.values()
        assert (pull.head, pull.base) == (branch, "topic")
        assert hosted.feature_commits("topic") == []

    def test_one_each_is_stacked_on_the_feature_it_needs(
        self, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AUTO_GIT_BRANCH", "feature")
        hosted.begin("Add a login", "Add a logo (independent)", "Add a logout (after: 1)")
        hosted.finish(1, 2, 3)
        pulls = [(pull.head.partition("-add-")[2], pull.base) for pull in hosted.server.pulls.values()]
        login = hosted.operation(1, "commit").branch
        assert pulls == [("a-login", "main"), ("a-logo-independent", "main"), ("a-logout-after-1", login)]
        assert [pull.draft for pull in hosted.server.pulls.values()] == [False] * 3
        numbers = [hosted.feature_commits(hosted.operation(number, "commit").branch) for number in (1, 2, 3)]
        assert numbers == [["1"], ["2"], ["1", "3"]]
        assert [pull.body.count("Checks:") for pull in hosted.server.pulls.values()] == [1, 1, 1]

    def test_a_feature_that_needs_two_has_the_work_of_both(
        self, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AUTO_GIT_BRANCH", "feature")
        monkeypatch.setenv("AUTO_GIT_PR", "false")
        hosted.begin(
            "Add tokens (independent)", "Add mail (independent)", "Add a password reset (after: 1, 2)"
        )
        hosted.finish(1, 2, 3)
        assert hosted.feature_commits(hosted.operation(3, "commit").branch) == ["1", "2", "3"]


@pytest.mark.gh
class TestSomebodyElsePushed:
    @pytest.fixture(autouse=True)
    def _without_pull_requests(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AUTO_GIT_PR", "false")

    def test_work_without_a_conflict_is_rebased_and_known_by_its_new_names(self, hosted: Hosted) -> None:
        issue = hosted.server.add_issue(71, "Greet")
        hosted.begin("Greet (fixes #71)", "Count")
        theirs = hosted.colleague_pushes("main", colleague="hello\n")
        hosted.finish(1)
        sha = hosted.repository.run("rev-parse", "HEAD")
        assert hosted.repository.run("rev-parse", "HEAD~1") == theirs
        assert hosted.operation(1, "commit").sha == hosted.state.evidence[0].commit == sha
        assert hosted.remote.run("rev-parse", "main") == sha
        assert sha in issue.comments[0][1]
        assert ended(hosted.finish(2)).evidence[0].commit == sha
        assert hosted.feature_commits() == ["1", "2"]

    def test_a_conflict_is_left_to_a_person(self, hosted: Hosted) -> None:
        hosted.begin("Greet", "Count")
        hosted.colleague_pushes("main", **{"feature1.py": "mine\n"})
        hosted.finish(1)
        ended(hosted.finish(2))
        assert [hosted.operation(number, "push").outcome for number in (1, 2)] == ["conflict"] * 2
        assert hosted.feature_commits() == ["1", "2"]
        assert hosted.remote.run("log", "-1", "--format=%s", "main") == "A colleague's work"

    def test_checks_that_fail_on_the_result_keep_it_from_being_rebased(self, hosted: Hosted) -> None:
        hosted.begin("Greet")
        hosted.colleague_pushes("main", broken="")
        ended(hosted.finish(1))
        assert hosted.operation(1, "push").outcome == "checks-failed"
        assert not (hosted.root / "broken").exists()


def test_a_feature_lies_on_the_line_of_what_it_needs() -> None:
    assert stacks({0: [], 1: [0], 2: [1]}) == {0: {1}, 1: {0}, 2: {0, 1}}


def test_two_that_need_the_same_one_are_not_stacked_on_each_other() -> None:
    assert stacks({0: [], 1: [0], 2: [0]}) == {0: set(), 1: {0}, 2: {0}}


def test_those_needed_together_are_on_one_line_also_through_a_third() -> None:
    # 3 needs 0 and 2, 4 needs 1 and 2: on two lines, one of them would lack what it needs.
    line = stacks({0: [], 1: [], 2: [], 3: [0, 2], 4: [1, 2], 5: []})
    assert [line[index] for index in range(6)] == [{1, 2}, {0, 2}, {0, 1}, {0, 2}, {1, 2}, set()]


def test_a_cycle_ends() -> None:
    assert stacks({0: [1], 1: [0]}) == {0: {1}, 1: {0}}
