"""Stops trying what has failed again and again, and tries once more after a while.

A value: every change gives a new one. The clock is the one on the wall, since the state outlives the
process and the machine's uptime; that clock may be set, so a time that can't be true is not believed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

THRESHOLD = 5
COOL_DOWN = timedelta(minutes=15)


class BreakerState(Enum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"
    """One probe may be made; its outcome closes or opens it."""


@dataclass(frozen=True)
class CircuitBreaker:
    """Opens after ``threshold`` failures in a row. ``opened_at`` and ``probed_at`` are aware."""

    consecutive_failures: int = 0
    opened_at: datetime | None = None
    probed_at: datetime | None = None
    threshold: int = THRESHOLD
    cool_down: timedelta = COOL_DOWN

    def state(self, now: datetime) -> BreakerState:
        if self.opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self._waits(self.opened_at, now) else BreakerState.HALF_OPEN

    def allows(self, now: datetime) -> bool:
        """Whether an attempt may be made. Half-open it may be one: say so with :meth:`probed`.

        A probe that has told nothing for a whole cool-down is taken for dead.
        """
        if self.state(now) is BreakerState.HALF_OPEN:
            return self.probed_at is None or not self._waits(self.probed_at, now)
        return self.opened_at is None

    def seconds_left(self, now: datetime) -> float:
        """Until it is half-open: 0 when it is not open, never more than the cool-down."""
        if self.opened_at is None or not self._waits(self.opened_at, now):
            return 0.0
        return min(self.opened_at + self.cool_down - now, self.cool_down) / timedelta(seconds=1)

    def probed(self, now: datetime) -> CircuitBreaker:
        """An attempt is being made; only a half-open breaker takes note of it."""
        half_open = self.state(now) is BreakerState.HALF_OPEN
        return replace(self, probed_at=now) if half_open else self

    def failed(self, now: datetime) -> CircuitBreaker:
        """One more failure in a row. A failed probe opens it anew; a failure while it is open does not."""
        failures = self.consecutive_failures + 1
        opens = failures >= self.threshold and self.state(now) is not BreakerState.OPEN
        if not opens:
            return replace(self, consecutive_failures=failures)
        return replace(self, consecutive_failures=failures, opened_at=now, probed_at=None)

    def succeeded(self) -> CircuitBreaker:
        return self.reset()

    def reset(self) -> CircuitBreaker:
        """Closed, as if nothing had failed."""
        return CircuitBreaker(threshold=self.threshold, cool_down=self.cool_down)

    def _waits(self, since: datetime, now: datetime) -> bool:
        # A time further ahead than a cool-down was written by a clock that has been set back since.
        return -self.cool_down <= now - since < self.cool_down
