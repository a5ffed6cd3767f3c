"""jest: a reporter beside those that are configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.proof.results.event_file import read_reports
from batch_implement.proof.results.javascript import listening, starts

if TYPE_CHECKING:
    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.base import Command, Place, Report

NAME = "jest"


def used_by(command: Command) -> bool:
    return starts(command, "jest") or (starts(command, "react-scripts") and "test" in command)


def prepared(step: Step, commands: tuple[Command, ...], place: Place) -> Step:  # noqa: ARG001
    return listening(step, place)


def read(place: Place, output: str) -> Report | None:  # noqa: ARG001 -- its file says all
    return read_reports(NAME, place)
