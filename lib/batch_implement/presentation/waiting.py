"""What a command waits for, in a line for who looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.system.clock import duration
from batch_implement.system.text.shortening import shorten

if TYPE_CHECKING:
    from batch_implement.system.patience import Delay

_NAME = 120


def waiting_line(delay: Delay) -> str:
    """One line, however long the name is."""
    name, most = shorten(" ".join(delay.name.split()), _NAME), duration(delay.at_most)
    match delay.kind:
        case "lock":
            what = f"Another process holds {name}; waiting for it, {most} at most"
        case "index":
            what = f"Another git holds {name}; waiting for it, {most} at most"
        case "program":
            what = f"{name} is running, {most} at most"
        case "check":
            what = f"The check is running: {name}. It is waited for {most} at most, and goes on after that"
        case "worker":
            what = f"The agent of feature {name} is at work; waiting for its end, {most} at most"
        case "time":
            what = f"Nothing may be tried before {name}; waiting {most}"
    return f"batch-implement: {what} …"
