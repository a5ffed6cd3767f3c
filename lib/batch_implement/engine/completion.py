"""What the state keeps of a feature that is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.delivery.operation import commit_record
from batch_implement.model import progress
from batch_implement.scheduling.dependents import release_dependents
from batch_implement.state.journal import Transition
from batch_implement.system import clock

if TYPE_CHECKING:
    from batch_implement.delivery.commit import Commit
    from batch_implement.state.document import Document


def completed(
    fields: Document, index: int, evidence: dict[str, Any], commit: Commit | None, *, at: str
) -> Transition:
    """The transition by which a feature becomes completed; nothing when it is already."""
    if index in fields["completed_features"]:
        return progress.NOTHING
    seconds = clock.seconds_between(fields["attempt"]["started_at"], at) if fields.get("attempt") else 0.0
    proof = {**evidence, "worked_seconds": round(seconds, 1), **({"commit": commit.sha} if commit else {})}
    changes = {
        **progress.end_attempt(fields, index, at=at, error=""),
        **progress.mark(fields, index, "completed", at=at).changes,
        "attempt": None,
        # The batch ends by itself, after what is committed has been published.
        "status": fields["status"],
        "stalls": None,
        "held": release_dependents(fields, index),
        "evidence": {**fields["evidence"], str(index): proof},
    }
    if evidence.get("tests_after") is not None:
        changes["check"] = {**fields["check"], "tests": evidence["tests_after"]}
    if commit:
        changes["git_operations"] = with_operation(fields, index, "commit", commit_record(commit, at))
    return Transition("completed", changes, {"feature": index + 1, "evidence": proof})


def with_operation(fields: Document, index: int, name: str, record: dict[str, Any]) -> dict[str, Any]:
    """``git_operations`` with a feature's record put in."""
    operations = dict(fields.get("git_operations") or {})
    operations[str(index)] = {**(operations.get(str(index)) or {}), name: record}
    return operations
