"""pytest: a plugin of ours that PYTHONPATH brings, so no wrapper and no option of a project is in its way."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from batch_implement.proof.results.base import module_of, program_of, with_variable
from batch_implement.proof.results.event_file import read_reports

if TYPE_CHECKING:
    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.base import Command, Place, Report

NAME = "pytest"
_PLUGIN = "batch_results_pytest"
# Set, it keeps pytest from looking for plugins; then the plugin has to be named.
_NO_LOOKING = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
# tox starts its commands without these variables, unless it is told otherwise.
_TOX = "testenv.pass_env+=PYTHONPATH"


def used_by(command: Command) -> bool:
    return program_of(command) in {"pytest", "py.test"} or module_of(command) in {"pytest", "py.test"}


def prepared(step: Step, commands: tuple[Command, ...], place: Place) -> Step:
    step = with_variable(step, place, "PYTHONPATH", str(place.tools), os.pathsep)
    if dict(step.variables).get(_NO_LOOKING, place.environment.get(_NO_LOOKING)):
        step = with_variable(step, place, "PYTEST_PLUGINS", _PLUGIN, ",")
    if any(program_of(command) == "tox" for command in commands):
        step = with_variable(step, place, "TOX_OVERRIDE", _TOX, ";")
    return step


def read(place: Place, output: str) -> Report | None:  # noqa: ARG001 -- the plugin's file says all
    return read_reports(NAME, place)
