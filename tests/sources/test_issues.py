"""Features from GitHub issues, through the real gh: all that were asked for, or a sentence and none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.github.loopback_github import Fault

from batch_implement.errors import PlanError
from batch_implement.model.feature import MAX_FEATURES
from batch_implement.sources.issue_body import BODY_LIMIT
from batch_implement.sources.issue_selection import parse_issue_selection
from batch_implement.sources.issues import fetch_features
from batch_implement.system.github.errors import Failure, GitHubCallError
from batch_implement.system.github.github import GitHub

if TYPE_CHECKING:
    from pathlib import Path

    from tests.github.loopback_github import LoopbackGitHub

    from batch_implement.sources.base import FeatureSource

pytest_plugins = ("tests.github.fixtures",)
pytestmark = [pytest.mark.gh, pytest.mark.slow]


def _fetch(github: GitHub, *arguments: str) -> FeatureSource:
    return fetch_features(parse_issue_selection(arguments), github)


def _texts(source: FeatureSource) -> list[str]:
    return [feature.text for feature in source.features]


def test_issues_become_features_in_the_order_named(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(72, "Add login", "With a form.")
    server.add_issue(73, "Add logout")
    server.add_issue(74, "Reset password")
    source = _fetch(github, "74", "#72,73")
    assert _texts(source) == ["Issue #74: Reset password", "Issue #72: Add login", "Issue #73: Add logout"]
    assert [feature.issue_number for feature in source.features] == [74, 72, 73]
    assert (source.source_type, source.features_file, source.notices) == ("issues", "", ())
    assert source.features[1].body == "With a form."


def test_a_title_is_one_harmless_line(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(72, "Add\nlogin\u202e\r\n\u200bnow")
    server.add_issue(73, "\u202e \n")
    assert _texts(_fetch(github, "72", "73")) == ["Issue #72: Add login now", "Issue #73: (no title)"]


def test_a_long_body_is_cut_and_says_so(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(72, "Add login", "x" * 65_536)
    body = _fetch(github, "72").features[0].body
    assert len(body) == BODY_LIMIT
    assert body.endswith("[Cut here. The whole text: gh issue view 72]")


def test_closed_issues_are_named_and_left_out(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(72, "Add login", state="closed")
    server.add_issue(73, "Add logout")
    source = _fetch(github, "72", "73")
    assert _texts(source) == ["Issue #73: Add logout"]
    assert source.notices == ("#72 is closed and left out; --include-closed takes closed issues too.",)


def test_closed_issues_are_taken_when_asked_for(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(72, "Add login", state="closed")
    assert _texts(_fetch(github, "72", "--include-closed")) == ["Issue #72: Add login"]


def test_only_closed_issues_are_nothing_to_do(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(72, "Add login", state="closed")
    with pytest.raises(PlanError, match=r"#72.*--include-closed"):
        _fetch(github, "72")


def test_a_number_named_twice_is_done_once_and_said(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(72, "Add login")
    source = _fetch(github, "72", "#72")
    assert _texts(source) == ["Issue #72: Add login"]
    assert "#72 is named more than once" in source.notices[0]


def test_an_issue_that_is_not_there_is_named(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(72, "Add login")
    with pytest.raises(PlanError, match=r"octo/app has no issue #998, #999\."):
        _fetch(github, "998", "72", "999")


def test_an_issue_that_has_moved_to_another_repository_is_not_there(
    server: LoopbackGitHub, github: GitHub
) -> None:
    server.add_issue(72, "Add login", transferred_to="mallory/app")
    with pytest.raises(PlanError, match="no issue #72"):
        _fetch(github, "72")


def test_a_pull_request_is_refused_by_its_number(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(72, "Add login")
    server.add_pull(73, "login")
    with pytest.raises(PlanError, match="#73 of octo/app is a pull request"):
        _fetch(github, "72", "73")


def test_a_failure_in_the_middle_yields_nothing(server: LoopbackGitHub, github: GitHub) -> None:
    for number in range(1, 61):
        server.add_issue(number, f"Feature {number}")
    server.fault = Fault(502, after=2)
    with pytest.raises(GitHubCallError) as caught:
        _fetch(github, "1-60")
    assert caught.value.failure is Failure.SERVER


def test_a_label_picks_open_issues_by_number(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(9, "Nine", labels=("good first", "web"))
    server.add_issue(3, "Three", labels=("web",))
    server.add_issue(5, "Five", labels=("web", "good first"))
    server.add_issue(4, "Four", labels=("web", "good first"), state="closed")
    assert _texts(_fetch(github, "--label", "good first")) == ["Issue #5: Five", "Issue #9: Nine"]
    both = _fetch(github, "--label=web", "--label=good first", "--include-closed")
    assert [feature.issue_number for feature in both.features] == [4, 5, 9]


def test_a_milestone_picks_issues(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(3, "Three", milestone="Version 1.0")
    server.add_issue(4, "Four", milestone="Version 1.1", labels=("web",))
    server.add_issue(5, "Five", milestone="Version 1.1")
    assert _texts(_fetch(github, "--milestone", "version 1.1")) == ["Issue #4: Four", "Issue #5: Five"]
    assert _texts(_fetch(github, "--milestone", "Version 1.1", "--label", "web")) == ["Issue #4: Four"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--label", "wbe"), "has no label “wbe”"),
        (("--milestone", "Version 2"), "has no milestone “Version 2”"),
        (("--label", "later"), "No open issue has label “later”"),
        (("--label", "later", "--milestone", "Version 1"), "label “later” and milestone “Version 1”"),
    ],
)
def test_a_name_that_picks_nothing_is_said(
    arguments: tuple[str, ...], said: str, server: LoopbackGitHub, github: GitHub
) -> None:
    server.add_issue(3, "Three", labels=("later",), state="closed")
    server.add_issue(4, "Four", milestone="Version 1")
    with pytest.raises(PlanError, match=said):
        _fetch(github, *arguments)


def test_more_issues_than_a_batch_takes_are_refused(server: LoopbackGitHub, github: GitHub) -> None:
    for number in range(1, MAX_FEATURES + 2):
        server.add_issue(number, f"Feature {number}", labels=("all",))
    with pytest.raises(PlanError, match="More than 1,000 issues"):
        _fetch(github, "--label", "all")


def test_a_thousand_issues_are_fetched(server: LoopbackGitHub, github: GitHub) -> None:
    for number in range(1, MAX_FEATURES + 1):
        server.add_issue(number, f"Feature {number}")
    assert len(_fetch(github, "1-1000").features) == MAX_FEATURES
    assert len(server.requests) == 40


def test_links_between_issues_are_dependencies(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(70, "Accounts", "- [ ] #71\n- [ ] #72\n- [ ] other/repo#73")
    server.add_issue(71, "Login", "Depends on #72 and octo/app#73, not on other/repo#70. Depends on #71.")
    server.add_issue(72, "Schema", "Depends on #999.")
    server.add_issue(73, "Sessions", "Blocked by other/repo#72")
    source = _fetch(github, "70-73")
    assert [feature.depends_on for feature in source.features] == [(1, 2), (2, 3), (), ()]


def test_a_closed_dependency_is_met(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(71, "Login", "Depends on #72.")
    server.add_issue(72, "Schema", state="closed")
    assert _fetch(github, "71", "72").features[0].depends_on == ()


def test_without_gh_nothing_is_fetched(
    project: Path, gh_environment: dict[str, str], path_without_gh: str
) -> None:
    with pytest.raises(GitHubCallError) as caught:
        _fetch(GitHub(project, {**gh_environment, "PATH": path_without_gh}), "72")
    assert caught.value.failure is Failure.MISSING
