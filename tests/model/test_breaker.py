"""The breaker opens, half-opens and closes, also when the clock is set."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.model.breaker import Breaker, BreakerState, from_json, to_json

NOW = 1_790_000_000.0
COOL_DOWN = 900.0
DAY = 86_400.0
AT_REST = Breaker(threshold=5, cool_down=COOL_DOWN)


def _opened() -> Breaker:
    breaker = AT_REST
    for _ in range(5):
        breaker = breaker.failed(NOW)
    return breaker


def test_four_failures_in_a_row_leave_it_closed_and_the_fifth_opens_it() -> None:
    breaker = AT_REST
    for _ in range(4):
        breaker = breaker.failed(NOW)
        assert breaker.state(NOW) is BreakerState.CLOSED
        assert breaker.allows(NOW)
    breaker = breaker.failed(NOW)
    assert breaker.state(NOW) is BreakerState.OPEN
    assert not breaker.allows(NOW)


def test_a_success_ends_the_row() -> None:
    breaker = AT_REST
    for _ in range(20):
        breaker = breaker.failed(NOW).failed(NOW).failed(NOW).failed(NOW).closed()
    assert breaker == AT_REST


def test_it_half_opens_after_the_cool_down_and_not_before() -> None:
    breaker = _opened()
    assert breaker.state(NOW + COOL_DOWN - 1) is BreakerState.OPEN
    assert breaker.state(NOW + COOL_DOWN) is BreakerState.HALF_OPEN


def test_half_open_lets_one_probe_through() -> None:
    later = NOW + COOL_DOWN
    breaker = _opened()
    assert breaker.allows(later)
    probing = breaker.probed(later)
    assert not probing.allows(later + 1)


def test_a_probe_that_died_is_followed_by_another() -> None:
    later = NOW + COOL_DOWN
    probing = _opened().probed(later)
    assert not probing.allows(later + COOL_DOWN - 1)
    assert probing.allows(later + COOL_DOWN)


def test_a_probe_that_succeeds_closes_it() -> None:
    assert _opened().probed(NOW + COOL_DOWN).closed() == AT_REST


@pytest.mark.parametrize("took", [1.0, 10 * COOL_DOWN])
def test_a_probe_that_fails_opens_it_anew_however_long_it_took(took: float) -> None:
    later = NOW + COOL_DOWN
    breaker = _opened().probed(later).failed(later + took)
    assert breaker.state(later + took) is BreakerState.OPEN
    assert breaker.state(later + took + COOL_DOWN) is BreakerState.HALF_OPEN
    assert breaker.probed_at is None


def test_a_failure_while_it_is_open_does_not_put_the_probe_off() -> None:
    breaker = _opened().failed(NOW + COOL_DOWN - 1)
    assert breaker.consecutive_failures == 6
    assert breaker.state(NOW + COOL_DOWN) is BreakerState.HALF_OPEN


def test_the_failure_of_what_was_begun_before_does_not_take_the_place_of_the_probe() -> None:
    later = NOW + COOL_DOWN
    breaker = _opened().failed(later)
    assert breaker.consecutive_failures == 6
    assert breaker.allows(later)


def test_a_try_is_no_probe_unless_it_is_half_open() -> None:
    assert AT_REST.probed(NOW) == AT_REST
    assert _opened().probed(NOW) == _opened()


def test_closed_it_keeps_its_settings() -> None:
    breaker = Breaker(threshold=1, cool_down=1.0).failed(NOW)
    assert breaker.state(NOW) is BreakerState.OPEN
    assert breaker.closed() == Breaker(threshold=1, cool_down=1.0)


def test_a_clock_set_back_a_day_half_opens_it_instead_of_blocking_for_a_day() -> None:
    breaker = _opened()
    yesterday = NOW - DAY
    assert breaker.state(yesterday) is BreakerState.HALF_OPEN
    opened_again = breaker.probed(yesterday).failed(yesterday)
    assert opened_again.state(yesterday) is BreakerState.OPEN
    assert opened_again.state(yesterday + COOL_DOWN) is BreakerState.HALF_OPEN


def test_a_clock_set_ten_years_ahead_and_back_again_half_opens_it_both_times() -> None:
    breaker = _opened()
    in_ten_years = NOW + 3653 * DAY
    assert breaker.state(in_ten_years) is BreakerState.HALF_OPEN
    reopened = breaker.probed(in_ten_years).failed(in_ten_years)
    assert reopened.state(in_ten_years) is BreakerState.OPEN
    assert reopened.state(NOW) is BreakerState.HALF_OPEN


def test_a_clock_set_back_a_little_keeps_it_open() -> None:
    assert _opened().state(NOW - COOL_DOWN) is BreakerState.OPEN


MOMENTS = st.floats(NOW - 4000 * DAY, NOW + 4000 * DAY)


@given(st.lists(st.tuples(st.sampled_from("fsp"), MOMENTS)), MOMENTS)
def test_whatever_the_clock_does_it_is_open_for_two_cool_downs_at_most(
    steps: list[tuple[str, float]], now: float
) -> None:
    breaker = AT_REST
    for step, moment in steps:
        match step:
            case "f":
                breaker = breaker.failed(moment)
            case "s":
                breaker = breaker.closed()
            case _:
                breaker = breaker.probed(moment)
    assert breaker.state(now) is not BreakerState.OPEN or not breaker.allows(now)
    assert breaker.state(now + 2 * COOL_DOWN + 1) is not BreakerState.OPEN


@pytest.mark.parametrize("failures", [0, 1, 4, 5, 9])
def test_what_was_written_down_is_read_again(failures: int) -> None:
    breaker = AT_REST
    for _ in range(failures):
        breaker = breaker.failed(NOW)
    written = to_json(breaker)
    assert (written is None) == (failures == 0)
    assert from_json(json.loads(json.dumps(written)), AT_REST) == breaker


@pytest.mark.parametrize(
    ("kept", "failures", "opened_at"),
    [
        # as the first versions wrote it: whole seconds or not, and null while it is closed
        ({"consecutive_failures": 5, "opened_at": 1000}, 5, 1000.0),
        ({"consecutive_failures": 2, "opened_at": None}, 2, None),
        (None, 0, None),
        ({}, 0, None),
        # as a hand may have left it
        ({"consecutive_failures": "5", "opened_at": "noon"}, 0, None),
        ({"consecutive_failures": -5}, 0, None),
    ],
)
def test_what_older_files_hold_is_read(
    kept: dict[str, object] | None, failures: int, opened_at: float | None
) -> None:
    found = from_json(kept, AT_REST)
    assert (found.consecutive_failures, found.opened_at) == (failures, opened_at)
    assert (found.threshold, found.cool_down) == (5, COOL_DOWN)
