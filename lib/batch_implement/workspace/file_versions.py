"""The content of changed files before and after, read by one process however many there are."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.system.git.git import LISTING_LIMIT, GitCommandError
from batch_implement.system.git.path_lists import split_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from batch_implement.system.git.git import Git
    from batch_implement.workspace.change_set import Change

READ_LIMIT = 16 * 1024 * 1024
# Blobs that are more than this together are asked for their sizes first.
_AT_ONCE = 2 * READ_LIMIT
_ORDINARY_FILES = (b"100644", b"100755")


@dataclass(frozen=True)
class FileVersion:
    """A changed file; ``before`` or ``after`` is None where there was none, or none that can be read as
    a file of at most :data:`READ_LIMIT` bytes."""

    path: str
    before: bytes | None
    after: bytes | None

    def added_lines(self) -> list[tuple[int, bytes]]:
        """The lines of ``after``, numbered from 1, that ``before`` has nowhere."""
        known = set((self.before or b"").splitlines())
        lines = (self.after or b"").splitlines()
        return [(number, line) for number, line in enumerate(lines, 1) if line not in known]


def working_versions(git: Git, changes: Sequence[Change]) -> tuple[FileVersion, ...]:
    """The changed files as they were at the baseline, and as they are in the working tree.

    What is deleted is nowhere, even where it was kept on disk: no commit will have it.
    """
    contents = _read_blobs(git, (change.before.encode() for change in changes))
    return tuple(
        FileVersion(
            change.path,
            contents.get(change.before.encode()),
            None if change.kind == "deleted" else read_file(git.root / change.path),
        )
        for change in changes
    )


def committed_versions(git: Git, commits: Iterable[str]) -> tuple[FileVersion, ...]:
    """Every file that each of the commits changed, before and after that commit."""
    pairs: list[tuple[str, bytes, bytes]] = []
    for sha in commits:
        listing = git.run(
            "diff-tree", "--root", "-r", "-m", "-z", "--no-renames", "--no-commit-id", sha
        ).stdout
        fields = listing.split(b"\0")
        for entry, name in zip(fields[::2], fields[1::2], strict=False):
            old_mode, new_mode, old, new = entry.lstrip(b":").split(b" ")[:4]
            before = old if old_mode in _ORDINARY_FILES else b""
            pairs.append((split_paths(name)[0], before, new if new_mode in _ORDINARY_FILES else b""))
    contents = _read_blobs(git, (blob for _, *blobs in pairs for blob in blobs))
    return tuple(FileVersion(path, contents.get(old), contents.get(new)) for path, old, new in pairs)


def read_file(path: Path) -> bytes | None:
    """A regular file's content; None for a link, a folder, nothing, or what is over the limit."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > READ_LIMIT:
            return None
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _read_blobs(git: Git, blobs: Iterable[bytes]) -> dict[bytes, bytes]:
    """The contents of those that are not over the limit."""
    wanted = sorted({blob for blob in blobs if blob})
    if not wanted:
        return {}
    try:
        contents = _batch(git, wanted, _AT_ONCE)
    except GitCommandError as error:
        if not error.finished.truncated:
            raise
        sizes = git.run("cat-file", "--batch-check", stdin=_lines(wanted)).stdout.splitlines()
        small = [line.split(b" ")[0] for line in sizes if int(line.split(b" ")[2]) <= READ_LIMIT]
        contents = _batch(git, small, LISTING_LIMIT)
    return {blob: content for blob, content in contents.items() if len(content) <= READ_LIMIT}


def _batch(git: Git, blobs: Sequence[bytes], limit: int) -> dict[bytes, bytes]:
    if not blobs:
        return {}
    output = git.run("cat-file", "--batch", stdin=_lines(blobs), output_limit=limit).stdout
    contents, start = {}, 0
    while start < len(output):
        end = output.index(b"\n", start)
        blob, _, size = output[start:end].split(b" ")
        contents[blob] = output[end + 1 : end + 1 + int(size)]
        start = end + 1 + int(size) + 1
    return contents


def _lines(names: Iterable[bytes]) -> bytes:
    return b"".join(name + b"\n" for name in names)
