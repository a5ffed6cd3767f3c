"""The changed files of a feature, each with the part it plays and the texts that the second runs see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from batch_implement.proof.second_look import inline_tests
from batch_implement.proof.second_look.manifests import combined
from batch_implement.proof.second_look.parts import IN_THE_CHECK, SOURCES, Part, part_of
from batch_implement.proof.second_look.suppressions import new_suppressions, without_new

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.workspace.change_set import Change
    from batch_implement.workspace.file_versions import FileVersion

_NEEDS = frozenset(
    {"pyproject.toml", "setup.cfg", "package.json", "Cargo.toml", "go.mod", "Gemfile", "composer.json"}
)


@dataclass(frozen=True)
class File:
    """``old_tests`` and ``new_tests`` are what a run of the old tests, or of the new ones, sees of a file
    that is partly the program's; None where a version as a whole does."""

    change: Change
    part: Part
    before: str | None
    after: str | None
    old_tests: str | None = None
    new_tests: str | None = None
    suppressions: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return self.change.path

    @property
    def is_touched(self) -> bool:
        """Whether it takes part in the check."""
        return self.part in IN_THE_CHECK


def taken_apart(
    changes: Sequence[Change],
    versions: Sequence[FileVersion],
    named: frozenset[str],
    tests: frozenset[str],
    *,
    strict: bool,
) -> list[File]:
    """``named`` are files that the check runs as programs, ``tests`` those in which tests are known to
    stand; ``strict``, where it reads suppressions."""
    files = [_file(change, version, named, tests) for change, version in zip(changes, versions, strict=True)]
    files = _with_locks(files)
    return [_with_suppressions(file) for file in files] if strict else files


def _file(change: Change, version: FileVersion, named: frozenset[str], tests: frozenset[str]) -> File:
    file = File(change, part_of(change.path, named, tests), _text(version.before), _text(version.after))
    name = change.path.rsplit("/", 1)[-1]
    if file.part is Part.DATA and name == "go.mod" and change.kind == "added":
        # A module within the module: its packages are no part of it any more.
        return replace(file, part=Part.SETTINGS)
    if file.part is Part.MANIFEST:
        return _manifest(file, name)
    return _with_inline_tests(file) if file.part is Part.PROGRAM else file


def _manifest(file: File, name: str) -> File:
    if file.before is None or file.after is None:
        return replace(file, part=Part.SETTINGS)
    new, old = combined(name, file.after, file.before), combined(name, file.before, file.after)
    if not new.kinds:
        return replace(file, part=Part.DATA)
    part = Part.QUALITY if new.kinds == {Part.QUALITY} else Part.SETTINGS
    return replace(file, part=part, old_tests=new.text, new_tests=old.text)


def _with_inline_tests(file: File) -> File:
    old, new = file.before, file.after
    if old is None or new is None or not inline_tests.has_inline_tests(file.path, f"{old}\n{new}"):
        return file
    if inline_tests.tests_in(old).split() == inline_tests.tests_in(new).split():
        return file
    return replace(
        file,
        part=Part.TESTS,
        old_tests=inline_tests.with_tests_of(new, old),
        new_tests=inline_tests.with_tests_of(old, new),
    )


def _with_locks(files: list[File]) -> list[File]:
    """A lock goes with what the program needs where that changed as well, else with the check."""
    needs = any(file.path.rsplit("/", 1)[-1] in _NEEDS for file in files)
    part = Part.DATA if needs else Part.SETTINGS
    return [replace(file, part=part) if file.part is Part.LOCK else file for file in files]


def _with_suppressions(file: File) -> File:
    is_code = file.path.endswith(SOURCES) and (file.part is Part.PROGRAM or file.old_tests is not None)
    if not is_code or file.after is None:
        return file
    before = file.before or ""
    found = new_suppressions(before, file.after)
    if not found:
        return file
    text = file.old_tests if file.old_tests is not None else file.after
    return replace(file, old_tests=without_new(before, text), suppressions=found)


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")
