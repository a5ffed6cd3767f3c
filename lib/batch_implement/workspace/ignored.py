"""What git ignores is in the tree that is checked, and in no commit: which of it came since a feature began.

Git names an ignored folder without what is in it, in the status that is asked for anyway; what is in one is
looked at here, within bounds.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.state.home import is_batch_file
from batch_implement.workspace.content import content_id
from batch_implement.workspace.leftovers import is_program_text, leftover_test

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

# A folder with more files is known by its name alone, and so is what is larger than this.
MOST_FILES = 1_000
LARGEST = 1024 * 1024
_MANY = "many"
# What a build or a run of tests writes: it is made again wherever the project is built.
_OUTPUT_FOLDER = re.compile(
    r"\A(?:\.dart_tool|\.idea|\.vscode|DerivedData|Pods|_build|_site|bin|build|cmake-build-[^/]+|coverage|cover"
    r"|dist|logs?|obj|out|playwright-report|reports?|target|te?mp|test-results)"
)
_OUTPUT_FILE = (
    *(
        ".a",
        ".d",
        ".dll",
        ".dylib",
        ".exe",
        ".lib",
        ".lo",
        ".o",
        ".obj",
        ".pdb",
        ".pyd",
        ".so",
        ".jar",
        ".war",
    ),
    *(".coverage", ".gcda", ".gcno", ".gcov", ".info", ".lcov", ".prof", ".map", ".whl", ".cache"),
    *(".log", ".orig", ".pid", ".rej", ".sock", ".tmp"),
    *(
        f"{name}{part}"
        for name in (".db", ".sqlite", ".sqlite3")
        for part in ("", "-journal", "-shm", "-wal")
    ),
)
# In the settings of ours a person may change what holds for the next batch, while this one runs.
_SETTINGS_FILE = ".env"
_OURS = re.compile(rb"\s*(?:export\s+)?(?:AUTO_GIT|BATCH)_")
# Claude Code's own: what a person has allowed, and worktrees of its agents.
_ALLOWED = ".claude/settings.local.json"
_WORKTREES = ".claude/worktrees/"
# Stands for any program text in a folder.
_ANY_PROGRAM = "x.py"


@dataclass(frozen=True)
class IgnoredSince:
    """Ignored files that are not as they were when a feature began, sorted; no cache is among them.

    ``outputs`` are new ones of the kind that builds and runs write; such a one that is written again is in
    none of the three.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


def ignored_files(root: Path, ignored: Iterable[str], generated: Collection[str] = ()) -> dict[str, str]:
    """By path, with the id of its content, what git's status lists as ignored; a folder ends with ``/``."""
    is_cache = leftover_test(root, generated)

    def left_out(path: str) -> bool:
        return is_cache(path) or (_is_ours(path) and not is_program_text(path))

    found: dict[str, str] = {}
    for path in ignored:
        if path[-1] != "/":
            if not left_out(path):
                found[path] = _id(root, path)
        elif left_out(f"{path}{_ANY_PROGRAM}"):
            continue
        elif _is_output(path):
            found[path] = _MANY
        else:
            found |= _in_folder(root, path, left_out, MOST_FILES - len(found))
    return found


def ignored_since(before: Mapping[str, str], now: Mapping[str, str]) -> IgnoredSince:
    """What is new or of other content; what is gone again is nobody's concern."""
    crowded = tuple(path for path, known in before.items() if known == _MANY)
    new = [path for path in now if path not in before and not path.startswith(crowded)]
    changed = [path for path in now if before.get(path, now[path]) != now[path]]
    return IgnoredSince(
        new=tuple(sorted(path for path in new if not _is_output(path))),
        changed=tuple(sorted(path for path in changed if not _is_output(path))),
        outputs=tuple(sorted(filter(_is_output, new))),
    )


def _in_folder(root: Path, folder: str, left_out: Callable[[str], bool], most: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in _walked(root, folder, left_out):
        if len(found) >= most:
            return {folder: _MANY}
        found[path] = _id(root, path)
    return found


def _walked(root: Path, folder: str, left_out: Callable[[str], bool]) -> Iterator[str]:
    """The files in a folder; one that is a repository of its own stands for what is in it."""
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except OSError:  # gone meanwhile, or not ours to read
        return
    if any(entry.name == ".git" for entry in entries):
        if not left_out(folder):
            yield folder
        return
    for entry in entries:
        path = f"{folder}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if not left_out(f"{path}/{_ANY_PROGRAM}"):
                yield from _walked(root, f"{path}/", left_out)
        elif not left_out(path):
            yield path


def _id(root: Path, path: str) -> str:
    try:
        found = (root / path).lstat()
    except OSError:
        return ""
    if found.st_size > LARGEST:
        return f"{found.st_size}-{found.st_mtime_ns}"
    try:
        if path == _SETTINGS_FILE:
            return _without_ours((root / path).read_bytes())
        return content_id(root, path)[:24]
    except OSError:
        return ""


def _is_ours(path: str) -> bool:
    """The batch's own and the client's; a folder that is a repository ends with ``/``."""
    return path == _ALLOWED or is_batch_file(path) or (path.startswith(_WORKTREES) and path[-1] == "/")


def _without_ours(settings: bytes) -> str:
    others = b"\n".join(line for line in settings.splitlines() if not _OURS.match(line))
    return hashlib.sha256(others).hexdigest()[:24]


def _is_output(path: str) -> bool:
    *folders, name = path.rstrip("/").split("/")
    if path[-1] == "/":
        folders.append(name)
    return any(map(_OUTPUT_FOLDER.fullmatch, folders)) or name.endswith(_OUTPUT_FILE)
