"""What can go wrong between us and GitHub, told apart so that a caller can decide."""

from __future__ import annotations

import enum

from batch_implement.errors import GitHubError


class Failure(enum.Enum):
    """The kinds of failure; the value is what is written into records."""

    MISSING = "gh_missing"
    LOGGED_OUT = "not_logged_in"
    NO_REPOSITORY = "no_repository"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate_limited"
    NETWORK = "network"
    TIMED_OUT = "timed_out"
    SERVER = "server_error"
    REFUSED = "refused"
    INVALID_ANSWER = "invalid_answer"


class GitHubCallError(GitHubError):
    """A call that did not succeed.

    ``status`` is the HTTP status, 0 where there was no answer. For a rate limit, ``retry_after`` (seconds)
    holds what GitHub said, None where it did not.
    """

    def __init__(
        self,
        failure: Failure,
        message: str,
        *,
        status: int = 0,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.failure = failure
        self.status = status
        self.retry_after = retry_after
