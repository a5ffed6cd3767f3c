"""What to do after a failure: one pure function, asked in the documented order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from batch_implement.model.breaker import Breaker
from batch_implement.recovery.api_errors import somebody_has_to_act
from batch_implement.recovery.backoff import full_jitter, limit_wait
from batch_implement.recovery.failure import Classification, FailureKind

RETRIES_OF_FEATURE = 3
RETRIES_OF_BATCH = 50
RETRIES_OF_UNKNOWN = 1
SAME_FAILURES = 3
"""The same failure so often is permanent, whatever it looked like."""


class RetryAction(Enum):
    RETRY = "retry"
    """The same feature again, after the wait; it is charged."""
    SKIP = "skip"
    """The feature has failed; the batch goes on with the next."""
    HOLD = "hold"
    """The whole batch waits; nothing is charged."""
    PAUSE = "pause"
    """The batch stops until somebody has acted."""


@dataclass(frozen=True)
class RetryHistory:
    """What went before. ``same_failures`` counts this failure too, the others don't."""

    retries_of_feature: int = 0
    retries_of_batch: int = 0
    same_failures: int = 1
    unknown_retries: int = 0
    limits_in_a_row: int = 0


@dataclass(frozen=True)
class RetryDecision:
    """``wait_seconds`` is how long to wait before the retry, or for the limit to end; 0 otherwise."""

    action: RetryAction
    reason: str
    wait_seconds: float = 0.0


def decide_retry(
    failure: Classification,
    history: RetryHistory,
    *,
    enabled: bool,
    breaker: Breaker,
    now: datetime,
    random: Callable[[], float],
) -> RetryDecision:
    """The first of these that applies: what only a person mends, limits, retrying switched off, the
    retries of the whole batch, the breaker (with this failure in it), the kind of failure, the retries of
    this feature.
    """
    if failure.needs_person:
        return RetryDecision(RetryAction.PAUSE, somebody_has_to_act(failure.reason))
    if failure.kind is FailureKind.LIMIT:
        if not enabled:
            return RetryDecision(RetryAction.PAUSE, f"{failure.reason}, and automatic retry is off")
        wait = limit_wait(failure.resets_at, history.limits_in_a_row, now, random)
        return RetryDecision(RetryAction.HOLD, failure.reason, wait)
    refusal = _refusal(failure, history, breaker, now) if enabled else "automatic retry is off"
    if refusal:
        return RetryDecision(RetryAction.SKIP, refusal)
    number = f"retry {history.retries_of_feature + 1} of {RETRIES_OF_FEATURE}"
    wait = full_jitter(history.retries_of_feature, random)
    return RetryDecision(RetryAction.RETRY, f"{failure.reason}: {number}", wait)


def _refusal(failure: Classification, history: RetryHistory, breaker: Breaker, now: datetime) -> str:
    """Why there is no retry, or nothing."""
    if history.retries_of_batch >= RETRIES_OF_BATCH:
        return f"the batch has used all of its {RETRIES_OF_BATCH} retries"
    if not breaker.allows(now.timestamp()):
        return f"{breaker.consecutive_failures} failures in a row: the circuit breaker is open"
    if failure.kind is FailureKind.PERMANENT:
        return f"{failure.reason}: it would fail again"
    if history.same_failures >= SAME_FAILURES:
        return f"the same failure {history.same_failures} times: {failure.reason}"
    if failure.kind is FailureKind.UNKNOWN and history.unknown_retries >= RETRIES_OF_UNKNOWN:
        return f"{failure.reason}, and another try did not help"
    if history.retries_of_feature >= RETRIES_OF_FEATURE:
        return f"the feature has used all of its {RETRIES_OF_FEATURE} retries"
    return ""
