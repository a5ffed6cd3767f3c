"""One git operation, as it is recorded in the batch state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.delivery.commit import Commit
    from batch_implement.delivery.push_outcome import PushResult
    from batch_implement.errors import BatchImplementError


@dataclass(frozen=True)
class OperationRecord:
    """``operation`` is ``commit``, ``push``, ``pr`` or ``issue_close``; ``timestamp`` is ISO 8601, UTC.

    ``fields`` are the operation's own: ``sha``, ``branch``, ``remote``, ``error`` and others.
    """

    operation: str
    success: bool
    timestamp: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As it stands under the operation's name in ``git_operations``."""
        return {"success": self.success, "timestamp": self.timestamp, **self.fields}


def commit_record(commit: Commit, timestamp: str) -> OperationRecord:
    fields: dict[str, Any] = {"sha": commit.sha, "branch": commit.branch, "files": len(commit.files)}
    if commit.holds:
        fields["holds"] = list(commit.holds)
    return OperationRecord("commit", success=True, timestamp=timestamp, fields=fields)


def push_record(result: PushResult, timestamp: str) -> OperationRecord:
    fields = {"branch": result.branch, "remote": result.remote, "outcome": result.outcome}
    fields |= {"sha": result.sha} if result.ok else {"error": result.sentence}
    return OperationRecord("push", success=result.ok, timestamp=timestamp, fields=fields)


def failure_record(
    operation: str, error: BatchImplementError, timestamp: str, **fields: Any
) -> OperationRecord:
    """What an operation that raised leaves in the state: the error's own words."""
    return OperationRecord(
        operation, success=False, timestamp=timestamp, fields={**fields, "error": str(error)}
    )
