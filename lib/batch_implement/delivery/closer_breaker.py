"""When to stop asking GitHub to close issues, as a value that the caller keeps."""

from __future__ import annotations

from dataclasses import dataclass

FAILURES_TO_OPEN = 5
COOL_DOWN = 600.0


@dataclass(frozen=True)
class CloserBreaker:
    """Opens after five failures in a row; after ten minutes one probe is let through.

    ``opened_at`` is in seconds since the epoch, None while it is closed. A success closes it; a failed
    probe opens it anew. A clock that was set back never keeps it shut for longer.
    """

    consecutive_failures: int = 0
    opened_at: float | None = None

    def after_failure(self, now: float) -> CloserBreaker:
        failures = self.consecutive_failures + 1
        return CloserBreaker(failures, now if failures >= FAILURES_TO_OPEN else None)

    def after_success(self) -> CloserBreaker:
        return CloserBreaker()

    def allows(self, now: float) -> bool:
        return self.opened_at is None or not 0 <= now - self.opened_at < COOL_DOWN
