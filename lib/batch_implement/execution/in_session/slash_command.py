"""One of our slash commands was typed: it is carried out before the model is asked anything."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch_implement.errors import BatchImplementError
from batch_implement.model.refusals import RefusedError
from batch_implement.oversight.session import Session
from batch_implement.presentation.refusals import told_of
from batch_implement.sources.file_names import is_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from batch_implement.presentation.answer import Answer

COMMANDS = {
    "batch-implement": "start",
    "auto-implement": "implement",
    "batch-status": "status",
}
FLAGS = {
    "--resume": "resume",
    "--plan": "plan",
    "--pause": "pause",
    "--done": "done",
    "--stop": "stop",
}
_FOR_CLAUDE = frozenset({"assigned", "waiting"})


@dataclass(frozen=True)
class Typed:
    """What a slash command comes to: a subcommand with its arguments, where, and by which session.

    ``is_look``: only what is for the person is asked for; the hook is called once more for the rest.
    """

    subcommand: str
    arguments: list[str]
    cwd: Path
    session: Session
    permission_mode: str
    is_look: bool = False


def answer_hook(data: bytes, carry_out: Callable[[Typed], Answer], news: str = "") -> int:
    """Answer the UserPromptExpansion event that was on standard input; always 0.

    ``news`` is for the person, whatever the answer is.
    """
    try:
        event = json.loads(data)
        answer = _answer(event, Path(os.environ.get("CLAUDE_PROJECT_DIR") or event["cwd"]), carry_out)
    except Exception as error:  # noqa: BLE001 -- the person typed a command and is told why it can't be
        answer = _for_the_person(f"batch-implement failed: {type(error).__name__}: {error}")
    if answer:
        if news:
            answer["systemMessage"] = "\n\n".join(filter(None, (news, answer.get("systemMessage"))))
        print(json.dumps(answer))
    return 0


def _answer(
    event: Mapping[str, Any], cwd: Path, carry_out: Callable[[Typed], Answer]
) -> dict[str, Any] | None:
    """Context with the first assignment; or an end to it, with what the person is to read."""
    name = str(event.get("command_name", "")).rpartition(":")[2]
    if name not in COMMANDS:
        return None
    typed = _typed(name, event, cwd)
    try:
        answer = carry_out(typed)
    except RefusedError as error:
        return _for_the_person(told_of(error.refusal))
    except (BatchImplementError, FileNotFoundError) as error:
        return _for_the_person(str(error))
    if answer.kind not in _FOR_CLAUDE:
        return _for_the_person(answer.shown or answer.text)
    if typed.is_look:
        return None
    return {
        "systemMessage": answer.shown,
        "hookSpecificOutput": {"hookEventName": "UserPromptExpansion", "additionalContext": answer.text},
    }


def _typed(name: str, event: Mapping[str, Any], cwd: Path) -> Typed:
    subcommand, arguments = translate(name, str(event.get("command_args") or ""), cwd)
    session = Session.of_environment(os.environ)
    if event.get("session_id"):
        session = session.with_id(str(event["session_id"]))
    mode = str(event.get("permission_mode") or "")
    return Typed(subcommand, arguments, cwd, session, mode, is_look=event.get("is_look") is True)


def translate(name: str, typed: str, root: Path) -> tuple[str, list[str]]:
    """The subcommand and its arguments for what was typed after a slash command.

    A path with blanks, a quote that is not closed, and a sentence need no quoting.
    """
    typed = typed.strip()
    chosen = COMMANDS[name]
    if chosen == "implement":
        return chosen, ["--", typed.strip("\"'")] if typed.strip("\"'") else []
    if chosen == "start" and _is_file(root, typed):
        return chosen, ["--", typed]
    try:
        arguments = shlex.split(typed)
    except ValueError:
        arguments = typed.split()
    if chosen == "start":
        if not typed.startswith("-") and is_sentence(root, [typed]) and not _is_named(root, arguments):
            return chosen, ["--", typed]
        if len(arguments) > 1 and _is_named(root, arguments):
            options = [argument for argument in arguments if argument.startswith("-")]
            arguments = [*options, "--", _name(arguments)]
        for flag, other in FLAGS.items():
            if flag in arguments:
                return other, [argument for argument in arguments if argument != flag]
    return chosen, arguments


def forms() -> dict[str, str]:
    """What a person may type, with the subcommand that it comes to."""
    flags = {f"/batch-implement {flag}": called for flag, called in FLAGS.items()}
    return {
        "/batch-implement": "start",
        **flags,
        **{f"/{name}": called for name, called in COMMANDS.items()},
    }


def _is_named(root: Path, arguments: Sequence[str]) -> bool:
    """Whether the words beside the options are the name of one file with blanks in it."""
    return _is_file(root, _name(arguments))


def _name(arguments: Sequence[str]) -> str:
    return " ".join(argument for argument in arguments if not argument.startswith("-"))


def _is_file(root: Path, name: str) -> bool:
    try:
        return bool(name) and any((root / path).is_file() for path in (name, name.removeprefix("@")) if path)
    except (OSError, ValueError):  # too long, or with a NUL
        return False


def _for_the_person(text: str) -> dict[str, Any]:
    return {"continue": False, "stopReason": text}
