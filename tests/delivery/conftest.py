"""The repositories that the tests of this folder take."""

from tests.git_repositories import busy_repository, empty_repository, git_home, remote, repository

__all__ = ["busy_repository", "empty_repository", "git_home", "remote", "repository"]
