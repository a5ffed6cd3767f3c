"""Whether two failures are the same one, though line numbers, addresses and folders differ."""

from __future__ import annotations

import hashlib
import re

from batch_implement.recovery.error_lines import error_lines
from batch_implement.recovery.failure import FailureFacts

_LINES = 5

# From the specific to the general: a path may hold a hash, a hash holds digits.
_VARYING = (
    re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s'\"<>]{1,400}", re.IGNORECASE),
    re.compile(r"(?<![\w.])(?:~|\.{1,2}|[A-Za-z]:)?[/\\][^\s'\"<>:(),]{1,400}"),
    re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE),
    re.compile(r"\b0x[0-9a-f]{1,32}\b|\b(?=[a-f]{0,64}\d)[0-9a-f]{7,64}\b", re.IGNORECASE),
    re.compile(r"\d{1,400}"),
)


def failure_signature(facts: FailureFacts) -> str:
    """Sixteen hexadecimal digits: the same for the same failure, numbers and paths taken out."""
    known = (facts.source, facts.api_error, facts.http_status, facts.signal, facts.timed_out)
    lines = list(dict.fromkeys(_without_varying(line) for line in error_lines(facts.message)))
    text = "\n".join([repr(known), *lines[:_LINES]])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _without_varying(line: str) -> str:
    for pattern in _VARYING:
        line = pattern.sub("#", line)
    return " ".join(line.lower().split())
