"""Whose change is it: what a feature changed, apart from the user's own work and from leftovers.

What was changed or untracked when a feature began is the user's. It is never committed, and where the
feature touched such a path too, nobody can tell the two apart: the path is reported and the feature
held.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.state.home import is_batch_file
from batch_implement.system.git.git import Git
from batch_implement.system.text.shortening import some_of
from batch_implement.workspace.baseline import Baseline, continued
from batch_implement.workspace.change_set import Change, ChangeSet
from batch_implement.workspace.content import ABSENT, content_id
from batch_implement.workspace.ignored import IgnoredSince, ignored_files, ignored_since
from batch_implement.workspace.leftovers import leftover_test
from batch_implement.workspace.repository_settings import take_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from batch_implement.model.attempt import Ground
    from batch_implement.system.git.status import Entry, Status

_NAMED = 8
_KINDS = {b"A": "added", b"D": "deleted"}
_ORDINARY_FILES = frozenset(("100644", "100755"))


def take_baseline(git: Git, ground: Ground | None = None, *, generated: Collection[str] = ()) -> Baseline:
    """Where the repository stands, and which changes in it are the user's.

    ``ground`` is what an attempt left that this one follows.
    """
    status = git.status()
    left_out = _left_out_test(git, status, ())
    users = {
        path: content_id(git.root, path)
        for path, change in _pending(git, status).items()
        if not left_out(change)
    }
    ignored = ignored_files(git.root, status.ignored, generated)
    fresh = Baseline(status.head, status.branch, users, take_settings(git), ignored)
    tracked = {entry.path for entry in status.entries if entry.head_id}
    return fresh if ground is None else continued(fresh, ground, tracked=tracked)


def changes_since(
    git: Git,
    baseline: Baseline,
    *,
    generated: Collection[str] = (),
    volatile: Collection[str] = (),
    features_files: Collection[str] = (),
    status: Status | None = None,
) -> ChangeSet:
    """Sort every path that differs from the baseline.

    ``generated`` are names or paths that a tool of the project writes, ``volatile`` are paths that it writes
    anew each time, tracked or not. Features files are always
    left out: a person may add to them while the batch runs. ``status`` saves a call where the caller has it.
    """
    status = status or git.status()
    commits = commits_since(git, baseline.commit, status.head)
    committed = _committed(git, baseline.commit, status.head) if status.head != baseline.commit else {}
    changes = _since(committed, _pending(git, status))
    left_out = _left_out_test(git, status, generated)
    groups: dict[str, list[Change]] = {"mine": [], "users": [], "touched": [], "left": []}
    for path in sorted(changes.keys() | baseline.users.keys()):
        change = changes.get(path) or _no_longer_listed(git, path)
        if path in features_files or path in volatile or left_out(change):
            group = "left"
        elif path not in baseline.users:
            group = "mine"
        elif path in committed or content_id(git.root, path) != baseline.users[path]:
            group = "touched"
        else:
            group = "users"
        groups[group].append(change)
    return ChangeSet(
        mine=tuple(groups["mine"]),
        users=tuple(groups["users"]),
        touched_users=tuple(groups["touched"]),
        left_out=tuple(groups["left"]),
        commits=commits,
        head=status.head,
        ignored_since=_ignored_since(git, baseline, status, generated),
    )


def refusal_to_start(status: Status, *, keep_dirty: bool, features_files: Collection[str] = ()) -> str | None:
    """Why a batch can't begin in this working tree, and how to go on; None when it can.

    Untracked files are no obstacle, nor are features files, whatever their condition.
    """
    unmerged = [entry.path for entry in status.entries if entry.unmerged]
    if unmerged:
        return f"Unresolved conflict in {name_paths(unmerged)}. Resolve and commit it, then start again."
    dirty = [
        entry.path
        for entry in status.entries
        if entry.path not in features_files and not is_batch_file(entry.path) and _is_work(entry)
    ]
    if keep_dirty or not dirty:
        return None
    return (
        f"Uncommitted changes in {name_paths(dirty)}. Commit or stash them first, or start with "
        "--keep-dirty: they then stay out of every commit, and a feature that touches one of these files "
        "is held for you."
    )


def name_paths(paths: Iterable[str], most: int = _NAMED) -> str:
    """The first few paths for a one-line message, and how many more there are."""
    names = [ascii(path)[1:-1] if not path.isprintable() else path for path in paths]
    return some_of(names, most)


def commits_since(git: Git, base: str, head: str) -> tuple[str, ...]:
    """The commits that ``head`` has and ``base`` (``""``: nothing) has not, oldest first."""
    if head in {base, ""}:
        return ()
    return tuple(git.text("rev-list", "--reverse", head, *([f"^{base}"] if base else [])).split())


def _ignored_since(git: Git, baseline: Baseline, status: Status, generated: Collection[str]) -> IgnoredSince:
    if baseline.ignored is None:
        return IgnoredSince()
    return ignored_since(baseline.ignored, ignored_files(git.root, status.ignored, generated))


def _left_out_test(git: Git, status: Status, generated: Collection[str]) -> Callable[[Change], bool]:
    untracked = set(status.untracked)
    is_leftover = leftover_test(git.root, generated)

    def left_out(change: Change) -> bool:
        return is_batch_file(change.path) or (change.path in untracked and is_leftover(change.path))

    return left_out


def _pending(git: Git, status: Status) -> dict[str, Change]:
    """What differs between HEAD and the working tree, by path."""
    changes = {}
    for entry in status.entries:
        change = _of_entry(git, entry)
        if change is not None:
            changes[entry.path] = change
    for path in status.untracked:
        removed_from_index = path in changes
        kind = "repository" if path.endswith("/") else "modified" if removed_from_index else "added"
        changes[path] = Change(path, kind, before=changes[path].before if removed_from_index else "")
    return changes


def _since(committed: Mapping[str, Change], pending: Mapping[str, Change]) -> dict[str, Change]:
    """Both, by path; what the baseline had is known by the commits, not by the HEAD that came of them."""
    later = {
        path: replace(change, before=committed[path].before) if path in committed else change
        for path, change in pending.items()
    }
    return {**committed, **later}


def _of_entry(git: Git, entry: Entry) -> Change | None:
    """None for what is in neither HEAD nor the working tree, and for leftovers inside a submodule."""
    in_head = "A" not in (entry.index, entry.worktree)
    before = entry.head_id if entry.head_mode in _ORDINARY_FILES else ""
    if entry.worktree == "D" or (entry.index, entry.worktree) == ("D", "."):
        kept = entry.worktree == "."
        return Change(entry.path, "deleted", kept_on_disk=kept, before=before) if in_head else None
    if "M" in entry.submodule[1:] or ("U" in entry.submodule[1:] and _has_new_files(git, entry.path)):
        return Change(entry.path, "submodule")
    if entry.is_submodule and entry.submodule[1] != "C" and entry.index == ".":
        return None
    return Change(entry.path, "modified" if in_head else "added", before=before)


def _has_new_files(git: Git, submodule: str) -> bool:
    inner = Git(git.root / submodule)
    is_leftover = leftover_test(inner.root)
    return not all(is_leftover(path) for path in inner.status().untracked)


def _is_work(entry: Entry) -> bool:
    """False for a submodule in which there is nothing but untracked files."""
    return not entry.is_submodule or (entry.index, entry.submodule) != (".", "S..U")


def empty_tree(git: Git) -> str:
    """Its id, in the repository's kind of ids."""
    return git.text("hash-object", "-t", "tree", "--stdin")  # of nothing


def _committed(git: Git, base: str, head: str) -> dict[str, Change]:
    """What differs between two commits, by path."""
    base, head = base or empty_tree(git), head or empty_tree(git)
    fields = git.run("diff-tree", "-r", "-z", "--no-renames", base, head, "--").stdout.split(b"\0")
    changes = {}
    for entry, name in zip(fields[::2], fields[1::2], strict=False):
        mode, _, before, _, letter = entry.removeprefix(b":").split(b" ")
        path = os.fsdecode(name)
        ordinary = mode.decode() in _ORDINARY_FILES
        changes[path] = Change(
            path,
            _KINDS.get(letter, "modified"),
            pending=False,
            before=before.decode() if ordinary else "",
        )
    return changes


def _no_longer_listed(git: Git, path: str) -> Change:
    """A path of the user's that differs from HEAD no more, or is ignored by now."""
    return Change(path, "deleted" if content_id(git.root, path) == ABSENT else "modified")
