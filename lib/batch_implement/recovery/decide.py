"""What to do after a failure: one pure function, asked in the documented order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from batch_implement.recovery.api_errors import somebody_has_to_act
from batch_implement.recovery.backoff import full_jitter, limit_wait
from batch_implement.recovery.failure import Classification, FailureKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from batch_implement.model.breaker import Breaker


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
class RetryLimits:
    retries_per_feature: int = 3
    retries_per_batch: int = 50
    same_failure: int = 3
    """The same failure so often is permanent, whatever it looked like."""
    retries_of_unknown: int = 1


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
    limits: RetryLimits,
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
        return _for_limit(failure, history, enabled=enabled, now=now, random=random)
    refusal = _refusal(failure, history, limits, enabled=enabled, breaker=breaker, now=now)
    if refusal:
        return RetryDecision(RetryAction.SKIP, refusal)
    wait = full_jitter(history.retries_of_feature, random)
    number = history.retries_of_feature + 1
    return RetryDecision(
        RetryAction.RETRY, f"{failure.reason}: retry {number} of {limits.retries_per_feature}", wait
    )


def _for_limit(
    failure: Classification,
    history: RetryHistory,
    *,
    enabled: bool,
    now: datetime,
    random: Callable[[], float],
) -> RetryDecision:
    if not enabled:
        return RetryDecision(RetryAction.PAUSE, f"{failure.reason}, and automatic retry is off")
    wait = limit_wait(failure.resets_at, history.limits_in_a_row, now, random)
    return RetryDecision(RetryAction.HOLD, failure.reason, wait)


def _refusal(
    failure: Classification,
    history: RetryHistory,
    limits: RetryLimits,
    *,
    enabled: bool,
    breaker: Breaker,
    now: datetime,
) -> str:
    """Why there is no retry, or nothing."""
    unknown = failure.kind is FailureKind.UNKNOWN
    checks = (
        (not enabled, "automatic retry is off"),
        (
            history.retries_of_batch >= limits.retries_per_batch,
            f"the batch has used all of its {limits.retries_per_batch} retries",
        ),
        (
            not breaker.allows(now.timestamp()),
            f"{breaker.consecutive_failures} failures in a row: the circuit breaker is open",
        ),
        (failure.kind is FailureKind.PERMANENT, f"{failure.reason}: it would fail again"),
        (
            history.same_failures >= limits.same_failure,
            f"the same failure {history.same_failures} times: {failure.reason}",
        ),
        (
            unknown and history.unknown_retries >= limits.retries_of_unknown,
            f"{failure.reason}, and another try did not help",
        ),
        (
            history.retries_of_feature >= limits.retries_per_feature,
            f"the feature has used all of its {limits.retries_per_feature} retries",
        ),
    )
    return next((reason for applies, reason in checks if applies), "")
