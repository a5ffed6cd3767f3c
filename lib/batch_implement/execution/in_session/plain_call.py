"""Which commands are a call of ours and nothing else, told without ``re``: a hook has no time for it."""

from __future__ import annotations

_PROGRAM = "batch-implement "
_STEPS = frozenset({"next", "done", "fail", "status"})
_UNQUOTED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_=.,:/#@%+-")
_NOT_QUOTED = {"'": frozenset("\n"), '"': frozenset("$`\\\n")}


def is_plain_call(command: str) -> bool:
    """Whether it is one step of the batch with plain arguments: nothing of a shell is in it, no operator, no
    expansion, no redirection, no second line."""
    step = command.removeprefix(_PROGRAM).partition(" ")[0]
    if not command.startswith(_PROGRAM) or step not in _STEPS:
        return False
    at = len(_PROGRAM) + len(step)
    while 0 <= at < len(command):
        at = _end_of_word(command, at + 1) if command[at] == " " else -1
    return at > 0


def _end_of_word(command: str, begin: int) -> int:
    """Where the plain argument that begins there ends; -1 when it is not one."""
    quote = command[begin : begin + 1]
    if quote in _NOT_QUOTED:
        end = command.find(quote, begin + 1)
        return end + 1 if end > 0 and _NOT_QUOTED[quote].isdisjoint(command[begin + 1 : end]) else -1
    end = command.find(" ", begin)
    end = len(command) if end < 0 else end
    return end if end > begin and _UNQUOTED.issuperset(command[begin:end]) else -1
