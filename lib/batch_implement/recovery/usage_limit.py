"""When a limit ends, from what the error says of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from batch_implement.recovery.error_lines import TAIL_LIMIT

LONGEST_LIMIT = timedelta(days=32)
_JUST_PASSED = timedelta(hours=1)

_EPOCH = re.compile(r"(?:limit reached\||ratelimit-reset: ?)(\d{10})(\d{3})?(?!\d)", re.IGNORECASE)
_ISO = re.compile(
    r"(?:resets?|until|again|after|access on)(?: at| on)? (\d{4}-\d\d-\d\d)"
    r"[T ](?:at )?(\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?"
    r" ?(Z|UTC|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_IN = re.compile(
    r"(?:resets? in|again in|available in|retry(?:ing)? (?:in|after)|retry-after:?|retryDelay\W{1,5}|wait)"
    r" ?(?:about )?"
    r"(\d{1,6}(?:\.\d{1,6})?) ?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)?\b"
    r"(?:,? (?:and )?(\d{1,4}) ?(m|mins?|minutes?|s|secs?|seconds?|h|hrs?|hours?)\b)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:resets?:?|again|until)(?: at| on| after)? "
    r"(?:(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"[a-z]{0,6}\.? (?P<day>\d{1,2})(?:, (?P<year>\d{4}))?(?:,| at|, at)? )?"
    r"(?P<early>tomorrow(?: at)? )?"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>[ap]m)?\b"
    r"(?P<late> tomorrow)?"
    r"(?: ?\((?P<zone>[A-Za-z0-9_+/-]{2,40})\)| (?P<bare>UTC|GMT|Z)\b)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:UTC|GMT)([+-]\d{1,2})$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNITS = {"ms": 0.001, "mi": 60.0, "m": 60.0, "s": 1.0, "h": 3600.0, "d": 86400.0}


def reset_time(message: str, retry_after: float | None, now: datetime) -> datetime | None:
    """When to come back, aware, or None when nothing is said or it can't be true.

    ``now`` is aware; a time of day without a zone is in its zone. A time of day that passed within the
    last hour is that one, of a message that comes late, and not the one of tomorrow.
    """
    text = message[-TAIL_LIMIT:]
    found = _from_header(retry_after, now)
    for reader in (_epoch, _iso, _duration, _clock_time):
        if found is None:
            found = reader(text, now)
    return found if found is not None and abs(found - now) <= LONGEST_LIMIT else None


def _from_header(seconds: float | None, now: datetime) -> datetime | None:
    return now + timedelta(seconds=seconds) if seconds is not None and 0 <= seconds < 1e7 else None


def _epoch(text: str, _: datetime) -> datetime | None:
    found = _EPOCH.search(text)
    return datetime.fromtimestamp(int(found[1]), timezone.utc) if found else None


def _iso(text: str, now: datetime) -> datetime | None:
    found = _ISO.search(text)
    if not found:
        return None
    zone = (found[3] or "").upper().replace("UTC", "+00:00").replace("Z", "+00:00")
    try:
        when = datetime.fromisoformat(f"{found[1]}T{found[2]}{_with_colon(zone)}")
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=now.tzinfo)


def _with_colon(offset: str) -> str:
    return offset if len(offset) != 5 else f"{offset[:3]}:{offset[3:]}"


def _duration(text: str, now: datetime) -> datetime | None:
    found = _IN.search(text)
    if not found:
        return None
    seconds = float(found[1]) * _unit(found[2])
    if found[3]:
        seconds += float(found[3]) * _unit(found[4])
    return now + timedelta(seconds=min(seconds, 1e8))


def _unit(word: str | None) -> float:
    word = (word or "s").lower()
    return 0.001 if word.startswith("milli") else _UNITS[word if word == "ms" else word[0]]


def _clock_time(text: str, now: datetime) -> datetime | None:
    """Of several the first to come: a spending limit names the plan's own as well."""
    told = (_one_clock_time(found, now) for found in _CLOCK.finditer(text))
    return min((when for when in told if when), default=None)


def _one_clock_time(found: re.Match[str], now: datetime) -> datetime | None:
    if not (found["half"] or found["minute"]):
        return None  # "resets 3 times" is no time of day
    try:
        local = now.astimezone(_zone(found["zone"] or found["bare"]) or now.tzinfo)
        when = local.replace(
            hour=_hour(int(found["hour"]), found["half"]),
            minute=int(found["minute"] or 0),
            second=0,
            microsecond=0,
        )
        if found["month"]:
            month = _MONTHS.index(found["month"].lower()) + 1
            when = when.replace(int(found["year"] or when.year), month, int(found["day"]))
    except ValueError:
        return None
    if found["year"]:
        return when
    if found["month"]:
        return when if when > local - LONGEST_LIMIT else when.replace(year=when.year + 1)
    if found["early"] or found["late"]:
        return when + timedelta(days=1)
    return when if when > local - _JUST_PASSED else when + timedelta(days=1)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half.lower() == "pm" else 0)


def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    if offset := _OFFSET.match(name):
        return timezone(timedelta(hours=int(offset[1])))
    try:
        return ZoneInfo("UTC" if name == "Z" else name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
