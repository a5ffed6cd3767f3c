"""Keeps count of a batch's failures and says what comes next.

State: ``.claude/batch_<id>_retry_state.json``. Audit: ``.claude/audit/<id>_retry_audit.jsonl``, a line for
each decision. Every change is made under a lock and is on disk before it is returned.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from batch_implement.errors import BatchStateError, LockError, PathError
from batch_implement.model.batch_id import RULE, is_batch_id
from batch_implement.recovery.classify import classify, sanitize_error_message
from batch_implement.recovery.decide import RetryAction, RetryDecision, RetryLimits, decide_retry
from batch_implement.recovery.retry_state import RetryState, from_json, to_json
from batch_implement.recovery.signature import failure_signature
from batch_implement.state.home import AUDIT, FOLDER, audit_name, retry_lock_name, retry_state_name
from batch_implement.system.files.audit_log import append_record
from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import Folder
from batch_implement.system.files.json_file import parse_object, set_aside, to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from batch_implement.recovery.failure import Classification, FailureFacts

LOCK_SECONDS = 30.0


@dataclass(frozen=True)
class Judgement:
    """A failure, judged: what it is, what to do, and what the user should be told beside it.

    ``retries`` is how often the feature was tried again, this time among them where it is. ``notices`` are
    sentences: an unreadable state file that was set aside, an audit line not written.
    """

    failure: Classification
    decision: RetryDecision
    retries: int = 0
    notices: tuple[str, ...] = ()


def _local_now() -> datetime:
    return datetime.now(timezone.utc).astimezone()


def _fraction() -> float:
    """From 0 up to, but not including, 1. (Importing ``random`` takes as long as starting Python.)"""
    return int.from_bytes(os.urandom(6), "big") / 2**48


class BatchRetryManager:
    """One batch's failures, for any number of processes at once.

    ``enabled`` is the user's consent. ``clock`` gives aware times in the zone in which limits state
    theirs. ``known_secrets`` are cut out of the audit log beside what looks like one.
    """

    def __init__(
        self,
        project: Path,
        batch_id: str,
        *,
        enabled: bool,
        limits: RetryLimits | None = None,
        clock: Callable[[], datetime] = _local_now,
        random: Callable[[], float] = _fraction,
        known_secrets: Sequence[str] = (),
    ) -> None:
        if not is_batch_id(batch_id):
            raise BatchStateError(f"{batch_id[:100]!r} is not a batch id. Use {RULE}.")
        self.batch_id = batch_id
        self._project = project
        self._enabled = enabled
        self._limits = limits or RetryLimits()
        self._clock = clock
        self._random = random
        self._known_secrets = known_secrets

    def state(self) -> RetryState:
        """The state now; a new one where there is none or it can't be read."""
        try:
            with Folder.open(self._project, FOLDER) as folder:
                return self._parse(folder.read(self._name))
        except (FileNotFoundError, ValueError):
            return _new(self.batch_id, self._clock().astimezone(timezone.utc))

    def may_retry(self, feature_index: int, facts: FailureFacts) -> Judgement:
        """What would be done about such a failure now, and why; nothing is counted."""
        judgement, _ = self._judge(self.state(), feature_index, facts)
        return judgement

    def record_failure(self, feature_index: int, facts: FailureFacts) -> Judgement:
        """Count a failure and decide: a retry is charged here, so it must be made."""
        with Folder.open(self._project, FOLDER, create=True) as folder:
            with locked(folder, self._lock_name, LOCK_SECONDS) as lock:
                before, notices = self._load(folder)
                judgement, after = self._judge(before, feature_index, facts)
                self._save(folder, after, lock.confirm)
            notices += self._audit(feature_index, facts, judgement, after)
        return replace(judgement, retries=after.of(feature_index).retries, notices=tuple(notices))

    def record_success(self) -> tuple[str, ...]:
        """A feature was done: the row of failures has ended, and the breaker closes. Notices are returned."""
        return self._change(lambda state: state.after_success())

    def reset_breaker(self) -> tuple[str, ...]:
        """Close the breaker by hand; the retries that were used stay used. Notices are returned."""
        return self._change(lambda state: replace(state, breaker=state.breaker.closed()))

    @property
    def _name(self) -> str:
        return retry_state_name(self.batch_id)

    @property
    def _lock_name(self) -> str:
        return retry_lock_name(self.batch_id)

    def _judge(
        self, state: RetryState, feature_index: int, facts: FailureFacts
    ) -> tuple[Judgement, RetryState]:
        now = self._clock()
        failure, signature = classify(facts, now), failure_signature(facts)
        breaker = state.breaker.failed(now.timestamp())
        decision = decide_retry(
            failure,
            state.history(feature_index, signature),
            self._limits,
            enabled=self._enabled,
            breaker=breaker,
            now=now,
            random=self._random,
        )
        if decision.action is RetryAction.RETRY:
            breaker = breaker.probed(now.timestamp())
        after = state.after_failure(feature_index, failure, signature, decision, breaker)
        return Judgement(failure, decision), replace(after, updated_at=now.astimezone(timezone.utc))

    def _change(self, transition: Callable[[RetryState], RetryState]) -> tuple[str, ...]:
        with (
            Folder.open(self._project, FOLDER, create=True) as folder,
            locked(folder, self._lock_name, LOCK_SECONDS) as lock,
        ):
            state, notices = self._load(folder)
            now = self._clock().astimezone(timezone.utc)
            self._save(folder, replace(transition(state), updated_at=now), lock.confirm)
            return tuple(notices)

    def _load(self, folder: Folder) -> tuple[RetryState, list[str]]:
        now = self._clock().astimezone(timezone.utc)
        try:
            return self._parse(folder.read(self._name)), []
        except FileNotFoundError:
            return _new(self.batch_id, now), []
        except ValueError as error:
            aside = set_aside(folder, self._name, now)
            notice = (
                f"{f'{folder.path}/{self._name}'} could not be read ({error}); it was kept as {aside}, and "
                "retries are counted from 0 again."
            )
            return _new(self.batch_id, now), [notice]

    def _parse(self, data: bytes) -> RetryState:
        state = from_json(parse_object(data))
        if state.batch_id != self.batch_id:
            raise ValueError(f"it is of batch {state.batch_id[:100]!r}")
        return state

    def _save(self, folder: Folder, state: RetryState, confirm: Callable[[], None]) -> None:
        folder.write(self._name, to_bytes(to_json(state)), before_replace=confirm)

    def _audit(
        self, feature_index: int, facts: FailureFacts, judgement: Judgement, state: RetryState
    ) -> list[str]:
        """A log that can't be written is said, and holds nothing up."""
        name = audit_name(self.batch_id)
        record = _audit_record(feature_index, facts, judgement, state)
        try:
            with Folder.open(self._project, *AUDIT, create=True) as folder:
                append_record(folder, name, record, known_secrets=self._known_secrets)
        except (OSError, PathError, LockError) as error:
            return [f"The retry was not written to {'/'.join(AUDIT)}/{name}: {error}"]
        return []


def _new(batch_id: str, now: datetime) -> RetryState:
    return RetryState(batch_id=batch_id, created_at=now, updated_at=now)


def _audit_record(
    feature_index: int, facts: FailureFacts, judgement: Judgement, state: RetryState
) -> dict[str, object]:
    failure, decision = judgement.failure, judgement.decision
    return {
        "timestamp": state.updated_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "batch_id": state.batch_id,
        "feature_index": feature_index,
        "retry_attempt": state.of(feature_index).retries,
        "global_retry_count": state.global_retry_count,
        "source": facts.source,
        "kind": failure.kind.value,
        "decision": decision.action.value,
        "decision_reason": decision.reason,
        "wait_seconds": round(decision.wait_seconds, 1),
        "retried": decision.action is RetryAction.RETRY,
        "error_message": sanitize_error_message(facts.message),
    }
