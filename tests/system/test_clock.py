"""Times are texts that sort as they happened, and no clock that is set back makes a time negative."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.system.clock import duration, parse_timestamp, seconds_between, timestamp, utc_now

EPOCH, LATER = datetime(1990, 1, 1, tzinfo=timezone.utc), datetime(2100, 1, 1, tzinfo=timezone.utc)
_BOUNDS = {"min_value": EPOCH.replace(tzinfo=None), "max_value": LATER.replace(tzinfo=None)}
MOMENTS = st.datetimes(**_BOUNDS, timezones=st.just(timezone.utc))
MOMENTS_ANYWHERE = st.datetimes(**_BOUNDS, timezones=st.timezones())


@given(MOMENTS)
def test_a_timestamp_reads_again_as_it_was(moment: datetime) -> None:
    assert parse_timestamp(timestamp(moment)) == moment


@given(MOMENTS_ANYWHERE, MOMENTS_ANYWHERE)
def test_timestamps_sort_as_the_moments_do_wherever_they_were_taken(one: datetime, other: datetime) -> None:
    if one.astimezone(timezone.utc) < other.astimezone(timezone.utc):
        assert timestamp(one) < timestamp(other)


def test_now_is_in_utc() -> None:
    assert utc_now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T08:05:00Z",
        "2026-01-31T08:05:00.000000Z",
        "2026-01-31T08:05:00+00:00",
        "2026-01-31T10:05:00+02:00",
        "2026-01-31T08:05:00",
    ],
)
def test_the_forms_of_older_files_are_read(text: str) -> None:
    assert parse_timestamp(text) == datetime(2026, 1, 31, 8, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "Z", "1700000000"])
def test_what_is_no_time_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_timestamp(text)


@given(MOMENTS, MOMENTS)
def test_no_time_is_negative_when_the_clock_was_set_back(one: datetime, other: datetime) -> None:
    assert seconds_between(timestamp(one), timestamp(other)) == max(0.0, (other - one).total_seconds())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0s"),
        (0.9, "0s"),
        (59.99, "59s"),
        (60, "1m 00s"),
        (725, "12m 05s"),
        (3599, "59m 59s"),
        (3600, "1h 00m"),
        (12_000, "3h 20m"),
        (360_000, "100h 00m"),
    ],
)
def test_a_duration_is_as_exact_as_a_person_needs(seconds: float, words: str) -> None:
    assert duration(seconds) == words
