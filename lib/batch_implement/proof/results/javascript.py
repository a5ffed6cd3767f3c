"""jest, vitest, mocha: a file of ours that NODE_OPTIONS loads into every node process below a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.proof.results.base import program_of, with_variable

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.base import Command, Place

_OPTIONS = "NODE_OPTIONS"


def listening(step: Step, place: Place) -> Step:
    """The step with our file loaded into what it starts."""
    return with_node_options(step, place, f"--require={quoted(place.tools / 'batch_results.cjs')}")


def with_node_options(step: Step, place: Place, *options: str) -> Step:
    """The step with options for every node process that it starts."""
    return with_variable(step, place, _OPTIONS, " ".join(options), " ") if options else step


def quoted(path: Path | str) -> str:
    """As NODE_OPTIONS wants it: a space ends an option, unless it is in double quotes."""
    text = str(path)
    if not set(text) & set(' "\\'):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def starts(command: Command, *names: str) -> bool:
    """Whether a command starts one of these programs, by itself or as node's script."""
    if program_of(command) not in {"node", "tsx", "ts-node"}:
        return program_of(command) in names
    script = next((word for word in command[1:] if not word.startswith("-")), "")
    return program_of((script,)) in names
