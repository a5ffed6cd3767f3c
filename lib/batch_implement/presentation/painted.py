"""An answer in a terminal: colours, tables, Markdown. Only this loads rich, and no hook loads this."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from batch_implement.presentation.screen import AT_WORK, DONE, FAILED, HELD, OPEN, Row

if TYPE_CHECKING:
    from typing import Literal, TextIO

    from batch_implement.presentation.answer import Answer
    from batch_implement.presentation.screen import Screen

_WIDEST = 120
_COLOURS = {DONE: "green", AT_WORK: "cyan", FAILED: "red", HELD: "yellow", OPEN: "dim"}
# What a line begins with, and how it is shown.
_LINES = {
    "Batch ": "bold",
    "█": "green",
    "░": "dim",
    "Paused": "yellow",
    "Waiting": "yellow",
    "No ": "yellow",
    "Interrupted": "yellow",
    "Refused": "red",
    "Mind": "yellow",
    "To ": "bold",
}


def paint(answer: Answer, stream: TextIO) -> None:
    """Print it; ``NO_COLOR`` and a terminal without colours are respected."""
    # rich itself would leave bold and dim where no colour is wanted.
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    console = Console(file=stream, highlight=False, color_system=colours)
    console.width = min(console.width, _WIDEST)
    if answer.is_markdown:
        console.print(Markdown(answer.text, hyperlinks=False))
    elif answer.screen is not None:
        _paint_screen(console, answer.screen)
    else:
        console.print(Text(answer.for_a_person), soft_wrap=True)


def _paint_screen(console: Console, screen: Screen) -> None:
    rows: list[Row] = []
    for part in [*screen.parts, ""]:
        if isinstance(part, Row):
            rows.append(part)
            continue
        if rows:
            console.print(_table(rows))
            rows = []
        if part:
            console.print(Text(part, style=_style(part)))


def _table(rows: list[Row]) -> Table:
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for row in rows:
        title = Text(row.title, style="dim" if row.mark == OPEN else "")
        if row.below:
            title.append(f"\n{row.below}", style="dim")
        colour = _COLOURS.get(row.mark, "")
        table.add_row(Text(f" {row.mark}", style=colour), title, Text(row.facts, style="dim"))
    return table


def _style(line: str) -> str:
    return next((style for begin, style in _LINES.items() if line.startswith(begin)), "")
