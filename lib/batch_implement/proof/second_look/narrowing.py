"""A check narrowed to some files of tests, where its runner takes paths."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.proof.results import go, jest, python_pytest, vitest
from batch_implement.proof.results.base import program_of
from batch_implement.proof.results.wrappers import unwrapped

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from batch_implement.proof.check_command import Step

_SCRIPT_OF_PACKAGE = ("npm", "pnpm", "yarn", "bun")
_SUFFIXES = {
    python_pytest: (".py",),
    jest: (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts"),
    vitest: (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts"),
}


def narrowed(step: Step, commands: Sequence[tuple[str, ...]], paths: Collection[str]) -> Step | None:
    """The step for these files alone; None where that can't be said to its runner.

    ``commands`` are those that the step leads to. Without paths, there is nothing to run: None too.
    """
    if not paths:
        return None
    own = unwrapped(step.argv)
    for runner, suffixes in _SUFFIXES.items():
        if all(path.endswith(suffixes) for path in paths):
            if runner.used_by(own):
                return replace(step, argv=(*step.argv, *sorted(paths)))
            if _is_script_of(own, commands, runner):
                between = ("--",) if program_of(own) == "npm" and "--" not in own else ()
                return replace(step, argv=(*step.argv, *between, *sorted(paths)))
    if go.used_by(step.argv) and "./..." in step.argv and all(path.endswith(".go") for path in paths):
        folders = sorted({f"./{path.rpartition('/')[0]}".rstrip("/") for path in paths})
        place = step.argv.index("./...")
        return replace(step, argv=(*step.argv[:place], *folders, *step.argv[place + 1 :]))
    return None


def _is_script_of(own: tuple[str, ...], commands: Sequence[tuple[str, ...]], runner: object) -> bool:
    """Whether a package's script is nothing but the runner: then it hands on what follows."""
    if program_of(own) not in _SCRIPT_OF_PACKAGE or len(commands) != 2:
        return False
    return bool(runner.used_by(commands[1]))  # type: ignore[attr-defined]
