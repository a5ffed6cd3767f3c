"""What is remembered of a batch's failures, and its documented form in JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, cast

from batch_implement.model.breaker import Breaker
from batch_implement.recovery.decide import RetryAction, RetryHistory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.recovery.decide import RetryDecision
    from batch_implement.recovery.failure import Classification

BREAKER = Breaker(threshold=5, cool_down=900.0)
_SIGNATURES_KEPT = 10


@dataclass(frozen=True)
class FeatureFailures:
    """One feature's: retries charged, those of unknown failures among them, the latest signatures."""

    retries: int = 0
    unknown_retries: int = 0
    signatures: tuple[str, ...] = ()


@dataclass(frozen=True)
class RetryState:
    batch_id: str
    created_at: datetime
    updated_at: datetime
    global_retry_count: int = 0
    limits_in_a_row: int = 0
    breaker: Breaker = BREAKER
    features: Mapping[int, FeatureFailures] = field(default_factory=dict)

    def of(self, feature_index: int) -> FeatureFailures:
        return self.features.get(feature_index, FeatureFailures())

    def history(self, feature_index: int, signature: str) -> RetryHistory:
        """What :func:`decide_retry` is told, this failure among the ones of its signature."""
        feature = self.of(feature_index)
        return RetryHistory(
            retries_of_feature=feature.retries,
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
        feature = self.of(feature_index)
        retried = decision.action is RetryAction.RETRY
        unknown = retried and failure.kind.value == "unknown"
        feature = FeatureFailures(
            retries=feature.retries + retried,
            unknown_retries=feature.unknown_retries + unknown,
            signatures=(*feature.signatures, signature)[-_SIGNATURES_KEPT:],
        )
        return replace(
            self,
            global_retry_count=self.global_retry_count + retried,
            limits_in_a_row=0,
            breaker=breaker,
            features={**self.features, feature_index: feature},
        )

    def after_success(self) -> RetryState:
        return replace(self, breaker=self.breaker.closed(), limits_in_a_row=0)


def to_json(state: RetryState) -> dict[str, object]:
    failures = {
        str(index): {"unknown_retries": feature.unknown_retries, "signatures": list(feature.signatures)}
        for index, feature in sorted(state.features.items())
    }
    breaker = state.breaker
    return {
        "batch_id": state.batch_id,
        "retry_counts": {
            str(index): one.retries for index, one in sorted(state.features.items()) if one.retries
        },
        "global_retry_count": state.global_retry_count,
        "consecutive_failures": breaker.consecutive_failures,
        "circuit_breaker_open": breaker.opened_at is not None,
        "circuit_opened_at": _text(_moment(breaker.opened_at)),
        "circuit_probed_at": _text(_moment(breaker.probed_at)),
        "limits_in_a_row": state.limits_in_a_row,
        "failures": failures,
        "created_at": _text(state.created_at),
        "updated_at": _text(state.updated_at),
    }


def from_json(data: Mapping[str, object]) -> RetryState:
    """The state in a file; ValueError when a field is missing or is not what it should be.

    What only newer files hold may be missing. A breaker that is open since nobody knows when is taken to
    have opened with the last update.
    """
    updated_at = _time(data, "updated_at")
    opened_at = _optional_time(data, "circuit_opened_at")
    if _flag(data, "circuit_breaker_open"):
        opened_at = opened_at or updated_at
    probed_at = _optional_time(data, "circuit_probed_at")
    breaker = replace(
        BREAKER,
        consecutive_failures=_count(data, "consecutive_failures"),
        opened_at=opened_at.timestamp() if opened_at else None,
        probed_at=probed_at.timestamp() if probed_at else None,
    )
    counts, failures = _object(data, "retry_counts"), _object(data, "failures", {})
    indices = [_index(key) for key in {**counts, **failures}]
    return RetryState(
        batch_id=_string(data, "batch_id"),
        created_at=_time(data, "created_at"),
        updated_at=updated_at,
        global_retry_count=_count(data, "global_retry_count"),
        limits_in_a_row=_count(data, "limits_in_a_row", 0),
        breaker=breaker,
        features={index: _feature(counts, failures, str(index)) for index in indices},
    )


def _feature(counts: Mapping[str, object], failures: Mapping[str, object], key: str) -> FeatureFailures:
    rest = _object(failures, key, {})
    signatures = rest.get("signatures", [])
    if not isinstance(signatures, list) or not all(isinstance(one, str) for one in signatures):
        raise ValueError(f"signatures of feature {key} is not a list of texts")
    return FeatureFailures(_count(counts, key, 0), _count(rest, "unknown_retries", 0), tuple(signatures))


def _text(time: datetime | None) -> str | None:
    return time.isoformat(timespec="seconds").replace("+00:00", "Z") if time is not None else None


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, timezone.utc) if seconds is not None else None


def _time(data: Mapping[str, object], key: str) -> datetime:
    try:
        time = datetime.fromisoformat(_string(data, key).replace("Z", "+00:00"))
    except ValueError as error:
        raise ValueError(f"{key} is not a time: {error}") from error
    if time.tzinfo is None:
        raise ValueError(f"{key} has no zone")
    return time


def _optional_time(data: Mapping[str, object], key: str) -> datetime | None:
    return None if data.get(key) is None else _time(data, key)


def _string(data: Mapping[str, object], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{key} is not a text")
    return value


def _flag(data: Mapping[str, object], key: str) -> bool:
    value = data.get(key)
    if not isinstance(value, bool):
        raise ValueError(f"{key} is neither true nor false")
    return value


def _count(data: Mapping[str, object], key: str, default: int | None = None) -> int:
    value = data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1_000_000:
        raise ValueError(f"{key} is not a count")
    return value


def _object(data: Mapping[str, object], key: str, default: object = None) -> dict[str, object]:
    value = data.get(key, default)
    if not isinstance(value, dict):
        raise ValueError(f"{key} is not an object")
    return cast("dict[str, object]", value)


def _index(key: str) -> int:
    if not (key.isascii() and key.isdigit()) or len(key) > 9 or str(int(key)) != key:
        raise ValueError(f"{key!r} is not the index of a feature")
    return int(key)
