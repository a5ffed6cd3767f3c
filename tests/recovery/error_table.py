"""The labelled error messages, and how many of them are judged right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import yaml

from batch_implement.recovery.classify import classify
from batch_implement.recovery.failure import Classification, FailureFacts

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=timezone.utc)
LABELS = ("transient", "permanent", "limit", "person", "unknown")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OF_THEIR_OWN = ("learned", "unseen")


@dataclass(frozen=True)
class Labelled:
    label: str
    tool: str
    facts: FailureFacts
    how: str
    resets: datetime | None

    @property
    def judged(self) -> str:
        return as_label(classify(self.facts, NOW))

    @property
    def right(self) -> bool:
        return self.judged == self.label

    @property
    def resets_at(self) -> datetime | None:
        return classify(self.facts, NOW).resets_at


def as_label(found: Classification) -> str:
    return "person" if found.needs_person else found.kind.value


def read_table(half: str) -> list[Labelled]:
    """Of ``tune``, ``measure`` and ``found``, or of ``learned`` and ``unseen``, which have a file each."""
    name = half if half in _OF_THEIR_OWN else "error"
    path = Path(__file__).with_name(f"{name}_messages.yaml")
    entries: list[dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 -- safe ones
    return [_entry(entry) for entry in entries if entry.get("half", half) == half]


def confusion(table: Sequence[Labelled]) -> Counter[tuple[str, str]]:
    """How often a label was judged as which."""
    return Counter((entry.label, entry.judged) for entry in table)


def _entry(entry: dict[str, Any]) -> Labelled:
    facts = FailureFacts(
        source=entry.get("source", "report"), message=entry["message"], exit_code=entry.get("exit_code")
    )
    resets = entry.get("resets")
    when = datetime.fromisoformat(resets.replace("Z", "+00:00")) if resets else None
    return Labelled(entry["label"], entry["tool"], facts, entry.get("how", ""), when)
