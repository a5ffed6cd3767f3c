"""The batch as other programs know it: lists beside each other, with indices as numbers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from batch_implement.json_types import JsonMapping, JsonObject
from batch_implement.model.batch import WORKFLOW_REMINDER
from batch_implement.model.kinds import EARLIER_NAMES
from batch_implement.state.fields import defaults, require
from batch_implement.state.form import RECORDS

_BY_INDEX = ("retry_attempts", "git_operations", "feature_dependencies")
_REST = "rest"


@dataclass(slots=True)
class BatchState:
    """The documented fields of a batch; see ``docs/batch-state.md``.

    ``completed_features`` and ``feature_order`` hold indices from 0; people are shown numbers from 1.
    Times are ISO 8601 in UTC. ``rest`` is what the program keeps beside them, as it stands in the file. An
    attribute that is none of these can't be assigned: it would be lost.
    """

    batch_id: str
    features_file: str
    total_features: int
    features: list[str]
    current_index: int = 0
    completed_features: list[int] = field(default_factory=list)
    failed_features: list[JsonObject] = field(default_factory=list)
    context_token_estimate: int = 0
    auto_clear_count: int = 0
    auto_clear_events: list[JsonObject] = field(default_factory=list)
    created_at: str = ""
    updated_at: str = ""
    status: str = "in_progress"
    issue_numbers: list[int | None] | None = None
    source_type: str = "file"
    state_file: str = ""
    context_tokens_before_clear: int | None = None
    paused_at_feature_index: int | None = None
    retry_attempts: dict[int, int] = field(default_factory=dict)
    git_operations: dict[int, dict[str, JsonObject]] = field(default_factory=dict)
    feature_order: list[int] = field(default_factory=list)
    feature_dependencies: dict[int, list[int]] = field(default_factory=dict)
    analysis_metadata: JsonObject = field(default_factory=dict)
    workflow_mode: str = "auto-implement"
    workflow_reminder: str = WORKFLOW_REMINDER
    rest: JsonObject = field(default_factory=dict, repr=False, compare=False)

    def to_dict(self) -> JsonObject:
        """The form that is written: indices become texts, as JSON has them."""
        fields = {entry.name: getattr(self, entry.name) for entry in dataclasses.fields(self)}
        for name in _BY_INDEX:
            fields[name] = {str(index): value for index, value in fields[name].items()}
        rest = {**defaults(), **fields.pop(_REST)}
        return {**rest, **fields, RECORDS: self._records(rest.get(RECORDS))}

    @classmethod
    def from_dict(cls, fields: JsonMapping) -> BatchState:
        """The state a file holds; raises :class:`CorruptStateError` naming a field that is missing."""
        require(fields)
        known = {entry.name for entry in dataclasses.fields(cls)} - {_REST}
        values = {**defaults(), **fields}
        values["status"] = EARLIER_NAMES.get(values["status"], values["status"])
        for name in _BY_INDEX:
            values[name] = {int(index): value for index, value in values[name].items()}
        named = {name: value for name, value in values.items() if name in known}
        return cls(**named, rest={name: value for name, value in values.items() if name not in known})

    def _records(self, kept: list[JsonObject] | None) -> list[JsonObject]:
        """One record a feature, with what the documented lists say now; kept ones know more than those."""
        if kept is None or len(kept) != len(self.features):
            kept = [{"id": str(number)} for number in range(1, len(self.features) + 1)]
        numbers = self.issue_numbers or []
        same_issues = [record.get("issue") for record in kept] == (numbers or [None] * len(kept))
        records = []
        for index, record in enumerate(kept):
            wanted = self.feature_dependencies.get(index, [])
            known = {need["on"]: need for need in record.get("needs", ())}
            changed = {**record, "needs": [known.get(on, {"on": on}) for on in wanted]}
            if not same_issues:
                changed["issue"] = numbers[index] if index < len(numbers) else None
            records.append({name: value for name, value in changed.items() if value not in (None, [])})
        return records
