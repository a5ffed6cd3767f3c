"""Keeps count of a batch's failures and says what comes next.

State: ``.claude/batch_<id>_retry_state.json``. Audit: ``.claude/audit/<id>_retry_audit.jsonl``, a line for
each decision. Every change is made under a lock and is on disk before it is returned.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from batch_implement.errors import BatchStateError, CorruptStateError, LockError, PathError
from batch_implement.model.batch_id import RULE, is_batch_id
from batch_implement.model.record import replace
from batch_implement.recovery.classify import classify, sanitize_error_message
from batch_implement.recovery.decide import RetryAction, RetryDecision, decide_retry
from batch_implement.recovery.failure import Classification, FailureFacts
from batch_implement.recovery.retry_state import RetryState, as_json, new_state, state_in, text_of
from batch_implement.recovery.signature import failure_signature
from batch_implement.state.home import AUDIT, FOLDER, audit_name, retry_lock_name, retry_state_name
from batch_implement.system.files.audit_log import append_record
from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import Folder
from batch_implement.system.files.json_file import parse_object, set_aside, to_bytes
from batch_implement.system.files.strict_json import NotJsonError

_LOCK_SECONDS = 30.0


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

    ``enabled`` is the user's consent. ``clock`` gives aware times in the zone in which limits state theirs.
    """

    def __init__(
        self,
        project: Path,
        batch_id: str,
        *,
        enabled: bool,
        clock: Callable[[], datetime] = _local_now,
        random: Callable[[], float] = _fraction,
    ) -> None:
        if not is_batch_id(batch_id):
            raise BatchStateError(f"{batch_id[:100]!r} is not a batch id. Use {RULE}.")
        self.batch_id = batch_id
        self._project = project
        self._enabled = enabled
        self._clock = clock
        self._random = random
        self._name = retry_state_name(batch_id)

    def state(self) -> RetryState:
        """The state now; a new one where there is none or it can't be read."""
        try:
            with Folder.open(self._project, FOLDER) as folder:
                return self._read(folder)
        except (FileNotFoundError, NotJsonError, CorruptStateError):
            return new_state(self.batch_id, text_of(self._clock()))

    def may_retry(self, feature_index: int, facts: FailureFacts) -> Judgement:
        """What would be done about such a failure now, and why; nothing is counted."""
        return self._judge(self.state(), feature_index, facts)[0]

    def record_failure(self, feature_index: int, facts: FailureFacts) -> Judgement:
        """Count a failure and decide: a retry is charged here, so it must be made."""
        judged: list[Judgement] = []

        def count(state: RetryState) -> RetryState:
            judgement, after = self._judge(state, feature_index, facts)
            judged.append(judgement)
            return after

        after, notices = self._change(count)
        [judgement] = judged
        notices += self._audit(feature_index, facts, judgement, after)
        retries = after.retry_counts.get(feature_index, 0)
        return Judgement(judgement.failure, judgement.decision, retries, notices)

    def record_success(self) -> tuple[str, ...]:
        """A feature was done: the row of failures has ended, and the breaker closes. Notices are returned."""
        return self._change(lambda state: state.after_success())[1]

    def reset_breaker(self) -> tuple[str, ...]:
        """Close the breaker by hand; the retries that were used stay used. Notices are returned."""
        return self._change(lambda state: state.with_breaker(state.breaker.closed()))[1]

    def _judge(
        self, state: RetryState, feature_index: int, facts: FailureFacts
    ) -> tuple[Judgement, RetryState]:
        now = self._clock()
        failure, signature = classify(facts, now), failure_signature(facts)
        breaker = state.breaker.failed(now.timestamp())
        decision = decide_retry(
            failure,
            state.history(feature_index, signature),
            enabled=self._enabled,
            breaker=breaker,
            now=now,
            random=self._random,
        )
        if decision.action is RetryAction.RETRY:
            breaker = breaker.probed(now.timestamp())
        after = state.after_failure(feature_index, failure, signature, decision, breaker)
        return Judgement(failure, decision), after

    def _change(self, step: Callable[[RetryState], RetryState]) -> tuple[RetryState, tuple[str, ...]]:
        """The state after it, as it is on the disk, and notices."""
        notices: tuple[str, ...] = ()
        with (
            Folder.open(self._project, FOLDER, create=True) as folder,
            locked(folder, retry_lock_name(self.batch_id), _LOCK_SECONDS) as lock,
        ):
            now = self._clock()
            state = new_state(self.batch_id, text_of(now))
            try:
                state = self._read(folder)
            except FileNotFoundError:
                pass
            except (NotJsonError, CorruptStateError) as error:
                aside = set_aside(folder, self._name, now.astimezone(timezone.utc))
                notices = (
                    f"{folder.path}/{self._name} could not be read ({error}); it was kept as {aside}, and "
                    "retries are counted from 0 again.",
                )
            after = replace(step(state), updated_at=text_of(now))
            folder.write(self._name, to_bytes(as_json(after)), before_replace=lock.confirm)
        return after, notices

    def _read(self, folder: Folder) -> RetryState:
        state = state_in(parse_object(folder.read(self._name)))
        if state.batch_id != self.batch_id:
            raise CorruptStateError(f"it is of batch {state.batch_id[:100]!r}")
        return state

    def _audit(
        self, feature_index: int, facts: FailureFacts, judgement: Judgement, state: RetryState
    ) -> tuple[str, ...]:
        """A log that can't be written is said, and holds nothing up."""
        failure, decision = judgement.failure, judgement.decision
        record = {
            "timestamp": state.updated_at,
            "batch_id": state.batch_id,
            "feature_index": feature_index,
            "retry_attempt": state.retry_counts.get(feature_index, 0),
            "global_retry_count": state.global_retry_count,
            "source": facts.source,
            "kind": failure.kind.value,
            "decision": decision.action.value,
            "decision_reason": decision.reason,
            "wait_seconds": round(decision.wait_seconds, 1),
            "retried": decision.action is RetryAction.RETRY,
            "error_message": sanitize_error_message(facts.message),
        }
        name = audit_name(self.batch_id)
        try:
            with Folder.open(self._project, *AUDIT, create=True) as folder:
                append_record(folder, name, record)
        except (OSError, PathError, LockError) as error:
            return (f"The retry was not written to {'/'.join(AUDIT)}/{name}: {error}",)
        return ()
