"""Which second runs a feature needs, and what each of them is to see. Nothing is run or written here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from batch_implement.proof.second_look import inline_tests
from batch_implement.proof.second_look.kinds import Kind, kind_of
from batch_implement.proof.second_look.manifests import combined
from batch_implement.proof.second_look.narrowing import narrowed
from batch_implement.proof.second_look.parts import IN_THE_CHECK, SOURCES, Part, files_run, part_of
from batch_implement.proof.second_look.suppressions import new_suppressions, without_new
from batch_implement.proof.second_look.tools import read_suppressions
from batch_implement.workspace.scratch import Layer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batch_implement.proof.check_command import Step
    from batch_implement.workspace.change_set import Change
    from batch_implement.workspace.file_versions import FileVersion

    Commands = Mapping[Step, Sequence[tuple[str, ...]]]
    """What each step of the check is seen to lead to."""


@dataclass(frozen=True)
class Touched:
    """A changed file that takes part in the check; ``before`` and ``after`` are its texts, None for none."""

    path: str
    part: Part
    before: str | None
    after: str | None


@dataclass(frozen=True)
class SecondRun:
    """``layer`` goes over the base's files. ``files`` are the tests that it is narrowed to; none for all of them."""

    layer: Layer
    steps: tuple[Step, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """``old_tests`` is None where nothing that takes part in the check was touched, ``new_tests`` where no test was,
    or none is needed (``kind`` says why). ``settings`` is the new code and the new tests under the base's configuration,
    for where the old tests pass and the check does not. ``suppressed`` are files with new suppressions, with one line for
    each."""

    kind: Kind
    touched: tuple[Touched, ...] = ()
    suppressed: tuple[tuple[str, str], ...] = ()
    old_tests: SecondRun | None = None
    new_tests: SecondRun | None = None
    settings: SecondRun | None = None

    @property
    def is_needed(self) -> bool:
        return self.old_tests is not None or self.new_tests is not None


@dataclass(frozen=True)
class _File:
    """A changed file, taken apart: the texts that a run with the new program (``old_tests``), and one with the old
    program (``new_tests``) sees; None for the version that the working tree, or the base, has."""

    change: Change
    version: FileVersion
    part: Part
    old_tests: str | None = None
    new_tests: str | None = None
    suppressions: tuple[str, ...] = ()

    @property
    def is_touched(self) -> bool:
        return self.part in IN_THE_CHECK


def plan_of(changes: Sequence[Change], versions: Sequence[FileVersion], commands: Commands, text: str = "") -> Plan:
    """``changes`` are the feature's own, ``versions`` theirs in the same order; ``text`` is what was asked for."""
    named = files_run(command for found in commands.values() for command in found)
    strict = read_suppressions(command for found in commands.values() for command in found)
    files = [_taken_apart(change, version, named) for change, version in zip(changes, versions, strict=True)]
    files = _with_locks(files)
    if strict:
        files = [_with_suppressions(file) for file in files]
    touched = tuple(
        Touched(file.change.path, file.part, _text(file.version.before), _text(file.version.after))
        for file in files
        if file.is_touched
    )
    kind = kind_of([(file.part, file.version) for file in files], text)
    suppressed = tuple((file.change.path, line) for file in files for line in file.suppressions)
    return Plan(
        kind,
        touched,
        suppressed,
        old_tests=_old_tests(files, commands) if touched or suppressed else None,
        new_tests=_new_tests(files, commands) if kind is Kind.FEATURE else None,
        settings=_old_settings(files, commands),
    )


def _taken_apart(change: Change, version: FileVersion, named: frozenset[str]) -> _File:
    path, name = change.path, change.path.rsplit("/", 1)[-1]
    part = part_of(path, named)
    if part is Part.DATA and name == "go.mod" and change.kind == "added":
        part = Part.SETTINGS  # a module within the module: its packages are no part of it any more
    before, after = _text(version.before), _text(version.after)
    if part is Part.MANIFEST:
        if before is None or after is None:
            return _File(change, version, Part.SETTINGS)
        program_new, program_old = combined(name, after, before), combined(name, before, after)
        if not program_new.kinds:
            return _File(change, version, Part.DATA)
        kind = Part.QUALITY if program_new.kinds == {Part.QUALITY} else Part.SETTINGS
        return _File(change, version, kind, program_new.text, program_old.text)
    if part is Part.PROGRAM and inline_tests.has_inline_tests(path, f"{before or ''}\n{after or ''}"):
        old, new = before or "", after or ""
        if inline_tests.tests_in(old).split() != inline_tests.tests_in(new).split() and before is not None and after is not None:
            old_tests = inline_tests.with_tests_of(new, old)
            return _File(change, version, Part.TESTS, old_tests, inline_tests.with_tests_of(old, new))
    return _File(change, version, part)


def _with_locks(files: list[_File]) -> list[_File]:
    """A lock goes with what a program needs where that changed as well, else with the check."""
    programs_needs = any(
        file.change.path.rsplit("/", 1)[-1] in {"pyproject.toml", "setup.cfg", "package.json", "Cargo.toml", "go.mod", "Gemfile"}
        for file in files
    )
    lock_as = Part.DATA if programs_needs else Part.SETTINGS
    return [replace(file, part=lock_as) if file.part is Part.LOCK else file for file in files]


def _with_suppressions(file: _File) -> _File:
    before, after = _text(file.version.before) or "", _text(file.version.after)
    if after is None or not file.change.path.endswith(SOURCES) or (file.part is not Part.PROGRAM and file.old_tests is None):
        return file
    found = new_suppressions(before, after)
    if not found:
        return file
    stripped = without_new(before, file.old_tests if file.old_tests is not None else after)
    return replace(file, old_tests=stripped, suppressions=found)


def _old_tests(files: Sequence[_File], commands: Commands) -> SecondRun:
    """The new program under the base's version of all that takes part in the check."""
    working, gone, texts = [], [], []
    for file in files:
        if file.old_tests is not None:
            texts.append((file.change.path, file.old_tests.encode()))
        elif not file.is_touched:
            (gone if file.change.kind == "deleted" else working).append(file.change.path)
    layer = Layer(tuple(working), tuple(gone), tuple(texts))
    only_tests = all(file.part is Part.TESTS and file.old_tests is None for file in files if file.is_touched)
    had = [file.change.path for file in files if file.part is Part.TESTS and file.change.kind != "added"]
    if only_tests and not any(file.suppressions for file in files):
        if not had:
            return SecondRun(layer, ())
        return _narrowed(layer, had, commands)
    return SecondRun(layer, tuple(commands))


def _old_settings(files: Sequence[_File], commands: Commands) -> SecondRun | None:
    """The new program and the new tests under the base's configuration, without new suppressions."""
    parts = {file.part for file in files}
    strict = parts & {Part.SETTINGS, Part.QUALITY} or any(file.suppressions for file in files)
    if not (strict and parts & {Part.TESTS, Part.SUPPORT}):
        return None
    working, gone, texts = [], [], []
    for file in files:
        after = _text(file.version.after)
        if file.suppressions and after is not None:
            texts.append((file.change.path, without_new(_text(file.version.before) or "", after).encode()))
        elif file.part in {Part.SETTINGS, Part.QUALITY}:
            if file.old_tests is not None:
                texts.append((file.change.path, file.old_tests.encode()))
        else:
            (gone if file.change.kind == "deleted" else working).append(file.change.path)
    return SecondRun(Layer(tuple(working), tuple(gone), tuple(texts)), tuple(commands))


def _new_tests(files: Sequence[_File], commands: Commands) -> SecondRun | None:
    """The base's program under all that takes part in the check now."""
    working, gone, texts = [], [], []
    for file in files:
        if file.new_tests is not None:
            texts.append((file.change.path, file.new_tests.encode()))
        elif file.is_touched:
            (gone if file.change.kind == "deleted" else working).append(file.change.path)
    layer = Layer(tuple(working), tuple(gone), tuple(texts))
    tests = [file.change.path for file in files if file.part is Part.TESTS and file.change.kind != "deleted"]
    support = any(file.part in {Part.SUPPORT, Part.SETTINGS} for file in files)
    if not tests and not support:
        return None
    inline = any(file.new_tests is not None and file.part is Part.TESTS for file in files)
    if not tests or inline:
        return SecondRun(layer, tuple(commands))
    return _narrowed(layer, tests, commands)


def _narrowed(layer: Layer, paths: Sequence[str], commands: Commands) -> SecondRun:
    """Where one of the steps runs tests and takes paths; the others (linters) have nothing to say about tests."""
    steps = [found for step, led_to in commands.items() if (found := narrowed(step, led_to, paths)) is not None]
    if len(steps) == 1:
        return SecondRun(layer, tuple(steps), tuple(paths))
    return SecondRun(layer, tuple(commands))


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")
