"""One of our slash commands was typed: it is carried out before the model is asked anything."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch_implement.cli.command import Call, parse, parser_of
from batch_implement.cli.main import subcommand
from batch_implement.engine.outcome import Outcome
from batch_implement.errors import BatchImplementError
from batch_implement.oversight.ownership import Session

if TYPE_CHECKING:
    from collections.abc import Mapping


# How long the checks are waited for; a hook may take minutes, a person who looks at it won't.
_WAIT = 60.0
_COMMANDS = {
    "batch-implement": "start",
    "auto-implement": "implement",
    "batch-status": "status",
    "batch-stop": "cancel",
}
_FLAGS = {"--resume": "resume", "--plan": "plan", "--pause": "pause"}
_HELP = frozenset({"-h", "--help"})
_INPUT_LIMIT = 4 * 1024 * 1024


def answer_hook() -> int:
    """Answer the UserPromptExpansion event on standard input; always 0."""
    try:
        event = json.loads(sys.stdin.buffer.read(_INPUT_LIMIT))
        answer = _answer(event, Path(os.environ.get("CLAUDE_PROJECT_DIR") or event["cwd"]))
    except Exception as error:  # noqa: BLE001 -- the person typed a command and is told why it can't be
        answer = _for_the_person(f"batch-implement failed: {type(error).__name__}: {error}")
    if answer:
        print(json.dumps(answer))
    return 0


def _answer(event: Mapping[str, Any], cwd: Path) -> dict[str, Any] | None:
    """Context with the first assignment; or an end to it, with what the person is to read."""
    name = str(event.get("command_name", "")).rpartition(":")[2]
    if name not in _COMMANDS:
        return None
    try:
        outcome = _carry_out(name, event, cwd)
    except (BatchImplementError, FileNotFoundError) as error:
        return _for_the_person(str(error))
    if outcome.kind in {"told", "ended", "stopped"}:
        return _for_the_person(outcome.text)
    return {
        "systemMessage": outcome.data.get("summary", ""),
        "hookSpecificOutput": {"hookEventName": "UserPromptExpansion", "additionalContext": outcome.text},
    }


def _carry_out(name: str, event: Mapping[str, Any], cwd: Path) -> Outcome:
    subcommand_name, arguments = translate(name, str(event.get("command_args") or ""), cwd)
    module = subcommand(subcommand_name)
    if not _HELP.isdisjoint(arguments):
        return Outcome("told", parser_of(subcommand_name, module).format_help())
    session = Session.of_environment(os.environ)
    if event.get("session_id"):
        session = session.with_id(str(event["session_id"]))
    return module.run(
        Call(
            parse(subcommand_name, module, arguments),
            cwd,
            session,
            permission_mode=str(event.get("permission_mode") or ""),
            wait=_WAIT,
        )
    )


def translate(name: str, typed: str, root: Path) -> tuple[str, list[str]]:
    """The subcommand and its arguments for what was typed after a slash command.

    A path with blanks, a quote that is not closed, and a sentence need no quoting.
    """
    typed = typed.strip()
    chosen = _COMMANDS[name]
    if chosen == "implement":
        return chosen, ["--", typed.strip("\"'")] if typed.strip("\"'") else []
    if chosen == "start" and _is_file(root, typed):
        return chosen, ["--", typed]
    try:
        arguments = shlex.split(typed)
    except ValueError:
        arguments = typed.split()
    if chosen == "start":
        words = [argument for argument in arguments if not argument.startswith("-")]
        if len(words) > 1 and _is_file(root, " ".join(words)):
            options = [argument for argument in arguments if argument.startswith("-")]
            arguments = [*options, "--", " ".join(words)]
        for flag, other in _FLAGS.items():
            if flag in arguments:
                return other, [argument for argument in arguments if argument != flag]
    return chosen, arguments


def _is_file(root: Path, name: str) -> bool:
    try:
        return bool(name) and (root / name).is_file()
    except (OSError, ValueError):  # too long, or with a NUL
        return False


def _for_the_person(text: str) -> dict[str, Any]:
    return {"continue": False, "stopReason": text}
