"""What the exit code of a known program says, where its words don't: ``wget -q`` prints none."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CURL = frozenset({5, 6, 7, 16, 18, 27, 28, 35, 52, 55, 56, 92, 95})
_MAY_PASS = {
    "curl": _CURL,
    "wget": frozenset({4}),
    "ssh": frozenset({255}),
    "scp": frozenset({255}),
    "sftp": frozenset({255}),
    "rsync": frozenset({5, 10, 12, 30, 35}),
    "psql": frozenset({2}),
}
"""By their manuals: the name look-up, the connection or the other side failed."""
_WILL_NOT = {
    "curl": frozenset({1, 2, 3, 4, 37, 47, 51, 58, 60, 67, 77}),
    "wget": frozenset({2, 3, 5, 6}),
    "psql": frozenset({1, 3}),
    "gh": frozenset({4}),
}

_PROGRAM = rf"(?:\S{{1,200}}/)?({'|'.join(_MAY_PASS | _WILL_NOT)})"
_CALL = re.compile(rf"^(?:[+$] )?{_PROGRAM} \S")
_NAMED_CALL = re.compile(rf"[Cc]ommand\W{{1,4}}{_PROGRAM}\b")
_CODE = re.compile(r"(?:\] Error|(?:exit|returned)[\w -]{0,30}(?:status|code):?|exited with) (\d{1,3})\b")


def by_program_code(lines: Sequence[str], exit_code: int | None) -> tuple[str, bool] | None:
    """The program that failed and whether it may pass, where its call is shown.

    Its code stands behind the call, as make and Python tell it, or is the ``exit_code`` of the whole.
    """
    program: str | None = None
    for line in lines:
        if found := _NAMED_CALL.search(line) or _CALL.match(line):
            program = found[1]
        if program and (told := _CODE.search(line)):
            return _judged(program, int(told[1]))
    return _judged(program, exit_code) if program and exit_code is not None else None


def _judged(program: str, code: int) -> tuple[str, bool] | None:
    if code in _MAY_PASS.get(program, ()):
        return program, True
    return (program, False) if code in _WILL_NOT.get(program, ()) else None
