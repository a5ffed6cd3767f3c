"""The content of changed files before and after, read with two calls of git however many there are."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.system.git.path_lists import split_paths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from batch_implement.system.git.git import Git

READ_LIMIT = 16 * 1024 * 1024
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


def working_versions(git: Git, commit: str, paths: Collection[str]) -> tuple[FileVersion, ...]:
    """The paths as they were in ``commit`` (``""``: nowhere) and as they are in the working tree."""
    blobs = _blobs_of(git, commit, set(paths)) if commit and paths else {}
    contents = _read_blobs(git, blobs.values())
    return tuple(
        FileVersion(path, contents.get(blobs.get(path, b"")), read_file(git.root / path)) for path in paths
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


def _blobs_of(git: Git, commit: str, wanted: set[str]) -> dict[str, bytes]:
    blobs = {}
    for line in git.run("ls-tree", "-r", "-z", commit).stdout.split(b"\0"):
        entry, _, name = line.partition(b"\t")
        if name and split_paths(name)[0] in wanted and entry[:6] in _ORDINARY_FILES:
            blobs[split_paths(name)[0]] = entry.split(b" ")[2]
    return blobs


def _read_blobs(git: Git, blobs: Iterable[bytes]) -> dict[bytes, bytes]:
    wanted = sorted({blob for blob in blobs if blob})
    if not wanted:
        return {}
    sizes = git.run("cat-file", "--batch-check", stdin=b"\n".join(wanted) + b"\n").stdout.splitlines()
    small = [line.split(b" ")[0] for line in sizes if int(line.split(b" ")[2]) <= READ_LIMIT]
    output = git.run("cat-file", "--batch", stdin=b"\n".join(small) + b"\n").stdout if small else b""
    contents, start = {}, 0
    while start < len(output):
        end = output.index(b"\n", start)
        blob, _, size = output[start:end].split(b" ")
        contents[blob] = output[end + 1 : end + 1 + int(size)]
        start = end + 1 + int(size) + 1
    return contents
