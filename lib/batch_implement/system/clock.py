"""The time, handed in wherever it matters so that a test can move it."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    Clock = Callable[[], datetime]

_OWN_FORM = "2026-01-31T08:05:00.000000Z"


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
    """``14:05`` on this machine, for a person; on another day than today ``Mon 23 Nov 14:05``."""
    moment, today = time.localtime(_microseconds(text) // 1_000_000), time.localtime()
    is_today = moment[:3] == today[:3]
    return time.strftime("%H:%M" if is_today else "%a %d %b %H:%M", moment)


def parse_timestamp(text: str) -> datetime:
    """The moment an ISO 8601 text names; one without a zone (older files) is taken for UTC.

    Raises :class:`ValueError` for anything else.
    """
    from datetime import datetime, timezone  # noqa: PLC0415 -- see current_timestamp

    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def seconds_between(earlier: str, later: str) -> float:
    """Seconds from one timestamp to another, never negative: clocks are set back."""
    return max(0, _microseconds(later) - _microseconds(earlier)) / 1_000_000


def _microseconds(text: str) -> int:
    """Since 1970. Of our own form without datetime, because ``/batch-status`` counts with many of them."""
    if len(text) != len(_OWN_FORM) or text[-1] != "Z":
        from datetime import timedelta  # noqa: PLC0415 -- see current_timestamp

        return (parse_timestamp(text) - parse_timestamp("1970-01-01")) // timedelta(microseconds=1)
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    # Years begin in March here, so that the day that not every year has is the last one.
    year, month = (year - 1, month + 9) if month < 3 else (year, month - 3)
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day - 719_469
    seconds = days * 86_400 + int(text[11:13]) * 3_600 + int(text[14:16]) * 60 + int(text[17:19])
    return seconds * 1_000_000 + int(text[20:26])


def duration(seconds: float) -> str:
    """``48s``, ``12m 05s``, ``3h 20m``: as exact as a person needs."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02d}s"
    return f"{whole // 3600}h {whole % 3600 // 60:02d}m"
