"""What a repository is in the middle of, and which branch is its default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.workspace.repository_condition import default_branch, obstacles, read_condition

if TYPE_CHECKING:
    from tests.git_repositories import Repository


def test_an_ordinary_repository_has_no_obstacle(busy_repository: Repository) -> None:
    condition = read_condition(busy_repository.git)
    assert obstacles(condition) == ()
    assert (condition.branch, condition.operation, condition.remotes) == ("main", "", ())


def test_before_the_first_commit_there_is_no_obstacle(empty_repository: Repository) -> None:
    condition = read_condition(empty_repository.git)
    assert (condition.head, obstacles(condition)) == ("", ())


def test_every_obstacle_is_told_at_once(repository: Repository) -> None:
    repository.run("switch", "--quiet", "--detach")
    repository.run("bisect", "start")
    found = obstacles(read_condition(repository.git))
    assert ["bisect" in found[0], "detached" in found[1]] == [True, True]


def test_a_lock_is_seen_and_not_judged(repository: Repository) -> None:
    lock = repository.root / ".git/index.lock"
    lock.touch()
    assert read_condition(repository.git).index_lock == lock
    lock.unlink()


def test_the_default_branch_is_the_remotes(repository: Repository, remote: Repository) -> None:
    repository.run("branch", "develop")
    repository.run("push", "--quiet", "origin", "develop")
    repository.run("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop")
    condition = read_condition(repository.git)
    assert (condition.default_branch, condition.on_default_branch) == ("develop", False)
    assert condition.remotes == ("origin",)


def test_without_a_remote_the_likeliest_branch_is_the_default(repository: Repository) -> None:
    assert default_branch(repository.git) == "main"
    repository.run("branch", "--move", "trunk")
    assert default_branch(repository.git) == "trunk"
    repository.run("branch", "--move", "something-else")
    assert default_branch(repository.git) == ""
