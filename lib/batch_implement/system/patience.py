"""Whoever waits for more than two seconds says for what, and for how long at most.

What waits is deep inside (a lock, a program, a check); who shows it is the command line, which listens. In a
hook and in the process that a check runs in nobody does, and nothing is said.
"""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    Kind = Literal["lock", "index", "program", "check", "worker", "time"]
    Listener = Callable[["Delay"], None]

PATIENCE = 2.0
_listeners: list[Listener] = []


class Delay:
    """Something that is waited for: its kind, its name (a path, a command line), and seconds ``at_most``."""

    __slots__ = ("_said", "_since", "at_most", "kind", "name")  # no dataclass: a lock is on every hook's way

    def __init__(self, kind: Kind, name: str, at_most: float) -> None:
        self.kind: Kind = kind
        self.name = name
        self.at_most = at_most
        self._since = time.monotonic()
        self._said = False

    def goes_on(self) -> None:
        """Called again and again while it is waited: said once, when it has taken long enough."""
        if not self._said and time.monotonic() - self._since >= PATIENCE:
            self.say()

    def say(self) -> None:
        self._said = True
        for listener in _listeners:
            listener(self)


def listen(listener: Listener) -> None:
    """Be told of every wait from now on, instead of who was told before."""
    _listeners[:] = [listener]
