"""The fields of a batch state: what must be there, and what a missing one means.

A state that an early version wrote has only some of them; it is read with the defaults and gets the rest
at its next change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.errors import CorruptStateError
from batch_implement.state.document import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUIRED: dict[str, type] = {
    "batch_id": str,
    "features_file": str,
    "total_features": int,
    "features": list,
    "current_index": int,
    "status": str,
}

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
    for name, kind in REQUIRED.items():
        if name not in fields:
            raise CorruptStateError(f"its field {name} is missing")
        if not isinstance(fields[name], kind) or isinstance(fields[name], bool):
            raise CorruptStateError(f"its field {name} is not {_WORDS[kind]}")
    if fields["status"] not in STATUSES:
        raise CorruptStateError(f"its status is {str(fields['status'])[:40]!r}")
    if len(fields["features"]) != fields["total_features"]:
        raise CorruptStateError(
            f"it says {fields['total_features']} features and lists {len(fields['features'])}"
        )


_WORDS = {str: "a text", int: "a number", list: "a list"}
