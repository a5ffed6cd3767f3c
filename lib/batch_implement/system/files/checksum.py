"""JSON with a checksum of its own, so that what was written by hand is not taken for ours."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def signed(text: str) -> bytes:
    return json.dumps({"run": text, "checksum": _checksum(text)}).encode()


def unsigned(data: str | bytes) -> dict[str, Any]:
    """The object that was :func:`signed`; empty for anything else."""
    found = object_in(data)
    text = str(found.get("run"))
    return object_in(text) if found.get("checksum") == _checksum(text) else {}


def object_in(data: str | bytes) -> dict[str, Any]:
    """A JSON object; empty for what is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _checksum(text: str) -> str:
    return hashlib.sha256(f"batch-implement {text}".encode("utf-8", "replace")).hexdigest()
