"""What must not get into a commit without a person's word: secrets, big files, the batch's own state."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from batch_implement.state.home import is_batch_file
from batch_implement.system.git.path_lists import join_paths, split_paths
from batch_implement.system.text.secrets import secret_file, secret_in
from batch_implement.workspace.changes import name_paths
from batch_implement.workspace.file_versions import committed_versions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from batch_implement.system.git.git import Git
    from batch_implement.workspace.change_set import ChangeSet
    from batch_implement.workspace.file_versions import FileVersion

SIZE_LIMIT = 5 * 1024 * 1024
_TEST_FOLDERS = {"test", "tests", "spec", "__tests__", "testdata", "fixtures"}


@dataclass(frozen=True)
class HeldPath:
    """A path that keeps a feature from being committed; no field holds a secret."""

    path: str
    reason: str
    how_to_allow: str


def held_paths(
    git: Git,
    changes: ChangeSet,
    versions: Iterable[FileVersion],
    *,
    size_limit: int = SIZE_LIMIT,
    allowed: Collection[str] = (),
) -> tuple[HeldPath, ...]:
    """Which of a feature's paths are held, one reason each.

    ``versions`` are those of the feature's changes. Only what was added since the baseline is looked at, in
    the working tree and in the commits made since.
    ``allowed`` are paths or shell patterns that a person has looked at; ``size_limit`` is in bytes.
    """
    reasons: dict[str, str] = {}
    for change in changes.mine:
        if change.kind == "submodule":
            reasons[change.path] = "has changes inside the submodule that are not committed there"
        elif change.kind == "repository":
            reasons[change.path] = "is a git repository of its own"
    for change in (*changes.mine, *changes.left_out):
        if is_batch_file(change.path) and not change.pending:
            reasons[change.path] = "is the batch's own state, and was committed"
    written = [change.path for change in changes.mine if change.kind in {"added", "modified"}]
    for path, size in _big_files(git, written, size_limit).items():
        reasons.setdefault(path, f"is {size:,} bytes, more than {size_limit:,}")
    for version in (*versions, *committed_versions(git, changes.commits)):
        reason = _secret(version)
        if reason:
            reasons.setdefault(version.path, reason)
    return tuple(
        HeldPath(path, reason, _how_to_allow(path, reason))
        for path, reason in sorted(reasons.items())
        if not is_allowed(path, allowed)
    )


def _secret(version: FileVersion) -> str:
    if version.after is None:
        return ""
    if version.before is None and secret_file(version.path):
        return "has a name that is used for secrets"
    guess = _TEST_FOLDERS.isdisjoint(version.path.split("/")[:-1])
    for number, line in version.added_lines():
        found = secret_in(line, guess=guess)
        if found:
            return f"line {number} looks like {found}"
    return ""


def _big_files(git: Git, paths: Iterable[str], limit: int) -> dict[str, int]:
    """Files over the limit that no filter (Git LFS) keeps out of the repository, with their sizes."""
    sizes = {}
    for path in paths:
        place = git.root / path
        if place.is_file() and not place.is_symlink() and place.stat().st_size > limit:
            sizes[path] = place.stat().st_size
    if not sizes:
        return {}
    fields = split_paths(git.run("check-attr", "-z", "--stdin", "filter", stdin=join_paths(sizes)).stdout)
    filtered = {path for path, value in zip(fields[::3], fields[2::3], strict=True) if value == "lfs"}
    return {path: size for path, size in sizes.items() if path not in filtered}


def is_allowed(path: str, allowed: Collection[str]) -> bool:
    """Whether one of the paths or patterns that a person has named is meant."""
    return any(path == pattern or fnmatchcase(path, pattern) for pattern in allowed)


def _how_to_allow(path: str, reason: str) -> str:
    name = name_paths([path])
    if reason.startswith("is the batch's own"):
        return f"Take it out of the commit: git rm --cached '{name}'"
    if "submodule" in reason:
        return f"Commit inside '{name}', then commit the new submodule commit here."
    return f"Remove it, have git ignore it, or allow it: --allow '{name}'"
