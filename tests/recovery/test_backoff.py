"""How long is waited."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.recovery.backoff import full_jitter, limit_wait

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=timezone.utc)
FRACTION = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(("attempt", "most"), [(0, 10), (1, 20), (2, 40), (4, 160), (5, 300), (10**9, 300)])
def test_the_range_of_a_wait_doubles_up_to_its_cap(attempt: int, most: float) -> None:
    assert full_jitter(attempt, lambda: 0.0) == 0
    assert full_jitter(attempt, lambda: 0.5) == most / 2
    assert full_jitter(attempt, lambda: 1.0) == most


@pytest.mark.parametrize(("limits", "most"), [(0, 60), (1, 120), (4, 960), (5, 1800), (10**9, 1800)])
def test_an_unknown_limit_is_waited_for_longer_each_time_up_to_half_an_hour(limits: int, most: float) -> None:
    assert limit_wait(None, limits, NOW, lambda: 0.0) == most / 2
    assert limit_wait(None, limits, NOW, lambda: 1.0) == most


def test_a_known_limit_is_waited_for_until_shortly_after_its_end() -> None:
    assert limit_wait(NOW + timedelta(hours=2), 7, NOW, lambda: 0.5) == 7200 + 45


def test_a_limit_that_ends_within_the_second_is_a_known_one() -> None:
    assert limit_wait(NOW + timedelta(seconds=0.5), 7, NOW, lambda: 0.0) == 30.5


def test_a_limit_that_should_have_ended_is_waited_for_as_an_unknown_one() -> None:
    assert limit_wait(NOW - timedelta(minutes=1), 1, NOW, lambda: 0.0) == 60


@given(st.integers(-5, 10**6), FRACTION, st.timedeltas(timedelta(days=-3650), timedelta(days=32)))
def test_no_wait_is_negative_or_beyond_its_cap_whatever_the_clock(
    count: int, fraction: float, ahead: timedelta
) -> None:
    assert 0 <= full_jitter(count, lambda: fraction) <= 300
    wait = limit_wait(NOW + ahead, count, NOW, lambda: fraction)
    assert 0 < wait <= max(1800, ahead.total_seconds() + 60)
