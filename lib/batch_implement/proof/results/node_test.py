"""Node's own test runner: a reporter, given by NODE_OPTIONS, that shows what node would have shown.

Only where ``node --test`` is seen to be started: a node before 18.15 refuses these options in every process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.proof.results.base import program_of
from batch_implement.proof.results.event_file import read_reports
from batch_implement.proof.results.javascript import with_node_options

if TYPE_CHECKING:
    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.base import Command, Place, Report

NAME = "node"
_REPORTER = "--test-reporter"
_DESTINATION = "--test-reporter-destination"


def used_by(command: Command) -> bool:
    return program_of(command) in {"node", "tsx"} and "--test" in command


def prepared(step: Step, commands: tuple[Command, ...], place: Place) -> Step:
    using = [command for command in commands if used_by(command)]
    if not using:
        return step
    reporter = (place.tools / "batch_results_node.mjs").as_uri()
    options = [f"{_REPORTER}={reporter}", f"{_DESTINATION}=stdout"]
    # One reporter may go without a destination, two may not, and ours comes first.
    if any(_number(command, _REPORTER) > _number(command, _DESTINATION) for command in using):
        options.append(f"{_DESTINATION}=stdout")
    return with_node_options(step, place, *options)


def read(place: Place, output: str) -> Report | None:  # noqa: ARG001 -- the reporter's file says all
    return read_reports(NAME, place)


def _number(command: Command, option: str) -> int:
    return sum(word.split("=", 1)[0] == option for word in command)
