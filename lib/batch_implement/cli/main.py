"""The command line: finds the subcommand, prints its answer, turns an error into a sentence and a status."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from batch_implement import __version__
from batch_implement.cli.command import Call, Subcommand, parse
from batch_implement.errors import BatchImplementError, UsageError
from batch_implement.oversight.ownership import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    "cancel": "cancel",
    "reset-breaker": "reset_breaker",
    "consent": "consent",
    "doctor": "doctor",
    "demo": "demo",
}
_CHECK_WORKER = "_check"
_SLASH_COMMAND = "_slash"


def main(arguments: Sequence[str]) -> int:
    """Run one subcommand; 0 done, 1 refused, 2 wrong usage, 3 a state that can't be read."""
    if arguments[:1] == [_CHECK_WORKER]:
        from batch_implement.proof.check_run import work  # noqa: PLC0415 -- a process of its own

        work(Path(arguments[1]), Path.cwd())
        return 0
    if arguments[:1] == [_SLASH_COMMAND]:
        from batch_implement.execution.in_session.slash_command import answer_hook  # noqa: PLC0415 -- only from the hook

        return answer_hook()
    for stream in (sys.stdout, sys.stderr):
        # A feature's text may hold what the terminal's encoding does not know.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0
    if arguments[0] == "--version":
        print(__version__)
        return 0
    as_json = "--json" in arguments
    try:
        module = subcommand(arguments[0])
        options = parse(arguments[0], module, arguments[1:])
        outcome = module.run(Call(options, Path.cwd(), Session.of_environment(os.environ)))
    except (BatchImplementError, FileNotFoundError) as error:
        return _refused(error, as_json=as_json)
    print(
        json.dumps({"kind": outcome.kind, "text": outcome.text, **outcome.data}) if as_json else outcome.text
    )
    return 0


def subcommand(name: str) -> Subcommand:
    """The module that carries a subcommand out; raises :class:`UsageError` for an unknown one."""
    if name not in SUBCOMMANDS:
        raise UsageError(f"{name[:60]!r} is not a subcommand. Those are: {', '.join(SUBCOMMANDS)}.")
    return cast("Subcommand", importlib.import_module(f"batch_implement.cli.{SUBCOMMANDS[name]}"))


def usage() -> str:
    lines = [f"  {name:10} {subcommand(name).SUMMARY}" for name in SUBCOMMANDS]
    return "\n".join(["usage: batch-implement SUBCOMMAND [--json] …", "", *lines])


def _refused(error: Exception, *, as_json: bool) -> int:
    code = error.exit_code if isinstance(error, BatchImplementError) else BatchImplementError.exit_code
    if as_json:
        print(json.dumps({"kind": "refused", "text": str(error)}))
    else:
        print(str(error), file=sys.stderr)
    return code
