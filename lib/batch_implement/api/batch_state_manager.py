"""The documented calls on a batch's state; ``docs/batch-state.md`` describes the file behind them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from batch_implement.api.batch_state import BatchState
from batch_implement.api.path_utils import get_batch_state_file, get_project_root
from batch_implement.errors import BatchStateError, CorruptStateError
from batch_implement.json_types import JsonObject
from batch_implement.model import batch_id as ids
from batch_implement.model import progress
from batch_implement.model.batch import Batch
from batch_implement.model.evidence import Evidence
from batch_implement.model.feature import MAX_FEATURES
from batch_implement.model.kinds import OPERATIONS
from batch_implement.model.record import replace
from batch_implement.model.transition import Transition
from batch_implement.sources.base import sanitize_feature_name
from batch_implement.state.schema import schema, validate
from batch_implement.state.state_file import StateFile
from batch_implement.system import clock

AnyPath = str | os.PathLike[str]

__all__ = [
    "BatchState",
    "BatchStateError",
    "cleanup_batch_state",
    "create_batch_state",
    "get_batch_state_file",
    "get_feature_git_status",
    "get_next_pending_feature",
    "get_project_root",
    "get_retry_count",
    "increment_retry_count",
    "load_batch_state",
    "mark_feature_status",
    "record_git_operation",
    "sanitize_feature_name",
    "save_batch_state",
    "update_batch_progress",
]


def create_batch_state(
    features_file: AnyPath = "",
    features: Sequence[str] = (),
    *,
    issue_numbers: Sequence[int | None] | None = None,
    source_type: str = "file",
    state_file: AnyPath = "",
    batch_id: str = "",
) -> BatchState:
    """A new state, not yet saved. Raises :class:`BatchStateError` for no features, a bad path or id."""
    if not features:
        raise BatchStateError("Cannot create a batch: there are no features.")
    if len(features) > MAX_FEATURES:
        raise BatchStateError(
            f"Cannot create a batch of {len(features):,} features: {MAX_FEATURES:,} is the most. Split it."
        )
    _check_path(features_file, "a features file")
    _check_path(state_file, "a state file")
    now = clock.utc_now()
    batch_id = batch_id or ids.new_batch_id(now)
    if not ids.is_batch_id(batch_id):
        raise BatchStateError(f"{batch_id[:100]!r} can't be a batch id. Use {ids.RULE}.")
    return BatchState(
        batch_id=batch_id,
        features_file=str(features_file),
        total_features=len(features),
        features=[sanitize_feature_name(feature) for feature in features],
        issue_numbers=list(issue_numbers) if issue_numbers is not None else None,
        source_type=source_type,
        state_file=str(state_file),
        created_at=clock.timestamp(now),
        updated_at=clock.timestamp(now),
    )


def _check_path(path: AnyPath, what: str) -> None:
    text = str(path)
    if ".." in text.replace("\\", "/").split("/") or any(ord(letter) < 32 for letter in text):
        raise BatchStateError(f"{text!r} can't be {what}: name one without '..' and control characters.")


def save_batch_state(state_file: AnyPath, state: BatchState) -> None:
    """Write the state whole and durably, mode 0600; ``updated_at`` is stamped.

    What other processes changed since ``state`` was loaded is replaced; the update calls below keep it.
    Raises :class:`BatchStateError` for a symlink, a path outside the project, a disk that won't, and a
    state with a field that is not as it should be, which is then named.
    """
    fields = state.to_dict()
    try:
        validate(fields, state_file)
    except CorruptStateError as error:
        raise BatchStateError(f"Not saved: {error}") from error
    written = StateFile(state_file, unversioned=True).save(fields)
    state.updated_at = written["updated_at"]


def load_batch_state(state_file: AnyPath) -> BatchState:
    """The state, checked in full against the schema; a file of an early version is upgraded in memory."""
    known = schema()["properties"]
    document = StateFile(state_file, unversioned=True).document()
    fields = {name: value for name, value in document.items() if name in known}
    validate(fields, state_file)
    return BatchState.from_dict(fields)


def update_batch_progress(
    state_file: AnyPath,
    feature_index: int,
    status: str,
    context_token_delta: int = 0,
    error_message: str | None = None,
    token_delta: int | None = None,
) -> None:
    """A feature is ``completed`` or ``failed``; the position moves past all that are processed.

    Raises :class:`ValueError` for another status, :class:`BatchStateError` for an index out of range.
    """
    tokens = context_token_delta if token_delta is None else token_delta
    _mark(state_file, feature_index, status, error_message, tokens=tokens)


def mark_feature_status(
    state_file: AnyPath,
    feature_index: int,
    status: str,
    error_message: str | None = None,
    retry_count: int | None = None,
) -> None:
    """As :func:`update_batch_progress`, but the position stays where it is."""
    _mark(state_file, feature_index, status, error_message, retry_count=retry_count, advance=False)


def _mark(
    state_file: AnyPath,
    index: int,
    status: str,
    error_message: str | None,
    *,
    retry_count: int | None = None,
    advance: bool = True,
    tokens: int = 0,
) -> None:
    if status not in {"completed", "failed"}:
        raise ValueError(f"A feature's status is 'completed' or 'failed', not {status!r}.")
    at = clock.timestamp(clock.utc_now())

    def mark(batch: Batch) -> Transition:
        _check_index(index, batch.total)
        if status == "completed":
            after = progress.complete(batch, index, Evidence(), at=at)
        elif index in batch.completed_features:
            raise BatchStateError(f"Feature {index + 1} is completed already and can't fail any more.")
        else:
            after = progress.fail(batch, index, error_message or "", Evidence(), at=at)
            *others, failure = after.failed_features
            after = replace(after, failed_features=(*others, replace(failure, retry_count=retry_count)))
        after = replace(
            after,
            evidence=batch.evidence,  # who calls has shown nothing
            context_token_estimate=batch.context_token_estimate + tokens,
            current_index=after.current_index if advance else batch.current_index,
            status="completed" if batch.is_going and not after.left else batch.status,
        )
        error = {"error": error_message} if error_message else {}
        return Transition(status, after, feature=index + 1, **error)

    StateFile(state_file, unversioned=True).update(mark)


def _check_index(index: object, total: int, error: type[Exception] = BatchStateError) -> None:
    if not (isinstance(index, int) and not isinstance(index, bool) and 0 <= index < total):
        raise error(f"Feature index {index} is out of range: the batch has {total} features.")


def get_next_pending_feature(state: BatchState) -> str | None:
    """The text at the position, in execution order, passing over completed features; None past the end."""
    seen = set(state.feature_order)
    order = [*state.feature_order, *(index for index in range(state.total_features) if index not in seen)]
    done = set(state.completed_features)
    return next((state.features[index] for index in order[state.current_index :] if index not in done), None)


def get_retry_count(state: BatchState, feature_index: int) -> int:
    return state.retry_attempts.get(feature_index, 0)


def increment_retry_count(state_file: AnyPath, feature_index: int) -> int:
    """Count one more retry of a feature, durably; returns how many there are now."""

    def one_more(batch: Batch) -> Transition:
        _check_index(feature_index, batch.total)
        count = batch.retry_attempts.get(feature_index, 0) + 1
        after = replace(batch, retry_attempts={**batch.retry_attempts, feature_index: count})
        return Transition("retry", after, feature=feature_index + 1, retry=count)

    return StateFile(state_file, unversioned=True).update(one_more).retry_attempts[feature_index]


def record_git_operation(
    state: BatchState,
    feature_index: int,
    operation: str,
    success: bool,
    commit_sha: str | None = None,
    branch: str | None = None,
    remote: str | None = None,
    pr_number: int | None = None,
    pr_url: str | None = None,
    error_message: str | None = None,
    **extra: Any,
) -> BatchState:
    """Put what git or GitHub did for a feature into the state, and return the state.

    Raises :class:`ValueError` for an unknown operation or an index out of range.
    """
    if operation not in OPERATIONS:
        raise ValueError(f"{operation!r} is not an operation; those are {', '.join(sorted(OPERATIONS))}.")
    _check_index(feature_index, state.total_features, ValueError)
    record = {
        "success": success,
        "timestamp": clock.timestamp(clock.utc_now()),
        "sha": commit_sha,
        "branch": branch,
        "remote": remote,
        "number": pr_number,
        "url": pr_url,
        "error": error_message,
        **extra,
    }
    known = {name: value for name, value in record.items() if value is not None}
    state.git_operations.setdefault(feature_index, {})[operation] = known
    return state


def get_feature_git_status(state: BatchState, feature_index: int) -> dict[str, JsonObject] | None:
    return state.git_operations.get(feature_index)


def cleanup_batch_state(state_file: AnyPath) -> None:
    """Remove the state file; one that is not there is fine."""
    StateFile(state_file, unversioned=True).remove()
