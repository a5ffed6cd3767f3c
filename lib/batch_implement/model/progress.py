"""Where a batch stands, and the transitions that move it: pure functions of the stored fields."""

from __future__ import annotations

from batch_implement.errors import BatchStateError
from batch_implement.state.journal import Transition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Fields = Mapping[str, Any]

NOTHING = Transition("nothing", {})
RUNNING = frozenset({"in_progress", "running"})
# Of an attempt: of use only while it goes on.
_ONLY_MEANWHILE = frozenset({"feature_index", "proof", "agent"})


def execution_order(fields: Fields) -> list[int]:
    """The stored order with what it leaves out behind it, or the order given."""
    stored: list[int] = fields.get("feature_order") or []
    if len(stored) == fields["total_features"]:
        return stored
    seen = set(stored)
    return [*stored, *(index for index in range(fields["total_features"]) if index not in seen)]


def failed_indices(fields: Fields) -> set[int]:
    return {record["feature_index"] for record in fields.get("failed_features", ())}


def held_indices(fields: Fields) -> set[int]:
    return {int(index) for index in fields.get("held") or {}}


def current_feature(fields: Fields) -> int | None:
    """The feature to work on now: the one begun, else the first in order that is neither done, failed
    nor held; None when none is left."""
    attempt = fields.get("attempt")
    if attempt:
        return int(attempt["feature_index"])
    closed = set(fields.get("completed_features", ())) | failed_indices(fields) | held_indices(fields)
    return next((index for index in execution_order(fields) if index not in closed), None)


def mark(
    fields: Fields,
    index: int,
    status: str,
    *,
    at: str,
    error_message: str | None = None,
    retry_count: int | None = None,
    advance: bool = True,
    tokens: int = 0,
) -> Transition:
    """A feature becomes ``completed`` or ``failed``; repeating what is known changes nothing but tokens.

    Raises :class:`ValueError` for another status, :class:`BatchStateError` for an index out of range and
    for failing what is completed.
    """
    if status not in {"completed", "failed"}:
        raise ValueError(f"A feature's status is 'completed' or 'failed', not {status!r}.")
    check_index(fields, index)
    completed = list(fields.get("completed_features", ()))
    others = [record for record in fields.get("failed_features", ()) if record["feature_index"] != index]
    if status == "failed":
        if index in completed:
            raise BatchStateError(f"Feature {index + 1} is completed already and can't fail any more.")
        others.append(_failure(index, error_message or "", at, retry_count))
    elif index not in completed:
        completed.append(index)
    changes: dict[str, Any] = {"completed_features": completed, "failed_features": others}
    if tokens:
        changes["context_token_estimate"] = fields.get("context_token_estimate", 0) + tokens
    if (fields.get("attempt") or {}).get("feature_index") == index:
        changes["attempt"] = None
    after = {**_needed(fields), **changes}
    if advance:
        changes["current_index"] = _position(after)
    if _all_processed(after) and fields["status"] in RUNNING:
        changes["status"] = "completed"
    details = {"feature": index + 1, **({"error": error_message} if error_message else {})}
    return Transition(status, changes, details)


def check_index(fields: Fields, index: int) -> None:
    total = fields["total_features"]
    if not is_index(index, total):
        raise BatchStateError(f"Feature index {index} is out of range: the batch has {total} features.")


def is_index(index: object, total: int) -> bool:
    return isinstance(index, int) and not isinstance(index, bool) and 0 <= index < total


def begin_attempt(fields: Fields, index: int, *, at: str, base_commit: str) -> Transition:
    """Write down that work on a feature begins, and from which commit; one begun already is left as it is."""
    attempt = fields.get("attempt")
    if attempt and attempt["feature_index"] == index:
        return NOTHING
    number = len((fields.get("attempts") or {}).get(str(index), ())) + 1
    started = {"feature_index": index, "number": number, "started_at": at, "base_commit": base_commit}
    return Transition("attempt", {"attempt": started}, {"feature": index + 1, "attempt": number})


def end_attempt(fields: Fields, index: int, *, at: str, error: str, goes_on: bool = False) -> dict[str, Any]:
    """The changes that file the running attempt under what became of it.

    What was in the tree when it began (``baseline``, an entry for every file of the user's) is kept only
    while another attempt ``goes_on`` from there: a thousand features would keep it a thousand times.
    """
    attempt = fields.get("attempt")
    if not attempt or attempt["feature_index"] != index:
        return {}
    attempts = dict(fields.get("attempts") or {})
    ended = {key: value for key, value in attempt.items() if key not in _ONLY_MEANWHILE}
    filed = [*attempts.get(str(index), ()), {**ended, "ended_at": at, "error": error}]
    attempts[str(index)] = filed if goes_on else [_without_baseline(one) for one in filed]
    return {"attempts": attempts, "attempt": None}


def _without_baseline(attempt: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attempt.items() if key != "baseline"}


def _needed(fields: Fields) -> dict[str, Any]:
    names = ("total_features", "feature_order", "current_index", "held")
    return {name: fields[name] for name in names if name in fields}


def _failure(index: int, message: str, at: str, retry_count: int | None) -> dict[str, Any]:
    record: dict[str, Any] = {"feature_index": index, "error_message": message, "timestamp": at}
    return record if retry_count is None else {**record, "retry_count": retry_count}


def _processed(fields: Fields) -> set[int]:
    return set(fields["completed_features"]) | failed_indices(fields)


def _position(fields: Fields) -> int:
    """The first position whose feature is not processed; never before where the batch stood."""
    processed = _processed(fields)
    order = execution_order(fields)
    position = int(fields["current_index"])
    while position < len(order) and order[position] in processed:
        position += 1
    return position


def _all_processed(fields: Fields) -> bool:
    return len(_processed(fields) | held_indices(fields)) >= int(fields["total_features"])
