"""The fields of a batch state: what must be there, and what a missing one means.

A state that an early version wrote has only some of them; it is read with the defaults and gets the rest
at its next change.
"""

from __future__ import annotations

from batch_implement.errors import BatchStateError, CorruptStateError
from batch_implement.model.batch_id import is_batch_id
from batch_implement.state.document import VERSION, Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

REQUIRED: dict[str, type] = {
    "batch_id": str,
    "features_file": str,
    "total_features": int,
    "features": list,
    "current_index": int,
    "status": str,
}

MAX_FEATURES = 1000
STATUSES = frozenset({"in_progress", "running", "paused", "completed", "failed", "cancelled"})
WORKFLOW_REMINDER = (
    "A batch is being worked through unattended. Run `batch-implement next` for the current feature and "
    "go on with it; don't ask whether to continue."
)


def defaults() -> dict[str, Any]:
    """A new value for every field that may be missing; indices are JSON's strings here."""
    return {
        "version": VERSION,
        "completed_features": [],
        "failed_features": [],
        "context_token_estimate": 0,
        "auto_clear_count": 0,
        "auto_clear_events": [],
        "created_at": "",
        "updated_at": "",
        "issue_numbers": None,
        "source_type": "file",
        "state_file": "",
        "context_tokens_before_clear": None,
        "paused_at_feature_index": None,
        "retry_attempts": {},
        "git_operations": {},
        "feature_order": [],
        "feature_dependencies": {},
        "analysis_metadata": {},
        "workflow_mode": "auto-implement",
        "workflow_reminder": WORKFLOW_REMINDER,
        "sequence": 0,
        "owner": None,
        "attempt": None,
        "attempts": {},
        "baseline": None,
        "check": None,
        "check_run": None,
        "evidence": {},
        "held": {},
        "issue_bodies": {},
        "notices": [],
        "pause": None,
        "stalls": None,
        "compactions": 0,
        "delivery": None,
        "wake": None,
        "github_breaker": None,
    }


def require(fields: Mapping[str, Any]) -> None:
    """The check a write and a hook can afford; raises :class:`CorruptStateError` naming the field."""
    for name in REQUIRED:
        if name not in fields:
            raise CorruptStateError(f"its field {name} is missing")
    for name, kind in _KINDS.items():
        if name in fields and not _is(fields[name], kind):
            raise CorruptStateError(f"its field {name} is not {_WORDS[kind]}")
    if not is_batch_id(fields["batch_id"]):
        raise CorruptStateError(f"its batch_id is {fields['batch_id'][:100]!r}")
    if fields["status"] not in STATUSES:
        raise CorruptStateError(f"its status is {fields['status'][:40]!r}")
    if len(fields["features"]) != fields["total_features"]:
        raise CorruptStateError(
            f"it says {fields['total_features']} features and lists {len(fields['features'])}"
        )


def check_changes(changes: Mapping[str, Any]) -> None:
    """The check of what a transition sets; raises :class:`BatchStateError` naming the field."""
    for name, value in changes.items():
        if name not in _KINDS and name not in _MAY_BE_NULL:
            raise BatchStateError(f"{name!r} is not a field of a batch state.")
        if name in _KINDS and not _is(value, _KINDS[name]):
            raise BatchStateError(f"The field {name} has to be {_WORDS[_KINDS[name]]}, not {value!r:.60}.")
    if changes.get("status", "paused") not in STATUSES:
        raise BatchStateError(f"{changes['status'][:40]!r} is not a status of a batch.")


def upgraded(document: Document) -> Document:
    """A state of an early version with the fields it lacks; its next write keeps them."""
    is_current = document.get("version", 1) == VERSION
    missing = _DEFAULTS.keys() - document.keys()
    if is_current and not missing:
        return document
    if not is_current:  # such a file has no checksum: anyone may have written it
        require(document)
    changes = {name: value for name, value in defaults().items() if name in missing}
    if document.get("status") == "running":
        changes["status"] = "in_progress"
    return document.changed({**changes, "version": VERSION})


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


_DEFAULTS = defaults()
_KINDS = {**REQUIRED, **{name: type(value) for name, value in _DEFAULTS.items() if value is not None}}
_MAY_BE_NULL = {name for name, value in _DEFAULTS.items() if value is None}
_WORDS = {str: "a text", int: "a number", list: "a list", dict: "an object"}
