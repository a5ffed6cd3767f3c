"""The documented calls on issues, through the real gh: fetched as features, closed after a push."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from batch_implement.api import batch_issue_closer
from batch_implement.api.batch_issue_closer import breaker, close_issue, issue_number
from batch_implement.api.batch_state_manager import create_batch_state, save_batch_state
from batch_implement.api.github_issue_fetcher import fetch_issue_features
from batch_implement.errors import PlanError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.github.loopback_github import LoopbackGitHub

pytest_plugins = ("tests.github.fixtures",)

COMMIT = "abc123def456abc123def456abc123def456abc1"


@pytest.fixture
def asked(project: Path, gh_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, with gh's environment as this process's own."""
    for name, value in gh_environment.items():
        monkeypatch.setenv(name, value)
    return project


@pytest.mark.gh
def test_issues_become_the_texts_of_features(asked: Path, server: LoopbackGitHub) -> None:
    server.add_issue(72, "Add login")
    server.add_issue(73, "Add logout", state="closed")
    assert fetch_issue_features(asked, [73, 72]) == ["Issue #73: Add logout", "Issue #72: Add login"]
    with pytest.raises(PlanError, match="#99"):
        fetch_issue_features(asked, [72, 99])


@pytest.mark.gh
def test_an_issue_is_closed_with_a_comment(asked: Path, server: LoopbackGitHub) -> None:
    issue = server.add_issue(72, "Add login")
    closed = close_issue(asked, 72, commit=COMMIT, branch="main", files=["a.py"], checks="pytest: 3 passed")
    assert (closed.success, issue.state, len(issue.comments)) == (True, "closed", 1)
    assert not close_issue(asked, 99, commit=COMMIT, branch="main").success


def test_the_issue_of_a_feature_is_the_one_it_says_it_closes() -> None:
    assert issue_number("Add login (fixes #72)") == 72
    assert issue_number("Add login, see #72") is None


def test_the_breaker_of_a_batch_is_asked_and_reset(repository: object, tmp_path: Path) -> None:
    state_file = tmp_path / "project" / ".claude" / "batch_state.json"
    state = create_batch_state(features=["Add login"])
    now = time.time()
    state.rest["github_breaker"] = {"consecutive_failures": 5, "opened_at": now}
    save_batch_state(state_file, state)
    assert not breaker(state_file).allows(now)
    batch_issue_closer.reset_breaker(state_file)
    assert breaker(state_file).allows(now)
