"""The unfinished work of a feature is moved out of the next one's way, onto a branch of its own."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.errors import GitError
from batch_implement.system.git.path_lists import join_paths
from batch_implement.workspace.index import temporary_index, tree_fingerprint
from batch_implement.workspace.index_lock import wait_for_index

if TYPE_CHECKING:
    from batch_implement.system.git.git import Git
    from batch_implement.workspace.change_set import Change, ChangeSet

_MOVABLE = frozenset({"added", "modified", "deleted"})
_MOST_NAMES = 100


def set_aside(git: Git, changes: ChangeSet, *, branch: str, onto: str = "") -> str:
    """Keep the feature's uncommitted changes on a new branch and put HEAD's files back in their place.

    ``onto`` is the commit that they were made on, where that is not HEAD any more; it is kept too.
    Returns the branch's name, with a number behind it where the name was taken; ``""`` when there was
    nothing. The working tree is only touched once the branch holds every byte. What was already
    committed stays where it is. Raises :class:`GitError` when the work can't be kept; it is then still
    in the working tree.
    """
    movable = tuple(change for change in changes.pending if change.kind in _MOVABLE)
    head = git.resolve("HEAD")
    onto = onto or head
    if not movable:
        return keep_commit(git, onto, branch=branch) if onto != head else ""
    wait_for_index(git)
    with temporary_index(git, head, movable) as index:
        tree = git.run("write-tree", env={"GIT_INDEX_FILE": str(index)}).text.strip()
    parent = ("-p", onto) if onto else ()
    commit = git.run("commit-tree", tree, *parent, "-F", "-", stdin=_message(branch)).text.strip()
    name = keep_commit(git, commit, branch=branch)
    if tree_fingerprint(git, replace(changes, mine=movable, head=head)) != tree:
        raise GitError(
            f"Files changed while they were being kept on {name}, so the working tree was left as it is. "
            "Look at git status, and go on with /batch-implement --resume."
        )
    _restore(git, movable, head)
    return name


def _message(branch: str) -> bytes:
    return f"wip: unfinished work of {branch.removeprefix('batch-implement/')}\n".encode()


def keep_commit(git: Git, commit: str, *, branch: str) -> str:
    """Make a branch that ends with it, with a number behind its name where that was taken."""
    for number in range(1, _MOST_NAMES):
        name = branch if number == 1 else f"{branch}-{number}"
        # The empty old value: the branch must not exist, whoever is making one at the same moment.
        if git.run("update-ref", f"refs/heads/{name}", commit, "0" * len(commit), ok=None).ok:
            return name
    raise GitError(f"No branch could be made for the unfinished work, after trying {branch} and {name}.")


def _restore(git: Git, changes: tuple[Change, ...], head: str) -> None:
    """New files go first: one may stand where HEAD has a folder, or below what is a file there."""
    new = [change.path for change in changes if change.kind == "added"]
    known = [change for change in changes if change.kind != "added"]
    if new:
        git.run("update-index", "--force-remove", "-z", "--stdin", stdin=join_paths(new))
    for path in new:
        file = git.root / path
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == git.root or any(folder.iterdir()):
                break
            folder.rmdir()
    # What was only taken out of the index is on no branch, so it stays on disk as it is.
    left = {
        change.path for change in known if change.kept_on_disk and os.path.lexists(git.root / change.path)
    }
    for where, stays in (("--worktree", False), ("--staged", True)):
        if paths := [change.path for change in known if (change.path in left) is stays]:
            from_stdin = ("--pathspec-from-file=-", "--pathspec-file-nul")
            restore = ("restore", f"--source={head}", "--staged", where, *from_stdin)
            git.run(*restore, stdin=join_paths(paths))
