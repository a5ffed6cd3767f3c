"""What git or GitHub did for a feature, as it is kept in the state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from batch_implement.workspace.baseline import portable_path

if TYPE_CHECKING:
    from batch_implement.delivery.commit import Commit


@dataclass(frozen=True)
class OperationRecord:
    """``operation`` is ``commit``, ``push``, ``pr`` or ``issue_close``; ``timestamp`` ISO 8601 in UTC.

    ``fields`` are those of the documented record: sha, branch, remote, number, url, error, …
    """

    operation: str
    success: bool
    timestamp: str
    fields: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {"success": self.success, "timestamp": self.timestamp, **self.fields}


def failure_record(error: str, at: str) -> dict[str, Any]:
    """An operation that came to nothing; ``at`` is when that was recorded."""
    return {"success": False, "timestamp": at, "error": error}


def commit_record(commit: Commit, at: str) -> dict[str, Any]:
    """A commit as the record keeps it; ``at`` is when it was recorded."""
    return {
        "success": True,
        "timestamp": at,
        "sha": commit.sha,
        "branch": commit.branch,
        "files": [portable_path(path) for path in commit.files],
    }
