"""Whether anything in a check reads the comments that suppress its findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.proof.results.base import module_of, program_of
from batch_implement.proof.results.runners import RUNNERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batch_implement.proof.results.base import Command

# Programs that only start others, which are looked at themselves.
_WRAPPERS = frozenset(
    {
        "npm",
        "pnpm",
        "yarn",
        "bun",
        "make",
        "gmake",
        "just",
        "sh",
        "bash",
        "dash",
        "echo",
        "cd",
        "set",
        "test",
        ".",
        "source",
        "include",
    }
)


def read_suppressions(commands: Iterable[Command]) -> bool:
    """False where all that is seen to run are tests alone, without a count of what they cover."""
    return any(_may_read(command) for command in commands)


def _may_read(command: Command) -> bool:
    if any("cov" in word for word in command) or module_of(command) == "coverage":
        return True
    if program_of(command) in _WRAPPERS:
        return False
    return not any(runner.used_by(command) for runner in RUNNERS)
