"""What is shown to a person, as lines and tables; plain here, in colours in :mod:`.painted`."""

from __future__ import annotations

from batch_implement.system.text.shortening import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH = 80
"""Columns that every terminal has."""
DONE, AT_WORK, FAILED, HELD, OPEN = "✓", "▶", "✗", "⏸", "·"
BLANK = " "
_BAR = 20


class Row:
    """One feature: its mark, its number and title as ``N. title``, what is known of it, and a line below."""

    __slots__ = ("below", "facts", "mark", "title")

    def __init__(self, mark: str, title: str, facts: Iterable[str] = (), below: str = "") -> None:
        self.mark = mark
        self.title = title
        self.facts = " · ".join(fact for fact in facts if fact)
        self.below = below


class Screen:
    """Lines in order, those with nothing in them left out; rows that follow each other are a table."""

    __slots__ = ("parts",)

    def __init__(self, *parts: str | Row) -> None:
        self.parts = [part for part in parts if part != ""]

    def add(self, *parts: str | Row) -> None:
        self.parts += [part for part in parts if part != ""]

    def __str__(self) -> str:
        """Plain text; a row fits in 80 columns, where its line below does."""
        return "\n".join(part.rstrip() if isinstance(part, str) else _plain(part) for part in self.parts)


def bar(done: int, total: int) -> str:
    filled = _BAR * done // total if total else 0
    return "█" * filled + "░" * (_BAR - filled)


def _plain(row: Row) -> str:
    lead = f"  {row.mark} " if row.mark else "  "
    facts = f" · {row.facts}" if row.facts else ""
    title = shorten(row.title, max(20, WIDTH - len(lead) - len(facts)))
    below = f"\n      {shorten(row.below, WIDTH - 6)}" if row.below else ""
    return f"{lead}{title}{facts}{below}"
