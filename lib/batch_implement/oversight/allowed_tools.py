"""What Claude may do without asking: by the arguments of its client, and by Claude Code's own settings."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.system.process.command_line import command_line
from batch_implement.system.process.identity import live_process

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batch_implement.oversight.session import Session

_OPTIONS = ("--allowedTools", "--allowed-tools")
# What an unattended run needs, by permission mode; other modes do not ask, or refuse on their own.
_NEEDED = {"default": ("Bash", "Edit"), "acceptEdits": ("Bash",)}
# A rule, whose parentheses may hold blanks and commas.
_RULE = re.compile(r"[^\s,(]+(?:\([^)]*\))?")
_EVERYTHING = ("", "(*)", "(:*)", "(**)")
_SETTINGS = ("settings.json", "settings.local.json")


def tools_asked_for(permission_mode: str, session: Session, home: Path) -> tuple[str, ...]:
    """The tools for which a person would be asked in the midst of a batch."""
    needed = _NEEDED.get(permission_mode, ())
    if not needed:
        return ()
    arguments = command_line(live_process(session.client))
    return missing(needed, [*rules_in(arguments), *_rules_of_settings(home)])


def missing(needed: Sequence[str], rules: Sequence[str]) -> tuple[str, ...]:
    """What of it no rule allows as a whole."""
    return tuple(tool for tool in needed if not any(f"{tool}{all_of}" in rules for all_of in _EVERYTHING))


def rules_in(arguments: Sequence[str]) -> list[str]:
    """The rules that a client was started with; an option takes all up to the next one."""
    found: list[str] = []
    is_open = False
    for argument in arguments:
        option, _, value = argument.partition("=")
        if option in _OPTIONS:
            is_open = not value
            found += _RULE.findall(value)
        elif argument.startswith("-"):
            is_open = False
        elif is_open:
            found += _RULE.findall(argument)
    return found


def _rules_of_settings(home: Path) -> Iterator[str]:
    users = Path(os.environ.get("CLAUDE_CONFIG_DIR") or Path.home() / ".claude")
    for path in (users / _SETTINGS[0], *(home / ".claude" / name for name in _SETTINGS)):
        try:
            rules = json.loads(path.read_bytes())["permissions"]["allow"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        if isinstance(rules, list):
            yield from (rule for rule in rules if isinstance(rule, str))
