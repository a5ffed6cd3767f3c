"""The batch as a value in memory, with indices as numbers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from batch_implement.state.document import VERSION
from batch_implement.state.fields import WORKFLOW_REMINDER, defaults, require

if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_INDEX = (
    "retry_attempts",
    "git_operations",
    "feature_dependencies",
    "attempts",
    "evidence",
    "held",
    "issue_bodies",
)


@dataclass
class BatchState:
    """Everything that is known of a batch. Its fields are those of the file; see ``docs/batch-state.md``.

    ``completed_features`` and ``feature_order`` hold indices from 0; people are shown numbers from 1.
    Times are ISO 8601 in UTC.
    """

    batch_id: str
    features_file: str
    total_features: int
    features: list[str]
    current_index: int = 0
    completed_features: list[int] = field(default_factory=list)
    failed_features: list[dict[str, Any]] = field(default_factory=list)
    context_token_estimate: int = 0
    auto_clear_count: int = 0
    auto_clear_events: list[dict[str, Any]] = field(default_factory=list)
    created_at: str = ""
    updated_at: str = ""
    status: str = "in_progress"
    issue_numbers: list[int] | None = None
    source_type: str = "file"
    state_file: str = ""
    context_tokens_before_clear: int | None = None
    paused_at_feature_index: int | None = None
    retry_attempts: dict[int, int] = field(default_factory=dict)
    git_operations: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)
    feature_order: list[int] = field(default_factory=list)
    feature_dependencies: dict[int, list[int]] = field(default_factory=dict)
    analysis_metadata: dict[str, Any] = field(default_factory=dict)
    workflow_mode: str = "auto-implement"
    workflow_reminder: str = WORKFLOW_REMINDER
    version: int = VERSION
    sequence: int = 0
    owner: dict[str, Any] | None = None
    attempt: dict[str, Any] | None = None
    attempts: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    baseline: dict[str, Any] | None = None
    check: dict[str, Any] | None = None
    check_run: dict[str, Any] | None = None
    evidence: dict[int, dict[str, Any]] = field(default_factory=dict)
    held: dict[int, str] = field(default_factory=dict)
    issue_bodies: dict[int, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    pause: dict[str, Any] | None = None
    stalls: dict[str, Any] | None = None
    compactions: int = 0
    delivery: dict[str, Any] | None = None
    wake: dict[str, Any] | None = None
    github_breaker: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The form that is written: indices become texts, as JSON has them."""
        fields = {entry.name: getattr(self, entry.name) for entry in dataclasses.fields(self)}
        for name in _BY_INDEX:
            fields[name] = {str(index): value for index, value in fields[name].items()}
        return fields

    @classmethod
    def field_names(cls) -> frozenset[str]:
        return frozenset(entry.name for entry in dataclasses.fields(cls))

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> BatchState:
        """The state a file holds; raises :class:`CorruptStateError` naming a field that is missing."""
        require(fields)
        known = cls.field_names()
        values = {**defaults(), **{name: fields[name] for name in fields if name in known}}
        if values["status"] == "running":
            values["status"] = "in_progress"
        for name in _BY_INDEX:
            values[name] = {int(index): value for index, value in values[name].items()}
        return cls(**values)
