"""What a test runner has to tell about itself to be asked for its results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.outcome import NamedTest

    Command = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a run is to leave its report.

    ``tools`` holds what is loaded into the runners and ``reports`` what that writes, both outside of the
    workspace ``root`` and new for each run. ``environment`` is what the step will be started with, below
    its own variables.
    """

    root: Path
    tools: Path
    reports: Path
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Report:
    """What a runner said: its tests, and why it ended early if it did."""

    tests: tuple[NamedTest, ...]
    cut_off: str = ""


class Runner(Protocol):
    """A module with these names; :mod:`batch_implement.proof.results.runners` lists them."""

    NAME: str

    def used_by(self, command: Command) -> bool:
        """Whether a command, without what wraps it, starts this runner."""

    def prepared(self, step: Step, commands: tuple[Command, ...], place: Place) -> Step:
        """The step, changed so that this runner reports if it is started anywhere below it.

        It has to run the same, in the same order, with the same exit status. ``commands`` are those that
        the step is seen to lead to.
        """

    def read(self, place: Place, output: str) -> Report | None:
        """What was reported; None when this runner was not heard of."""


def with_variable(step: Step, place: Place, name: str, value: str, separator: str) -> Step:
    """The step with a value added behind what the variable holds already."""
    own = dict(step.variables)
    before = own.get(name, place.environment.get(name, ""))
    if value in before.split(separator):
        return step
    own[name] = f"{before}{separator}{value}" if before else value
    return replace(step, variables=tuple(own.items()))


def program_of(command: Command) -> str:
    """The name of the program, without its folder and its ending."""
    name = command[0].replace("\\", "/").rsplit("/", 1)[-1] if command else ""
    for ending in (".exe", ".cmd", ".js", ".cjs", ".mjs"):
        name = name.removesuffix(ending)
    return name


def module_of(command: Command) -> str:
    """``X`` of ``python … -m X``, else ``""``."""
    program = program_of(command)
    is_python = program.startswith(("python", "pypy")) or command[:2] == ("coverage", "run")
    if not is_python or "-m" not in command:
        return ""
    return next(iter(command[command.index("-m") + 1 :]), "")
