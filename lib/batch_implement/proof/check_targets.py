"""Edits of the scripts and targets that are run as checks, in package.json and in makefiles."""

from __future__ import annotations

import json
import re
from typing import Any

from batch_implement.proof.configuration_edits import NARROWING, QUOTED, Judgement
from batch_implement.proof.stricter import does_more, numbers_are_stricter

_PLACEHOLDER_TEST = re.compile(r"\Aecho .{0,200}no test specified.{0,200}")
_TEST_TARGETS = ("test", "tests", "check", "ci", "verify", "lint")


def package_edit(before: str, after: str, words: set[str]) -> Judgement:
    """The scripts that are run as checks, and the test runner's own keys."""
    old, new = (_checks_of_package(text, words) for text in (before, after))
    found = []
    for key, value in old.items():
        if not _is_kept(value, new.get(key)) and not _PLACEHOLDER_TEST.fullmatch(str(value)):
            change = "changed" if key in new else "removed"
            found.append(
                (
                    _line_of(after if key in new else before, key),
                    f"{key} was {change}: {str(value)[:QUOTED]}",
                )
            )
    for key, value in new.items():
        if key not in old and NARROWING.search(json.dumps(value)):
            found.append(
                (_line_of(after, key), f"{key} makes the checks look at less: {str(value)[:QUOTED]}")
            )
    return found


def _is_kept(value: Any, now: Any) -> bool:
    """Whether a script still does what it did, and a runner's key asks for as much."""
    if isinstance(value, str) and isinstance(now, str):
        return value == now or does_more(value, now)
    return bool(value == now) or numbers_are_stricter(str(value), str(now))


def _checks_of_package(text: str, words: set[str]) -> dict[str, Any]:
    try:
        package = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(package, dict):
        return {}
    runners = ("jest", "vitest", "mocha", "ava", "nyc", "c8")
    checks = {runner: package[runner] for runner in runners if runner in package}
    scripts = package.get("scripts")
    for name, script in scripts.items() if isinstance(scripts, dict) else ():
        base = re.sub(r"^(?:pre|post)(?=.)", "", name)
        if base.partition(":")[0] in _TEST_TARGETS or base in words:
            checks[f"scripts.{name}"] = script
    return checks


def target_edit(before: str, after: str, words: set[str]) -> Judgement:
    """The recipes of the targets that are run as checks, with those of what they need."""
    old, new = _recipes(before), _recipes(after)
    roots = [target for target in old if target in words] or [
        target for target in _TEST_TARGETS if target in old
    ]
    found, seen, waiting = [], set(), list(roots)
    while waiting:
        target = waiting.pop()
        if target in seen or target not in old:
            continue
        seen.add(target)
        number, needs, recipe = old[target]
        waiting += needs
        now = new.get(target)
        gone = [line for line in recipe if now is None or not any(_is_kept(line, new) for new in now[2])]
        if now is None or not set(needs) <= set(now[1]) or gone:
            change = "removed" if now is None else "changed"
            found.append((now[0] if now else number, f"the target {target!r} was {change}"))
        elif any(NARROWING.search(line) for line in now[2] if line not in recipe):
            found.append((now[0], f"the target {target!r} has a new line that makes it check less"))
    return found


def _recipes(text: str) -> dict[str, tuple[int, list[str], list[str]]]:
    """Target to line, what it needs, and the lines of its recipe."""
    recipes: dict[str, tuple[int, list[str], list[str]]] = {}
    current: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"([\w./-]{1,100})(?: [^:=]{0,200})?:(?!=)([^=#]*)", line)
        if header:
            current = []
            recipes[header[1]] = (number, header[2].split(), current)
        elif line[:1] in {"\t", " "} and line.strip() and not line.strip().startswith("#"):
            current.append(line.strip())
    return recipes


def _line_of(text: str, key: str) -> int:
    """The line that has the last part of a dotted key in quotes, 1 when there is none."""
    wanted = json.dumps(key.partition("scripts.")[2] or key)
    return next((number for number, line in enumerate(text.splitlines(), 1) if wanted in line), 1)
