"""The breaker opens, half-opens and closes, also when the clock is set."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from batch_implement.recovery.circuit_breaker import COOL_DOWN, BreakerState, CircuitBreaker

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)


def _opened() -> CircuitBreaker:
    breaker = CircuitBreaker()
    for _ in range(5):
        breaker = breaker.failed(NOW)
    return breaker


def test_four_failures_in_a_row_leave_it_closed_and_the_fifth_opens_it() -> None:
    breaker = CircuitBreaker()
    for _ in range(4):
        breaker = breaker.failed(NOW)
        assert breaker.state(NOW) is BreakerState.CLOSED
        assert breaker.allows(NOW)
        assert breaker.seconds_left(NOW) == 0
    breaker = breaker.failed(NOW)
    assert breaker.state(NOW) is BreakerState.OPEN
    assert not breaker.allows(NOW)
    assert breaker.seconds_left(NOW) == 900


def test_a_success_ends_the_row() -> None:
    breaker = CircuitBreaker()
    for _ in range(20):
        breaker = breaker.failed(NOW).failed(NOW).failed(NOW).failed(NOW).succeeded()
    assert breaker == CircuitBreaker()


def test_it_half_opens_after_the_cool_down_and_not_before() -> None:
    breaker = _opened()
    assert breaker.state(NOW + COOL_DOWN - SECOND) is BreakerState.OPEN
    assert breaker.seconds_left(NOW + COOL_DOWN - SECOND) == 1
    assert breaker.state(NOW + COOL_DOWN) is BreakerState.HALF_OPEN
    assert breaker.seconds_left(NOW + COOL_DOWN) == 0


def test_half_open_lets_one_probe_through() -> None:
    later = NOW + COOL_DOWN
    breaker = _opened()
    assert breaker.allows(later)
    probing = breaker.probed(later)
    assert not probing.allows(later + SECOND)


def test_a_probe_that_died_is_followed_by_another() -> None:
    later = NOW + COOL_DOWN
    probing = _opened().probed(later)
    assert not probing.allows(later + COOL_DOWN - SECOND)
    assert probing.allows(later + COOL_DOWN)


def test_a_probe_that_succeeds_closes_it() -> None:
    assert _opened().probed(NOW + COOL_DOWN).succeeded() == CircuitBreaker()


def test_a_probe_that_fails_opens_it_anew() -> None:
    later = NOW + COOL_DOWN
    breaker = _opened().probed(later).failed(later + SECOND)
    assert breaker.state(later + SECOND) is BreakerState.OPEN
    assert breaker.seconds_left(later + SECOND) == 900
    assert breaker.probed_at is None


def test_a_failure_while_it_is_open_does_not_put_the_probe_off() -> None:
    breaker = _opened().failed(NOW + COOL_DOWN - SECOND)
    assert breaker.consecutive_failures == 6
    assert breaker.state(NOW + COOL_DOWN) is BreakerState.HALF_OPEN


def test_an_attempt_is_no_probe_unless_it_is_half_open() -> None:
    assert CircuitBreaker().probed(NOW) == CircuitBreaker()
    assert _opened().probed(NOW) == _opened()


def test_it_is_reset_by_hand_and_keeps_its_settings() -> None:
    breaker = CircuitBreaker(threshold=1, cool_down=SECOND).failed(NOW)
    assert breaker.state(NOW) is BreakerState.OPEN
    assert breaker.reset() == CircuitBreaker(threshold=1, cool_down=SECOND)


def test_a_clock_set_back_a_day_half_opens_it_instead_of_blocking_for_a_day() -> None:
    breaker = _opened()
    yesterday = NOW - timedelta(days=1)
    assert breaker.state(yesterday) is BreakerState.HALF_OPEN
    assert breaker.seconds_left(yesterday) == 0
    opened_again = breaker.failed(yesterday)
    assert opened_again.state(yesterday) is BreakerState.OPEN
    assert opened_again.state(yesterday + COOL_DOWN) is BreakerState.HALF_OPEN


def test_a_clock_set_ten_years_ahead_and_back_again_half_opens_it_both_times() -> None:
    breaker = _opened()
    in_ten_years = NOW + timedelta(days=3653)
    assert breaker.state(in_ten_years) is BreakerState.HALF_OPEN
    reopened = breaker.failed(in_ten_years)
    assert reopened.state(in_ten_years) is BreakerState.OPEN
    assert reopened.state(NOW) is BreakerState.HALF_OPEN


def test_a_clock_set_back_a_little_keeps_it_open_for_no_more_than_the_cool_down_at_a_time() -> None:
    breaker = _opened()
    assert breaker.state(NOW - COOL_DOWN) is BreakerState.OPEN
    assert breaker.seconds_left(NOW - COOL_DOWN) == 900


@given(
    st.lists(st.tuples(st.sampled_from("fsp"), st.timedeltas(timedelta(days=-4000), timedelta(days=4000)))),
    st.timedeltas(timedelta(days=-4000), timedelta(days=4000)),
)
def test_whatever_the_clock_does_no_wait_is_negative_or_longer_than_the_cool_down(
    steps: list[tuple[str, timedelta]], last: timedelta
) -> None:
    breaker = CircuitBreaker()
    for step, jump in steps:
        now = NOW + jump
        match step:
            case "f":
                breaker = breaker.failed(now)
            case "s":
                breaker = breaker.succeeded()
            case _:
                breaker = breaker.probed(now)
    now = NOW + last
    left = breaker.seconds_left(now)
    assert 0 <= left <= 900
    assert (left > 0) == (breaker.state(now) is BreakerState.OPEN)
    assert breaker.state(now) is not BreakerState.OPEN or not breaker.allows(now)
    # However it came about, it is half-open or closed no later than two cool-downs on.
    assert breaker.state(now + 2 * COOL_DOWN) is not BreakerState.OPEN
