"""The command line: finds the subcommand, prints its answer, turns an error into a sentence and a status."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from batch_implement.cli.command import Call, Subcommand, parse, parser_of
from batch_implement.cli.persons import require_person, require_typed
from batch_implement.errors import BatchImplementError, UsageError
from batch_implement.execution.in_session.slash_command import COMMANDS, FLAGS, answer_hook, forms, translate
from batch_implement.execution.in_session.transcript import typed_last
from batch_implement.model.refusals import RefusedError
from batch_implement.oversight.session import Session
from batch_implement.presentation.answer import Answer, told
from batch_implement.presentation.refusals import sentence_of
from batch_implement.presentation.waiting import waiting_line
from batch_implement.proof.check_run import work
from batch_implement.system import patience
from batch_implement.system.installer import announcement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.execution.in_session.slash_command import Typed

SUBCOMMANDS = {
    "start": "start",
    "implement": "implement",
    "next": "next",
    "done": "done",
    "fail": "fail",
    "status": "status",
    "plan": "plan",
    "resume": "resume",
    "pause": "pause",
    "stop": "stop",
    "reset-breaker": "reset_breaker",
    "consent": "consent",
    "doctor": "doctor",
    "demo": "demo",
    "clean": "clean",
    "uninstall": "uninstall",
}
_CHECK_WORKER = "_check"
_HELP = frozenset({"-h", "--help"})
# How long the checks are waited for; a hook may take minutes, a person who looks at it won't.
_SLASH_WAIT = 60.0


def main(arguments: Sequence[str]) -> int:
    """Run one subcommand; returns the exit status, as :func:`usage` explains it."""
    if arguments[:1] == [_CHECK_WORKER]:
        work(Path(arguments[1]), Path.cwd(), arguments[2])
        return 0
    for stream in (sys.stdout, sys.stderr):
        # A feature's text may hold what the terminal's encoding does not know.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    # Claude Code shows the person what its shell says while it runs, as a terminal does.
    if sys.stderr.isatty() or "CLAUDECODE" in os.environ:
        patience.listen(lambda delay: print(waiting_line(delay), file=sys.stderr, flush=True))
    return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0
    answer, status = _answered(arguments)
    if "--json" in arguments:
        print(json.dumps(answer.to_json()))
    elif sys.stdout.isatty() and answer.kind != "refused":
        importlib.import_module("batch_implement.presentation.painted").paint(answer, sys.stdout)
    else:
        text = answer.text if _is_called_by_claude() else answer.for_a_person
        print(text, file=sys.stderr if answer.kind == "refused" else sys.stdout)
    return status


def _is_called_by_claude() -> bool:
    return "CLAUDECODE" in os.environ or bool(Session.of_environment(os.environ).session_id)


def _answered(arguments: Sequence[str]) -> tuple[Answer, int]:
    try:
        name, given = _named(arguments)
        module = subcommand(name)
        options = parse(name, module, given)
        call = Call(options, Path.cwd(), Session.of_environment(os.environ))
        require_person(name, call, was_typed=_was_typed(name, call))
        answer = module.run(call)
    except RefusedError as error:
        return Answer("refused", sentence_of(error.refusal)), error.exit_code
    except BatchImplementError as error:
        return Answer("refused", str(error)), error.exit_code
    except FileNotFoundError as error:
        return Answer("refused", str(error)), BatchImplementError.exit_code
    return answer, BatchImplementError.exit_code if answer.kind == "refused" else answer.status


def _was_typed(name: str, call: Call) -> bool:
    """Whether just this was typed, in a client whose hooks are not told of it."""
    typed = typed_last(call.session.session_id) if call.session.session_id else None
    if typed is None or typed.name not in COMMANDS:
        return False
    meant, arguments = translate(typed.name, typed.arguments, call.cwd)
    return meant == name and parse(name, subcommand(name), arguments) == call.options


def _named(arguments: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The subcommand and its arguments.

    What follows ``/batch-implement`` may follow ``start`` too: where no hook is told of commands, Claude
    calls it so.
    """
    name, *given = arguments
    flag = next((argument for argument in given if argument in FLAGS), "") if name == "start" else ""
    return (FLAGS[flag], [argument for argument in given if argument != flag]) if flag else (name, given)


def answer_typed(event: bytes) -> int:
    """Answer the hook that tells of a slash command; always 0."""
    made = os.environ.get("BATCH_IMPLEMENT_INSTALLED", "")
    home = Path(sys.executable).parents[2]
    news = f"batch-implement: {announcement(Path(made), home)}" if made else ""
    return answer_hook(event, _typed, news)


def _typed(typed: Typed) -> Answer:
    """Carry out a subcommand that was typed as a slash command."""
    module = subcommand(typed.subcommand)
    if not _HELP.isdisjoint(typed.arguments):
        return told(_help(typed, module))
    options = parse(typed.subcommand, module, typed.arguments)
    call = Call(
        options,
        typed.cwd,
        typed.session,
        permission_mode=typed.permission_mode,
        wait=_SLASH_WAIT,
        is_look=typed.is_look,
    )
    require_typed(typed.subcommand, call)
    answer = module.run(call)
    return told(json.dumps(answer.to_json(), indent=2)) if options.json and not answer.shown else answer


def _help(typed: Typed, module: Subcommand) -> str:
    """As a person types it; of the main command all its forms."""
    shown = [form for form, name in forms().items() if typed.subcommand in ("start", name)]
    usages = [
        f"{' '.join(parser_of(name, subcommand(name), prog=form).format_usage().split())}\n"
        f"    {subcommand(name).SUMMARY}"
        for form, name in forms().items()
        if form in shown
    ]
    _, _, arguments = parser_of(typed.subcommand, module).format_help().partition("\n\n")
    return "\n".join([*usages, "", arguments.partition("\n\n")[2].strip()])


def subcommand(name: str) -> Subcommand:
    """The module that carries a subcommand out; raises :class:`UsageError` for an unknown one."""
    if name not in SUBCOMMANDS:
        raise UsageError(f"{name[:60]!r} is not a subcommand. Those are: {', '.join(SUBCOMMANDS)}.")
    return cast("Subcommand", importlib.import_module(f"batch_implement.cli.{SUBCOMMANDS[name]}"))


STATUSES = """\
Exit status: 0 done or answered; 1 refused; 2 wrong usage; 3 a state that can't be read;
4 doctor: something is in the way of a batch; 5 plan: such a batch would be refused."""


def usage() -> str:
    lines = [f"  {name:10} {subcommand(name).SUMMARY}" for name in SUBCOMMANDS]
    return "\n".join(["usage: batch-implement SUBCOMMAND [--json] …", "", *lines, "", STATUSES])
