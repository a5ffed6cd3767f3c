"""The branch that commits go to, and the names that we hand to git."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.git_repositories import Repository

from batch_implement.delivery.branch import (
    BranchError,
    BranchPlan,
    plan_branch,
    prepare_branch,
    require_safe_name,
    slug,
)
from batch_implement.workspace.repository_condition import read_condition


def _plan(repository: Repository, mode: str, **options: object) -> BranchPlan:
    return plan_branch(
        read_condition(repository.git),
        mode,
        batch_id="batch-20261121-login",
        **options,  # type: ignore[arg-type]
    )


def test_by_default_commits_go_to_the_current_branch(busy_repository: Repository) -> None:
    plan = _plan(busy_repository, "current")
    assert (plan.name, plan.reason) == ("main", "")
    assert prepare_branch(busy_repository.git, plan) == "main"


def test_on_the_default_branch_with_pull_requests_the_batch_gets_its_own(repository: Repository) -> None:
    plan = _plan(repository, "current", with_pull_requests=True)
    assert (plan.mode, plan.name) == ("batch", "batch/20261121-login")
    assert "main is the default branch" in plan.reason
    repository.run("switch", "--quiet", "--create", "work")
    assert _plan(repository, "current", with_pull_requests=True).name == "work"


def test_the_users_uncommitted_work_comes_along(busy_repository: Repository) -> None:
    plan = _plan(busy_repository, "batch")
    assert prepare_branch(busy_repository.git, plan) == "batch/20261121-login"
    assert prepare_branch(busy_repository.git, plan) == "batch/20261121-login"
    assert busy_repository.git.status().branch == "batch/20261121-login"


def test_a_features_branch_is_stacked_on_the_one_it_depends_on(repository: Repository) -> None:
    first = _plan(repository, "feature", feature_number=1, feature_text="Add a login")
    prepare_branch(repository.git, first)
    sha = repository.commit("feat: add a login", **{"login.py": "1\n"})
    second = _plan(
        repository, "feature", feature_number=2, feature_text="Übergröße & ⟪rest⟫", base=first.name
    )
    prepare_branch(repository.git, second)
    assert (first.name, second.name) == (
        "batch/20261121-login-1-add-a-login",
        "batch/20261121-login-2-ubergroe-rest",
    )
    assert repository.run("rev-parse", "HEAD") == sha


def test_before_the_first_commit_a_branch_can_be_prepared(empty_repository: Repository) -> None:
    assert prepare_branch(empty_repository.git, _plan(empty_repository, "batch")) == "batch/20261121-login"


def test_work_in_the_way_of_switching_stays_and_is_named(busy_repository: Repository) -> None:
    busy_repository.run("branch", "other")
    busy_repository.run("worktree", "add", "--quiet", str(busy_repository.root.parent / "side"), "other")
    side = Repository(busy_repository.root.parent / "side")
    side.commit("feat: other", **{"users/modified.txt": "other\n"})
    busy_repository.run("worktree", "remove", str(side.root))
    with pytest.raises(BranchError, match=r"users/modified\.txt"):
        prepare_branch(busy_repository.git, BranchPlan("batch", "other", "main"))
    assert busy_repository.git.status().branch == "main"


def test_a_start_that_is_not_there_is_named(repository: Repository) -> None:
    with pytest.raises(BranchError, match="nowhere"):
        prepare_branch(repository.git, BranchPlan("batch", "batch/x", "nowhere"))


@pytest.mark.parametrize(
    "name",
    [
        *("--evil", "-b", "`id`", "$(id)", "a;b", "a b", "a\nb", "a\0b", "ünï", "a..b", ".a", "a.", "a.lock"),
        *("a/", "/a", "@", "a@{1}", "a~1", "a^", "a:b", "a*", "HEAD", "", "refs/heads/-x", "x" * 300),
    ],
)
def test_a_name_that_git_or_a_shell_could_read_otherwise_is_refused(name: str) -> None:
    with pytest.raises(BranchError, match="is not used as a branch"):
        require_safe_name(name)


@pytest.mark.parametrize("name", ["main", "feature/ABC-12_x", "release/1.2.3", "fix/#12", "bot/npm/@a/b"])
def test_an_ordinary_name_is_taken(name: str) -> None:
    require_safe_name(name)


@given(st.text(max_size=300))
def test_whatever_the_feature_says_its_branch_is_safe(text: str) -> None:
    name = f"batch/x-1-{slug(text)}".rstrip("-")
    require_safe_name(name)
    assert re.fullmatch(r"[a-z0-9./_-]+", name)


@given(st.text(max_size=60))
def test_no_accepted_name_is_an_option_or_a_path_out(name: str) -> None:
    try:
        require_safe_name(name)
    except BranchError:
        return
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._/#+=@-]*", name)
    assert ".." not in name
