"""The labelled error messages, and how many of them are judged right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import yaml

from batch_implement.recovery.classify import classify
from batch_implement.recovery.failure import Classification, FailureFacts

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=timezone.utc)
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LABELS = ("transient", "permanent", "limit", "person", "unknown")


@dataclass(frozen=True)
class Labelled:
    label: str
    tool: str
    half: str
    facts: FailureFacts
    how: str = ""
    resets: str | None = None

    @property
    def judged(self) -> str:
        return as_label(classify(self.facts, NOW))

    @property
    def right(self) -> bool:
        return self.judged == self.label


def as_label(found: Classification) -> str:
    return "person" if found.needs_person else found.kind.value


def read_table(half: str) -> list[Labelled]:
    """``tune``, ``measure`` and ``found``, or ``learned`` and ``unseen``, which have a file each."""
    alone = half in ("learned", "unseen")
    path = Path(__file__).with_name(f"{half if alone else 'error'}_messages.yaml")
    entries: list[dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    return [_entry(entry) for entry in entries if entry.get("half", half) == half]


def confusion(table: list[Labelled]) -> Counter[tuple[str, str]]:
    """How often a label was judged as which."""
    return Counter((entry.label, entry.judged) for entry in table)


def _entry(entry: dict[str, Any]) -> Labelled:
    facts = FailureFacts(
        source=entry.get("source", "report"), message=entry["message"], exit_code=entry.get("exit_code")
    )
    return Labelled(
        entry["label"], entry["tool"], entry.get("half", ""), facts, entry.get("how", ""), entry.get("resets")
    )
