"""Which second runs a feature needs, and what each of them is to see. Nothing is run or written here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.proof.second_look.kinds import Kind, kind_of
from batch_implement.proof.second_look.narrowing import narrowed
from batch_implement.proof.second_look.parts import Part, files_of_tests, files_run, may_help_tests
from batch_implement.proof.second_look.suppressions import without_new
from batch_implement.proof.second_look.taken_apart import taken_apart
from batch_implement.proof.second_look.tools import read_suppressions
from batch_implement.workspace.scratch import Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.outcome import Results
    from batch_implement.proof.second_look.taken_apart import File
    from batch_implement.workspace.change_set import Change
    from batch_implement.workspace.file_versions import FileVersion

    Commands = Mapping[Step, Sequence[tuple[str, ...]]]
    """What each step of the check is seen to lead to."""

_SETTINGS = frozenset({Part.SETTINGS, Part.QUALITY})
_TESTS = frozenset({Part.TESTS, Part.SUPPORT})


@dataclass(frozen=True)
class Touched:
    """A changed file that takes part in the check; ``before`` and ``after`` are its texts, None for none."""

    path: str
    part: Part
    before: str | None
    after: str | None


@dataclass(frozen=True)
class SecondRun:
    """``layer`` goes over the base's files. ``files`` are the tests that it is narrowed to; none for all."""

    layer: Layer
    steps: tuple[Step, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """``old_tests`` is None where nothing that takes part in the check was touched, ``new_tests`` where no
    test was, or none is needed (``kind`` says why). ``old_helpers`` is ``old_tests`` with the base's version
    of what is the program's and may help its tests as well. ``settings`` is the new code and the new tests
    under the base's configuration, for where the old tests pass and the check does not. ``suppressed`` are
    paths with one line for each new suppression."""

    kind: Kind
    touched: tuple[Touched, ...] = ()
    suppressed: tuple[tuple[str, str], ...] = ()
    old_tests: SecondRun | None = None
    old_helpers: SecondRun | None = None
    new_tests: SecondRun | None = None
    settings: SecondRun | None = None

    @property
    def resettles(self) -> bool:
        """Whether it was touched how tests are run, and so which."""
        return any(file.part is Part.SETTINGS for file in self.touched)

    @property
    def is_needed(self) -> bool:
        return bool(self.runs)

    @property
    def runs(self) -> tuple[SecondRun, ...]:
        """Those that are made in any case."""
        runs = (self.old_tests, self.old_helpers, self.new_tests)
        return tuple(run for run in runs if run is not None and run.steps)


def plan_of(
    changes: Sequence[Change],
    versions: Sequence[FileVersion],
    commands: Commands,
    text: str = "",
    before: Results | None = None,
) -> Plan:
    """``changes`` are the feature's own, ``versions`` theirs in the same order; ``text`` is what was asked,
    ``before`` what the check came to at the base."""
    started = [command for led_to in commands.values() for command in led_to]
    tests = files_of_tests(test.name for test in before.tests) if before is not None else frozenset()
    files = taken_apart(changes, versions, files_run(started), tests, strict=read_suppressions(started))
    kind = kind_of([(file.part, version) for file, version in zip(files, versions, strict=True)], text)
    helpers = [file for file in files if _is_old_helper(file)]
    touched = [file for file in files if file.is_touched or file in helpers]
    suppressed = tuple((file.path, line) for file in files for line in file.suppressions)
    return Plan(
        kind,
        tuple(Touched(file.path, file.part, file.before, file.after) for file in touched),
        suppressed,
        old_tests=_old_tests(files, commands) if touched or suppressed else None,
        old_helpers=_old_helpers(files, commands) if helpers else None,
        new_tests=_new_tests(files, commands) if kind is Kind.FEATURE else None,
        settings=_old_settings(files, commands),
    )


def _old_tests(files: Sequence[File], commands: Commands) -> SecondRun:
    """The new program under the base's version of all that takes part in the check."""
    layer = _layer(files, lambda file: file.old_tests, lambda file: not file.is_touched)
    touched = [file for file in files if file.is_touched]
    whole = any(file.part is not Part.TESTS or file.old_tests is not None for file in touched)
    if whole or any(file.suppressions for file in files):
        return SecondRun(layer, tuple(commands))
    had = [file.path for file in touched if file.before is not None or file.change.kind != "added"]
    return _narrowed(layer, had, commands) if had else SecondRun(layer, ())


def _is_old_helper(file: File) -> bool:
    return file.part is Part.PROGRAM and file.before is not None and may_help_tests(file.path)


def _old_helpers(files: Sequence[File], commands: Commands) -> SecondRun:
    layer = _layer(
        files, lambda file: file.old_tests, lambda file: not file.is_touched and not _is_old_helper(file)
    )
    return SecondRun(layer, tuple(commands))


def _old_settings(files: Sequence[File], commands: Commands) -> SecondRun | None:
    """The new program and the new tests under the base's configuration, without new suppressions."""
    parts = {file.part for file in files}
    if not (parts & _SETTINGS or any(file.suppressions for file in files)) or not parts & _TESTS:
        return None

    def text_of(file: File) -> str | None:
        if file.suppressions:
            return without_new(file.before or "", file.after or "")
        return file.old_tests if file.part in _SETTINGS else None

    return SecondRun(_layer(files, text_of, lambda file: file.part not in _SETTINGS), tuple(commands))


def _new_tests(files: Sequence[File], commands: Commands) -> SecondRun | None:
    """The base's program under all that takes part in the check now."""
    parts = {file.part for file in files}
    if not parts & {Part.TESTS, Part.SUPPORT, Part.SETTINGS}:
        return None
    layer = _layer(files, lambda file: file.new_tests, lambda file: file.is_touched)
    tests = [file for file in files if file.part is Part.TESTS and file.change.kind != "deleted"]
    if not tests or any(file.new_tests is not None for file in tests):
        return SecondRun(layer, tuple(commands))
    return _narrowed(layer, [file.path for file in tests], commands)


def _layer(
    files: Sequence[File], text_of: Callable[[File], str | None], is_new: Callable[[File], bool]
) -> Layer:
    """What is laid over the base: a text where there is one, else the new version of what is to be new."""
    texts = [(file.path, text.encode()) for file in files if (text := text_of(file)) is not None]
    new = [file.change for file in files if text_of(file) is None and is_new(file)]
    return Layer(
        working=tuple(change.path for change in new if change.kind != "deleted"),
        gone=tuple(change.path for change in new if change.kind == "deleted"),
        texts=tuple(texts),
    )


def _narrowed(layer: Layer, paths: Sequence[str], commands: Commands) -> SecondRun:
    """Where one of the steps runs tests and takes paths; the others (linters) have nothing to say of
    tests."""
    steps = [found for step, led_to in commands.items() if (found := narrowed(step, led_to, paths))]
    if len(steps) == 1:
        return SecondRun(layer, tuple(steps), tuple(paths))
    return SecondRun(layer, tuple(commands))
