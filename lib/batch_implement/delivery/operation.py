"""What git or GitHub did for a feature, as the state keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.model.evidence import Operation
from batch_implement.workspace.baseline import portable_path

if TYPE_CHECKING:
    from batch_implement.delivery.commit import Commit


def failure_record(error: str, at: str) -> Operation:
    """An operation that came to nothing; ``at`` is when that was recorded."""
    return Operation(success=False, timestamp=at, error=error)


def commit_record(commit: Commit, at: str) -> Operation:
    """A commit as the record keeps it; ``at`` is when it was recorded."""
    return Operation(
        success=True,
        timestamp=at,
        sha=commit.sha,
        branch=commit.branch,
        files=tuple(portable_path(path) for path in commit.files),
    )
