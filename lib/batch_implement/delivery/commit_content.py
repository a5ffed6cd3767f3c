"""What a commit holds, and which commit is a feature's, as git tells it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.delivery.commit_message import trailers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batch_implement.system.git.git import Git
    from batch_implement.system.process.program import Finished

_HEADER = "commit %H %T%n%P%n%B"
_DIFF = ("diff-tree", "--always", "--root", "-r", "-t", "-m", "-z", "--no-renames", "--encoding=UTF-8")
_FOLDER = b"040000"


@dataclass(frozen=True)
class CommitContent:
    """``files`` are the paths that it changes, none for a merge. ``objects`` are the ids of what it added:
    itself and its tree too."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    message: str
    files: tuple[str, ...]
    objects: tuple[str, ...]

    def is_of(self, batch_id: str, feature_number: int) -> bool:
        """True when its trailers name the feature."""
        return _names(self.message, batch_id, feature_number)


def read_commit(git: Git, revision: str) -> CommitContent:
    """The commit that ``HEAD`` or a full id names."""
    [commit] = _parsed(git.run(*_DIFF, f"--format={_HEADER}", revision, "--").stdout)
    return commit


def read_commits(git: Git, shas: Sequence[str]) -> tuple[CommitContent, ...]:
    """Several by their full ids, in one call."""
    if not shas:
        return ()
    names = "".join(f"{sha}\n" for sha in shas).encode()
    return tuple(_parsed(git.run(*_DIFF, f"--format={_HEADER}", "--stdin", stdin=names).stdout))


def find_feature_commit(
    git: Git, batch_id: str, feature_number: int, since: str = "", *, tip: str = "HEAD"
) -> str | None:
    """The newest commit after ``since`` whose trailers name the feature, or None.

    ``since`` that is not in the history of ``tip`` (or ``""``) searches all of it.
    """
    log = _log_of_batch(git, batch_id, tip, f"^{since}") if since else None
    if log is None or not log.ok:
        log = _log_of_batch(git, batch_id, tip)
    for record in log.text.split("\0") if log.ok else ():
        sha, _, message = record.partition("\n")
        if _names(message, batch_id, feature_number):
            return sha
    return None


def _names(message: str, batch_id: str, feature_number: int) -> bool:
    wanted = {"batch": batch_id, "feature": str(feature_number)}
    return wanted.items() <= trailers_of(message).items()


def _log_of_batch(git: Git, batch_id: str, *revisions: str) -> Finished:
    """Commits whose message mentions the batch; exit status 128 where a revision is missing."""
    return git.run(
        "log",
        "-z",
        "--format=%H%n%B",
        "--encoding=UTF-8",
        "--fixed-strings",
        f"--grep=Batch: {batch_id}",
        *revisions,
        "--",
        ok=(0, 128),
    )


def _parsed(output: bytes) -> Iterator[CommitContent]:
    """A merge comes once for each of its parents, with one header each."""
    header, entries = b"", []
    fields = iter(output.split(b"\0"))
    for field in fields:
        told = field.lstrip(b"\n")
        if told.startswith(b":"):
            entries.append((told, next(fields)))
        elif told:
            if header and told != header:
                yield _content(header, entries)
                entries = []
            header = told
    if header:
        yield _content(header, entries)


def _content(header: bytes, entries: list[tuple[bytes, bytes]]) -> CommitContent:
    names, parents, message = header.decode("utf-8", "replace").split("\n", 2)
    _, sha, tree = names.split(" ")
    files, objects = [], dict.fromkeys((sha, tree))
    for entry, path in entries:
        old_mode, new_mode, _, added, _ = entry.removeprefix(b":").split(b" ")
        objects[added.decode()] = None
        if _FOLDER not in {old_mode, new_mode}:
            files.append(os.fsdecode(path))
    merge = " " in parents
    return CommitContent(
        sha, tree, tuple(parents.split()), message, () if merge else tuple(files), tuple(objects)
    )
