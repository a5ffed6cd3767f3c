"""What git or GitHub did for a feature, as it is kept in the state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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
