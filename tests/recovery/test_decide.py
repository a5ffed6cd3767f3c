"""What is done after a failure: the documented order, and a model of whole batches."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from batch_implement.model.breaker import Breaker
from batch_implement.recovery.decide import (
    RetryAction,
    RetryDecision,
    RetryHistory,
    decide_retry,
)
from batch_implement.recovery.failure import Classification, FailureKind
from batch_implement.recovery.retry_state import COOL_DOWN, THRESHOLD, as_json, new_state, state_in

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=timezone.utc)
TRANSIENT = Classification(FailureKind.TRANSIENT, "a connection was lost")
PERMANENT = Classification(FailureKind.PERMANENT, "an assertion failed")
UNKNOWN = Classification(FailureKind.UNKNOWN, "the message says too little")
LIMIT = Classification(FailureKind.LIMIT, "a usage limit was reached")
LIMIT_TO_ONE = Classification(FailureKind.LIMIT, "a usage limit was reached", NOW + timedelta(hours=1))
PERSON = Classification(FailureKind.PERMANENT, "Claude is not logged in", needs_person=True)
BREAKER = Breaker(THRESHOLD, COOL_DOWN)
OPEN = replace(BREAKER, consecutive_failures=5, opened_at=NOW.timestamp())


def _decide(
    failure: Classification,
    history: RetryHistory,
    *,
    enabled: bool = True,
    breaker: Breaker = BREAKER,
) -> RetryDecision:
    return decide_retry(failure, history, enabled=enabled, breaker=breaker, now=NOW, random=lambda: 0.5)


FRESH = RetryHistory()
SPENT = RetryHistory(retries_of_feature=3, retries_of_batch=50, same_failures=9, unknown_retries=1)


@pytest.mark.parametrize(
    ("failure", "history", "enabled", "breaker", "action", "words"),
    [
        # what may pass is tried again
        (TRANSIENT, FRESH, True, BREAKER, "retry", "retry 1 of 3"),
        # up to the third time
        (TRANSIENT, RetryHistory(retries_of_feature=2), True, BREAKER, "retry", "retry 3 of 3"),
        # and not a fourth
        (
            TRANSIENT,
            RetryHistory(retries_of_feature=3),
            True,
            BREAKER,
            "skip",
            "feature has used all of its 3",
        ),
        # the batch's last retry
        (TRANSIENT, RetryHistory(retries_of_batch=49), True, BREAKER, "retry", "retry 1 of 3"),
        # and none after it
        (TRANSIENT, RetryHistory(retries_of_batch=50), True, BREAKER, "skip", "all of its 50 retries"),
        # what can't pass is not tried again
        (PERMANENT, FRESH, True, BREAKER, "skip", "would fail again"),
        # what says too little is tried once more
        (UNKNOWN, FRESH, True, BREAKER, "retry", "retry 1 of 3"),
        # and once only
        (UNKNOWN, RetryHistory(1, 1, unknown_retries=1), True, BREAKER, "skip", "did not help"),
        # the same failure a second time
        (TRANSIENT, RetryHistory(same_failures=2), True, BREAKER, "retry", "retry 1 of 3"),
        # and a third: it is permanent, whatever it looks like
        (TRANSIENT, RetryHistory(same_failures=3), True, BREAKER, "skip", "same failure 3 times"),
        # with the breaker open the batch goes on without retries
        (TRANSIENT, FRESH, True, OPEN, "skip", "circuit breaker is open"),
        # retrying switched off
        (TRANSIENT, FRESH, False, BREAKER, "skip", "retry is off"),
        # a limit is waited for, whatever was used up
        (LIMIT, SPENT, True, OPEN, "hold", "limit"),
        # unless nobody wants waiting
        (LIMIT, FRESH, False, BREAKER, "pause", "retry is off"),
        # what a person has to mend stops the batch, whatever else is so
        (PERSON, SPENT, False, OPEN, "pause", "somebody has to act"),
        # the order: off, batch, breaker, kind, feature
        (PERMANENT, SPENT, False, OPEN, "skip", "retry is off"),
        (PERMANENT, SPENT, True, OPEN, "skip", "all of its 50 retries"),
        (PERMANENT, RetryHistory(3, 9, 9, 1), True, OPEN, "skip", "circuit breaker is open"),
        (PERMANENT, RetryHistory(3, 9, 9, 1), True, BREAKER, "skip", "would fail again"),
        (UNKNOWN, RetryHistory(3, 9, 9, 1), True, BREAKER, "skip", "same failure 9 times"),
        (UNKNOWN, RetryHistory(3, 9, 1, 1), True, BREAKER, "skip", "did not help"),
    ],
)
def test_the_decision_and_its_reason(
    failure: Classification,
    history: RetryHistory,
    enabled: bool,
    breaker: Breaker,
    action: str,
    words: str,
) -> None:
    decision = _decide(failure, history, enabled=enabled, breaker=breaker)
    assert decision.action.value == action
    assert words in decision.reason


@pytest.mark.parametrize(
    ("failure", "history", "wait"),
    [
        (TRANSIENT, FRESH, 5.0),  # half of 10 seconds
        (TRANSIENT, RetryHistory(retries_of_feature=2), 20.0),  # half of 40
        (LIMIT, FRESH, 45.0),  # three quarters of a minute
        (LIMIT, RetryHistory(limits_in_a_row=9), 1350.0),  # three quarters of half an hour
        (LIMIT_TO_ONE, RetryHistory(limits_in_a_row=9), 3645.0),  # the hour it states
        (PERMANENT, FRESH, 0.0),
        (PERSON, FRESH, 0.0),
    ],
)
def test_how_long_is_waited(failure: Classification, history: RetryHistory, wait: float) -> None:
    assert _decide(failure, history).wait_seconds == wait


FEATURES = st.integers(0, 4)
SIGNATURES = st.sampled_from("abcdef")


class Batches(RuleBasedStateMachine):
    """Whole batches, against plain counters; the state goes through its file's form at every step."""

    def __init__(self) -> None:
        super().__init__()
        self.state = new_state("batch-1", "2026-10-05T12:00:00Z")
        self.now = NOW
        self.retries = dict.fromkeys(range(5), 0)
        self.unknown = dict.fromkeys(range(5), 0)
        self.seen: dict[tuple[int, str], int] = {}
        self.row = 0
        self.opened: datetime | None = None
        self.probing = False

    def cooled_down(self) -> bool:
        return self.opened is not None and self.now - self.opened >= timedelta(minutes=15)

    def _fail(self, feature: int, failure: Classification, signature: str, *, enabled: bool) -> RetryDecision:
        breaker = self.state.breaker.failed(self.now.timestamp())
        decision = decide_retry(
            failure,
            self.state.history(feature, signature),
            enabled=enabled,
            breaker=breaker,
            now=self.now,
            random=lambda: 0.5,
        )
        if decision.action is RetryAction.RETRY:
            breaker = breaker.probed(self.now.timestamp())
        after = self.state.after_failure(feature, failure, signature, decision, breaker)
        self.state = state_in(as_json(after))
        return decision

    @rule(feature=FEATURES, signature=SIGNATURES, enabled=st.booleans(), kind=st.sampled_from("tpu"))
    def fails(self, feature: int, signature: str, enabled: bool, kind: str) -> None:
        failure = {"t": TRANSIENT, "p": PERMANENT, "u": UNKNOWN}[kind]
        decision = self._fail(feature, failure, signature, enabled=enabled)

        self.row += 1
        if (self.row >= 5 and self.opened is None) or (self.probing and self.cooled_down()):
            self.opened, self.probing = self.now, False
        self.seen[feature, signature] = self.seen.get((feature, signature), 0) + 1
        allowed = (
            enabled
            and sum(self.retries.values()) < 50
            and (self.opened is None or self.cooled_down())
            and kind != "p"
            and min(self.seen[feature, signature], 11) < 3
            and (kind != "u" or self.unknown[feature] < 1)
            and self.retries[feature] < 3
        )
        assert decision.action is (RetryAction.RETRY if allowed else RetryAction.SKIP)
        assert 0 <= decision.wait_seconds <= 300
        self.probing = self.probing or (allowed and self.opened is not None)
        self.retries[feature] += allowed
        self.unknown[feature] += allowed and kind == "u"

    @rule(feature=FEATURES, signature=SIGNATURES)
    def meets_a_limit(self, feature: int, signature: str) -> None:
        before = self.state
        decision = self._fail(feature, LIMIT, signature, enabled=True)
        assert decision.action is RetryAction.HOLD
        assert 30 <= decision.wait_seconds <= 1800
        assert self.state.limits_in_a_row == before.limits_in_a_row + 1
        assert self.state.failures == before.failures
        assert self.state.breaker == before.breaker

    @rule(feature=FEATURES)
    def needs_a_person(self, feature: int) -> None:
        before = self.state
        assert self._fail(feature, PERSON, "x", enabled=True).action is RetryAction.PAUSE
        assert self.state == before

    @rule()
    def succeeds(self) -> None:
        self.state = self.state.after_success()
        self.row, self.opened, self.probing = 0, None, False

    @rule(minutes=st.integers(0, 40))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def the_counters_agree(self) -> None:
        assert self.state.global_retry_count == sum(self.retries.values())
        assert {index: self.state.retry_counts.get(index, 0) for index in range(5)} == self.retries
        assert self.state.breaker.consecutive_failures == self.row
        assert self.state.breaker.opened_at == (self.opened and self.opened.timestamp())


Batches.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestBatches = Batches.TestCase
