"""The time, handed in wherever it matters so that a test can move it."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    Clock = Callable[[], datetime]


def utc_now() -> datetime:
    from datetime import datetime, timezone  # noqa: PLC0415 -- see current_timestamp

    return datetime.now(timezone.utc)


def current_timestamp(later: int = 0) -> str:
    """``timestamp(utc_now())`` for the way of every update, where loading datetime would be felt.

    ``later`` is in whole seconds from now.
    """
    seconds, rest = divmod(time.time_ns() + later * 1_000_000_000, 1_000_000_000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{rest // 1000:06d}Z"


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC, ``2026-01-31T08:05:00.000000Z``: as text it sorts as it does in time."""
    from datetime import timezone  # noqa: PLC0415 -- see current_timestamp

    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def after(moment: datetime, seconds: float) -> datetime:
    from datetime import timedelta  # noqa: PLC0415 -- see current_timestamp

    return moment + timedelta(seconds=seconds)


def local_time(text: str) -> str:
    """``14:05`` on this machine, for a person."""
    return parse_timestamp(text).astimezone().strftime("%H:%M")


def parse_timestamp(text: str) -> datetime:
    """The moment an ISO 8601 text names; one without a zone (older files) is taken for UTC.

    Raises :class:`ValueError` for anything else.
    """
    from datetime import datetime, timezone  # noqa: PLC0415 -- see current_timestamp

    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def seconds_between(earlier: str, later: str) -> float:
    """Seconds from one timestamp to another, never negative: clocks are set back."""
    return max(0.0, (parse_timestamp(later) - parse_timestamp(earlier)).total_seconds())


def duration(seconds: float) -> str:
    """``48s``, ``12m 05s``, ``3h 20m``: as exact as a person needs."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02d}s"
    return f"{whole // 3600}h {whole % 3600 // 60:02d}m"
