"""Stops trying what has failed again and again, and after a while lets one try through.

A value: every change gives a new one. Times are seconds since the epoch, by the clock on the wall, since a
breaker outlives the process and the machine's uptime; that clock may be set, so a time that can't be true
is not believed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class BreakerState(Enum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"
    """One probe may be made; its outcome closes or opens it."""


@dataclass(frozen=True)
class Breaker:
    """Opens after ``threshold`` failures in a row, and is half-open ``cool_down`` seconds later."""

    threshold: int
    cool_down: float
    consecutive_failures: int = 0
    opened_at: float | None = None
    probed_at: float | None = None

    def state(self, now: float) -> BreakerState:
        if self.opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self._waits(self.opened_at, now) else BreakerState.HALF_OPEN

    def allows(self, now: float) -> bool:
        """Whether a try may be made. Half-open it may be one: say so with :meth:`probed`.

        A probe that has told nothing for a whole cool-down is taken for dead.
        """
        if self.state(now) is BreakerState.HALF_OPEN:
            return self.probed_at is None or not self._waits(self.probed_at, now)
        return self.opened_at is None

    def probed(self, now: float) -> Breaker:
        """A try is being made; only a half-open breaker takes note of it."""
        return replace(self, probed_at=now) if self.state(now) is BreakerState.HALF_OPEN else self

    def failed(self, now: float) -> Breaker:
        """One more failure in a row. That of a probe, however late it comes, opens it anew.

        Any other, while it is open or half-open, is of something begun before or beside it, and only
        counts.
        """
        failures = self.consecutive_failures + 1
        state = self.state(now)
        probe = state is BreakerState.HALF_OPEN and self.probed_at is not None
        if probe or (state is BreakerState.CLOSED and failures >= self.threshold):
            return replace(self, consecutive_failures=failures, opened_at=now, probed_at=None)
        return replace(self, consecutive_failures=failures)

    def closed(self) -> Breaker:
        """After a success, or by hand: as if nothing had failed."""
        return Breaker(self.threshold, self.cool_down)

    def _waits(self, since: float, now: float) -> bool:
        # A time further ahead than a cool-down was written by a clock that has been set back since.
        return -self.cool_down <= now - since < self.cool_down


def to_json(breaker: Breaker) -> dict[str, object] | None:
    """What is kept of one whose probes end before it is written down; None for one at rest."""
    if breaker == breaker.closed():
        return None
    return {"consecutive_failures": breaker.consecutive_failures, "opened_at": breaker.opened_at}


def from_json(kept: Mapping[str, object] | None, at_rest: Breaker) -> Breaker:
    """What :func:`to_json` gave, with the settings of ``at_rest``; what is no number counts as not there."""
    fields = kept or {}
    failures, opened_at = fields.get("consecutive_failures"), fields.get("opened_at")
    return replace(
        at_rest,
        consecutive_failures=failures if isinstance(failures, int) and failures > 0 else 0,
        opened_at=opened_at if isinstance(opened_at, (int, float)) else None,
    )
