"""Edits by which a check asks for more: they are no loss, so what they changed is not put to a person."""

from __future__ import annotations

import re

_NUMBERED = re.compile(r"([\w.-]{1,60})([\"']?\s{0,9}[:=]\s{0,9})(\d{1,9}(?:\.\d{1,9})?)(?![\w.])")
_HIGHER = re.compile(
    r"fail[_-]under|threshold\w*|lines|branches|functions|statements|min[_-]\w*", re.IGNORECASE
)
_LOWER = re.compile(r"max[_-]?\w*", re.IGNORECASE)
_MORE = re.compile(r"(?:extend-)?select|enable(?:_error_code)?|plugins|include|source|markers|deny")
_SWITCH = re.compile(
    r"strict\w*|disallow_\w+|warn_\w+|no_implicit_\w+|check_untyped_defs|branch|xfail_strict", re.IGNORECASE
)
# An option that makes a runner say more, or run more.
_OPTION = re.compile(
    r"-ra?|--color(?:=\w+)?|--durations=\d+|--strict(?:-\w+)?|-race|-W|--all-targets"
    r"|-?-shuffle(?:=\w+)?|-count=[1-9]\d*|--cov(?:erage)?(?:=\S+)?"
)
# After these, what follows is not what it was.
_BEFORE_OTHERS = frozenset(("cd", "pushd", "set", "export", "unset", "exit", "exec", "source", ".", "eval"))
_VERBOSITY = re.compile(r"-v{1,3}|-q{1,3}|--verbose|--quiet|--silent")
_SHELL = re.compile(r"[|;<>`()]|\$\(|(?<!&)&(?!&)")


def is_stricter(key: str, before: str, after: str) -> bool:
    """Whether a setting only asks for more: a higher threshold, a lower limit, another rule, a switch on."""
    if _SWITCH.fullmatch(key) and (before.lower(), after.lower()) == ("false", "true"):
        return True
    if _MORE.fullmatch(key) and _items(before):
        return _items(before) <= _items(after)
    return numbers_are_stricter(f"{key} = {before}", f"{key} = {after}")


def numbers_are_stricter(before: str, after: str) -> bool:
    """Whether two lines differ in numbers alone, and each of them asks for as much or more."""
    if _NUMBERED.sub(r"\1\2", before) != _NUMBERED.sub(r"\1\2", after) or before == after:
        return False
    pairs = zip(_NUMBERED.findall(before), _NUMBERED.findall(after), strict=True)
    return all(_asks_as_much(name, float(old), float(new)) for (name, _, old), (_, _, new) in pairs)


def does_more(before: str, after: str) -> bool:
    """Whether a command line runs what it ran, all of it and in its place, with other things beside it.

    Only where nothing of it needs a shell but ``&&``.
    """
    wanted, found = _commands(before), _commands(after)
    if _SHELL.search(after.replace(before, "")) or any(set(words[:1]) & _BEFORE_OTHERS for words in found):
        return False
    rest = iter(found)
    return all(any(_runs(old, new) for new in rest) for old in wanted)


def _runs(old: list[str], new: list[str]) -> bool:
    """The same command, more or less talkative, or with options that only add to it."""
    words = (word for word in old if not _VERBOSITY.fullmatch(word))
    wanted = next(words, None)
    for word in (word for word in new if not _VERBOSITY.fullmatch(word)):
        if word == wanted:
            wanted = next(words, None)
        elif not _OPTION.fullmatch(word):
            return False
    return wanted is None


def _commands(line: str) -> list[list[str]]:
    return [command.split() for command in line.split("&&")]


def _asks_as_much(name: str, old: float, new: float) -> bool:
    if old == new:
        return True
    direction = 1 if _HIGHER.fullmatch(name) else -1 if _LOWER.fullmatch(name) else 0
    return (new - old) * direction > 0


def _items(value: str) -> set[str]:
    return set(re.findall(r"[\"']([^\"']{1,200})[\"']", value))
