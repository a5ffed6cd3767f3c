"""A check's steps, run in a scratch workspace: every one of them, whatever those before it came to."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from batch_implement.errors import ProcessError
from batch_implement.proof.results.outcome import Results, together
from batch_implement.proof.results.recording import record
from batch_implement.system.process import program
from batch_implement.system.process.unattended_environment import unattended_environment
from batch_implement.workspace.preparation import environment_in, moved
from batch_implement.workspace.scratch import built_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from batch_implement.proof.check_command import Step
    from batch_implement.workspace.preparation import Preparation
    from batch_implement.workspace.scratch import Scratch

_TAIL = 16_000
_NOT_STARTED = 127


@dataclass(frozen=True)
class Rehearsed:
    """``exit_codes`` has one for each step; ``output`` is the end of what the first that failed printed,
    else of the last."""

    results: Results
    exit_codes: tuple[int, ...]
    output: str
    timed_out: bool = False
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return not any(self.exit_codes) and not self.timed_out and not self.results.failures


@dataclass(frozen=True)
class Terms:
    """How second runs are made. ``environment`` is the whole of it, ``timeout`` in seconds for one run;
    ``on_start`` is told each process group."""

    preparation: Preparation
    environment: Mapping[str, str]
    timeout: float
    on_start: Callable[[int], None] | None = None


def rehearse(scratch: Scratch, steps: Sequence[Step], terms: Terms, name: str) -> Rehearsed:
    """``name`` tells several runs in one workspace apart."""
    started = time.monotonic()
    is_cargo = (scratch.project / "Cargo.toml").exists()
    built = built_folder(scratch.project) if is_cargo else None
    environment = environment_in(scratch.root, scratch.project, terms.preparation, terms.environment, built)
    variables = unattended_environment({"CI": "true"}, environment)
    results, exits, output, timed_out = Results(), [], "", False
    for number, step in enumerate(steps):
        if (left := terms.timeout - (time.monotonic() - started)) <= 0:
            timed_out = True
            break
        recording = record(
            _moved(step, scratch),
            root=scratch.root,
            folder=scratch.root.parent / f"{name}-{number}",
            environment=variables,
        )
        try:
            finished = program.run(
                recording.step.argv,
                cwd=scratch.root,
                timeout=left,
                env=dict(recording.step.variables),
                base=variables,
                merge_stderr=True,
                on_start=terms.on_start,
            )
        except ProcessError as error:
            exits.append(_NOT_STARTED)
            output = output or str(error)
            continue
        results = together(results, recording.results(finished.text, truncated=finished.truncated))
        if not any(exits):
            output = finished.text[-_TAIL:]
        exits.append(finished.returncode)
        timed_out = timed_out or finished.timed_out
    return Rehearsed(results, tuple(exits), output, timed_out, time.monotonic() - started)


def _moved(step: Step, scratch: Scratch) -> Step:
    """A step that names places of the project by their whole paths names those of the workspace."""
    argv = tuple(moved(word, scratch.project, scratch.root) for word in step.argv)
    variables = tuple((name, moved(value, scratch.project, scratch.root)) for name, value in step.variables)
    return replace(step, argv=argv, variables=variables)
