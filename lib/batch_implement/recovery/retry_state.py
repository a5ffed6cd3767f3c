"""What is remembered of a batch's failures, in the documented form of its file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from batch_implement.errors import CorruptStateError
from batch_implement.json_types import JsonMapping, JsonObject
from batch_implement.model.breaker import Breaker
from batch_implement.model.record import fields_of, from_json, record, replace, to_json
from batch_implement.recovery.decide import RetryAction, RetryDecision, RetryHistory
from batch_implement.recovery.failure import Classification, FailureKind

if TYPE_CHECKING:
    from batch_implement.model.kinds import Count, Identifier, Index, Time

THRESHOLD, COOL_DOWN = 5, 900.0
_SIGNATURES_KEPT = 10
_MOST = 1_000_000  # of anything; more is no count


@record(frozen=True, kw_only=True)
class FeatureFailures:
    """One feature's: retries of unknown failures, and the latest signatures."""

    unknown_retries: Count
    signatures: tuple[str, ...]


_NONE = FeatureFailures(unknown_retries=0, signatures=())


@record(frozen=True, kw_only=True)
class RetryState:
    batch_id: Identifier
    retry_counts: Mapping[Index, Count]
    """Retries charged, by feature."""
    global_retry_count: Count
    consecutive_failures: Count
    circuit_breaker_open: bool
    circuit_opened_at: Time | None = None
    circuit_probed_at: Time | None = None
    limits_in_a_row: Count = 0
    failures: Mapping[Index, FeatureFailures] = {}
    created_at: Time
    updated_at: Time

    @property
    def breaker(self) -> Breaker:
        """One that is open since nobody knows when is taken to have opened with the last update."""
        opened_at = self.circuit_opened_at or (self.updated_at if self.circuit_breaker_open else None)
        return Breaker(
            THRESHOLD,
            COOL_DOWN,
            self.consecutive_failures,
            _seconds(opened_at),
            _seconds(self.circuit_probed_at),
        )

    def history(self, feature_index: int, signature: str) -> RetryHistory:
        """What :func:`decide_retry` is told, this failure among the ones of its signature."""
        feature = self.failures.get(feature_index, _NONE)
        return RetryHistory(
            retries_of_feature=self.retry_counts.get(feature_index, 0),
            retries_of_batch=self.global_retry_count,
            same_failures=1 + feature.signatures.count(signature),
            unknown_retries=feature.unknown_retries,
            limits_in_a_row=self.limits_in_a_row,
        )

    def after_failure(
        self,
        feature_index: int,
        failure: Classification,
        signature: str,
        decision: RetryDecision,
        breaker: Breaker,
    ) -> RetryState:
        """What a failure and the decision on it leave behind; waiting and pausing charge nothing."""
        if decision.action is RetryAction.HOLD:
            return replace(self, limits_in_a_row=self.limits_in_a_row + 1)
        if decision.action is RetryAction.PAUSE:
            return self
        known = self.failures.get(feature_index, _NONE)
        retried = decision.action is RetryAction.RETRY
        feature = FeatureFailures(
            unknown_retries=known.unknown_retries + (retried and failure.kind is FailureKind.UNKNOWN),
            signatures=(*known.signatures, signature)[-_SIGNATURES_KEPT:],
        )
        counts = {feature_index: self.retry_counts.get(feature_index, 0) + 1} if retried else {}
        return replace(
            self.with_breaker(breaker),
            global_retry_count=self.global_retry_count + retried,
            limits_in_a_row=0,
            retry_counts={**self.retry_counts, **counts},
            failures={**self.failures, feature_index: feature},
        )

    def after_success(self) -> RetryState:
        return replace(self.with_breaker(self.breaker.closed()), limits_in_a_row=0)

    def with_breaker(self, breaker: Breaker) -> RetryState:
        return replace(
            self,
            consecutive_failures=breaker.consecutive_failures,
            circuit_breaker_open=breaker.opened_at is not None,
            circuit_opened_at=_time(breaker.opened_at),
            circuit_probed_at=_time(breaker.probed_at),
        )


def new_state(batch_id: str, at: str) -> RetryState:
    return RetryState(
        batch_id=batch_id,
        retry_counts={},
        global_retry_count=0,
        consecutive_failures=0,
        circuit_breaker_open=False,
        created_at=at,
        updated_at=at,
    )


def as_json(state: RetryState) -> JsonObject:
    """All fields, those that have their defaults too."""
    return {name: to_json(getattr(state, name)) for name in fields_of(RetryState)}


def state_in(data: JsonMapping) -> RetryState:
    """The state in a file; :class:`CorruptStateError` when a field is missing or is not what it should be.

    What only newer files hold may be missing.
    """
    state = from_json(RetryState, data)
    whole = as_json(state)
    numbers = [state.global_retry_count, state.consecutive_failures, state.limits_in_a_row]
    numbers += [*state.retry_counts, *state.retry_counts.values(), *state.failures]
    for one in state.failures.values():
        numbers += [one.unknown_retries, len(one.signatures)]
    if min(numbers) < 0 or max(numbers) >= _MOST:
        raise CorruptStateError("a number in it is no count")
    for name, value in whole.items():
        if value != data.get(name, value):  # an index like "01"
            raise CorruptStateError(f"its field {name} is not as it is written")
    for time in (state.created_at, state.updated_at, state.circuit_opened_at, state.circuit_probed_at):
        _seconds(time)
    return state


def text_of(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else text_of(datetime.fromtimestamp(seconds, timezone.utc))


def _seconds(time: str | None) -> float | None:
    if time is None:
        return None
    try:
        moment = datetime.fromisoformat(time.replace("Z", "+00:00"))
    except ValueError as error:
        raise CorruptStateError(f"{time[:40]!r} in it is not a time") from error
    if moment.tzinfo is None:
        raise CorruptStateError(f"{time!r} in it has no zone")
    return moment.timestamp()
