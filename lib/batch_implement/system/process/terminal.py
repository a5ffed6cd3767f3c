"""The terminal that a person sits at, whatever input and output are led to."""

from __future__ import annotations

import os

_PLACE = "/dev/tty"
_ANSWER_LIMIT = 200


def has_terminal() -> bool:
    """Whether this process has a controlling terminal."""
    try:
        os.close(_opened())
    except OSError:
        return False
    return True


def ask(question: str) -> str:
    """One line that is typed in answer; ``""`` where there is no terminal, or nobody answers there."""
    try:
        terminal = _opened()
    except OSError:
        return ""
    try:
        os.write(terminal, question.encode())
        return os.read(terminal, _ANSWER_LIMIT).decode("utf-8", "replace").strip()
    except OSError:
        return ""
    finally:
        os.close(terminal)


def _opened() -> int:
    return os.open(_PLACE, os.O_RDWR | os.O_NOCTTY)
