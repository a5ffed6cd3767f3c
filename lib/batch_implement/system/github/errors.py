"""What can go wrong between us and GitHub, told apart so that a caller can decide."""

from __future__ import annotations

from enum import Enum, auto

from batch_implement.errors import GitHubError


class Failure(Enum):
    MISSING = auto()
    LOGGED_OUT = auto()
    NO_REPOSITORY = auto()
    NOT_FOUND = auto()
    FORBIDDEN = auto()
    RATE_LIMITED = auto()
    NETWORK = auto()
    TIMED_OUT = auto()
    SERVER = auto()
    REFUSED = auto()
    INVALID_ANSWER = auto()


class GitHubCallError(GitHubError):
    """A call that did not succeed."""

    def __init__(self, failure: Failure, message: str) -> None:
        super().__init__(message)
        self.failure = failure
