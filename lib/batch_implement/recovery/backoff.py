"""How long to wait, in seconds. ``random`` gives numbers from 0 up to, but not including, 1."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

_FIRST_RETRY = 10.0
_LONGEST_RETRY = 300.0
_FIRST_LIMIT_WAIT = 60.0
_LONGEST_LIMIT_WAIT = 1800.0
_AFTER_RESET = 30.0
"""Servers round the time they state; coming back a second early costs another refusal."""

_DOUBLINGS = 32


def full_jitter(attempt: int, random: Callable[[], float]) -> float:
    """Anything from 0 to the first wait times 2 to the ``attempt``, counted from 0; at most the longest."""
    return random() * _doubled(_FIRST_RETRY, attempt, _LONGEST_RETRY)


def limit_wait(
    resets_at: datetime | None, limits_in_a_row: int, now: datetime, random: Callable[[], float]
) -> float:
    """Until shortly after ``resets_at`` when it is known and ahead; else quietly longer each time.

    ``limits_in_a_row`` counts the limits met since work last went on, from 0. Half of an unknown wait is
    random, so that many sessions don't come back together.
    """
    ahead = (resets_at - now) / timedelta(seconds=1) if resets_at is not None else 0.0
    if ahead > 0:
        return ahead + _AFTER_RESET * (1 + random())
    return _doubled(_FIRST_LIMIT_WAIT, limits_in_a_row, _LONGEST_LIMIT_WAIT) * (1 + random()) / 2


def _doubled(first: float, times: int, longest: float) -> float:
    return min(longest, first * 2.0 ** min(max(times, 0), _DOUBLINGS))
