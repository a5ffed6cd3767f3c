"""When a limit ends, as the messages say it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.recovery.usage_limit import LONGEST_LIMIT, reset_time

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=timezone.utc)  # a Monday


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        # a time of day, the next one there is
        ("5-hour limit reached ∙ resets 3pm", "2026-10-05T15:00+00:00"),
        ("5-hour limit reached ∙ resets 3am", "2026-10-06T03:00+00:00"),
        ("resets at 13:30", "2026-10-05T13:30+00:00"),
        ("resets 12am", "2026-10-06T00:00+00:00"),
        ("resets 12:15pm", "2026-10-05T12:15+00:00"),
        ("limit reached, resets 6am tomorrow", "2026-10-06T06:00+00:00"),
        ("resets tomorrow at 6pm", "2026-10-06T18:00+00:00"),
        # one that has just passed: the message comes late
        ("resets 11:58am", "2026-10-05T11:58+00:00"),
        # in the zone it names
        ("You've hit your limit · resets 1:30am (Asia/Dhaka)", "2026-10-05T19:30+00:00"),
        ("You've hit your session limit · resets 8:30pm (Asia/Tokyo)", "2026-10-05T11:30+00:00"),
        ("You've hit your session limit · resets 12:50am (America/Los_Angeles)", "2026-10-06T07:50+00:00"),
        ("resets 3pm (Nowhere/Land)", "2026-10-05T15:00+00:00"),
        # a date
        ("Weekly limit reached ∙ resets Oct 9 at 10am", "2026-10-09T10:00+00:00"),
        ("You've hit your weekly limit · resets Oct 6, 1pm (Europe/Berlin)", "2026-10-06T11:00+00:00"),
        ("resets Nov 1, 9:30am", "2026-11-01T09:30+00:00"),
        ("resets Oct 20, 2026, 3am (UTC)", "2026-10-20T03:00+00:00"),
        ("try again after it resets on Oct 6 at 00:00 UTC.", "2026-10-06T00:00+00:00"),
        ("Please try again at 3:05 PM.", "2026-10-05T15:05+00:00"),
        # by the distance to UTC
        ("resets 3pm (UTC+2)", "2026-10-05T13:00+00:00"),
        ("resets 3pm (GMT-3)", "2026-10-05T18:00+00:00"),
        # the first of several
        (
            "group budget · resets Oct 31, 5pm (UTC) · your weekly limit resets Oct 9, 10am (UTC)",
            "2026-10-09T10:00+00:00",
        ),
        # seconds since 1970, with and without milliseconds
        ("Claude AI usage limit reached|1791212400", "2026-10-05T15:00+00:00"),
        ("Claude AI usage limit reached|1791212400000", "2026-10-05T15:00+00:00"),
        ("x-ratelimit-reset: 1791212400", "2026-10-05T15:00+00:00"),
        # ISO
        ("You will regain access on 2026-10-07 at 00:00 UTC.", "2026-10-07T00:00+00:00"),
        ("rate limited until 2026-10-05T14:00:00Z", "2026-10-05T14:00+00:00"),
        ("resets at 2026-10-05 14:00:00+0200", "2026-10-05T12:00+00:00"),
        ("resets at 2026-10-05 14:00", "2026-10-05T14:00+00:00"),
        # a duration
        ("Please try again in 6.1s.", "2026-10-05T12:00:06.100000+00:00"),
        ("try again in 250ms", "2026-10-05T12:00:00.250000+00:00"),
        ("resets in 2h 15m", "2026-10-05T14:15+00:00"),
        ("resets in 3 hours", "2026-10-05T15:00+00:00"),
        ("please wait 5 minutes and 30 seconds", "2026-10-05T12:05:30+00:00"),
        ("Retry-After: 120", "2026-10-05T12:02+00:00"),
        ("resets in 2 days", "2026-10-07T12:00+00:00"),
        ("Resets in 13h 59m", "2026-10-06T01:59+00:00"),
        ('"retryDelay": "26s"', "2026-10-05T12:00:26+00:00"),
        ("Expected available in 30 seconds.", "2026-10-05T12:00:30+00:00"),
        # nothing, or what can't be true
        ("Too many requests", None),
        ("resets 3 times", None),
        ("resets 25:00", None),
        ("resets 13pm", None),
        ("resets 3:99pm", None),
        ("resets Feb 31, 3pm", None),
        ("resets 3pm (UTC+99)", None),
        ("resets Jan 2, 2027, 3am (UTC)", None),
        ("rate limited until 2026-99-05T14:00:00Z", None),
        ("resets in 400 days", None),
        ("Claude AI usage limit reached|1953088400", None),
        ("try again in 999999999 hours", None),
    ],
)
def test_the_time_is_read_from_the_message(message: str, expected: str | None) -> None:
    found = reset_time(message, None, NOW)
    assert found == (datetime.fromisoformat(expected) if expected else None)


def test_a_date_in_january_seen_in_december_is_next_years() -> None:
    now = datetime(2026, 12, 30, 12, 0, tzinfo=timezone.utc)
    assert reset_time("resets Jan 2, 9am", None, now) == datetime(2027, 1, 2, 9, tzinfo=timezone.utc)


def test_the_leap_day_of_another_year_is_no_date() -> None:
    now = datetime(2027, 12, 30, 12, 0, tzinfo=timezone.utc)
    assert reset_time("resets Feb 29, 9am", None, now) is None


def test_a_time_of_day_without_a_zone_is_the_users() -> None:
    now = NOW.astimezone(timezone(timedelta(hours=-5)))
    assert reset_time("resets 3pm", None, now) == datetime(2026, 10, 5, 20, tzinfo=timezone.utc)


def test_the_header_comes_before_the_message() -> None:
    assert reset_time("resets 3pm", 10, NOW) == NOW + timedelta(seconds=10)


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf"), 1e12])
def test_a_header_that_cannot_be_true_is_passed_over(seconds: float) -> None:
    assert reset_time("resets 3pm", seconds, NOW) == NOW.replace(hour=15)


@given(st.text(max_size=100), st.integers(10**8, 7 * 10**9))
def test_no_text_leads_further_than_the_longest_limit(text: str, seconds: int) -> None:
    now = datetime.fromtimestamp(seconds, timezone.utc)
    for message in (text, f"resets {text}", f"resets in {text}", f"limit reached|{text}"):
        found = reset_time(message, None, now)
        assert found is None or abs(found - now) <= LONGEST_LIMIT


@given(st.integers(1, 12), st.integers(0, 59), st.sampled_from(["am", "pm"]), st.integers(0, 24 * 60))
def test_a_time_of_day_is_never_more_than_a_day_ahead(
    hour: int, minute: int, half: str, minutes: int
) -> None:
    now = NOW + timedelta(minutes=minutes)
    found = reset_time(f"resets {hour}:{minute:02}{half}", None, now)
    assert found is not None
    assert timedelta(hours=-1) < found - now <= timedelta(hours=23)
