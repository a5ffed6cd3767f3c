"""What is known of a failure, and what it is judged to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class FailureKind(Enum):
    TRANSIENT = "transient"
    """May pass by itself."""
    PERMANENT = "permanent"
    """Will fail again the same way."""
    LIMIT = "limit"
    """A usage or rate limit or an outage: passes with time, and is not the feature's fault."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class FailureFacts:
    """What is known of a failure.

    ``source`` is what failed: ``api`` (the Messages API, as StopFailure or a headless result tells),
    ``check`` (the project's own checks), ``git``, ``gh``, ``client``, or ``report`` (what the model said
    with ``fail``). ``exit_code`` may be negative for a signal, as in :mod:`subprocess`. ``api_error`` is
    StopFailure's ``error``, or ``context_full`` for a conversation that is too long and can't be compacted,
    which it calls ``invalid_request``. ``retry_after`` is in seconds, from the header of that name.
    """

    source: str
    message: str = ""
    exit_code: int | None = None
    signal: int | None = None
    timed_out: bool = False
    api_error: str | None = None
    http_status: int | None = None
    retry_after: float | None = None


@dataclass(frozen=True)
class Classification:
    """What a failure is judged to be, and why, in words for the report.

    ``resets_at`` is aware, for limits that say when they end; it may have passed. ``needs_person`` is for
    what no waiting mends and every feature would run into: a login, billing, spending, a full disk.
    """

    kind: FailureKind
    reason: str
    resets_at: datetime | None = None
    needs_person: bool = False
