"""One commit for one feature, of the feature's paths and of nothing else.

The commit is made from an index of our own that holds HEAD and the feature's changes, so what the user
staged can't get into it, and a program that is killed leaves the user's index unlocked. The user's own
index is brought up to the feature's paths before, so that no moment exists at which it would undo them.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from batch_implement.delivery.commit_content import find_feature_commit, read_commit, read_commits
from batch_implement.delivery.commit_failure import (
    CommitRefusedError,
    NothingToCommitError,
    Trace,
    commit_failure,
    is_race,
    timeout_failure,
)
from batch_implement.delivery.commit_message import CO_AUTHOR, finish_message
from batch_implement.delivery.durability import DURABLE, sync_commits
from batch_implement.errors import GitError
from batch_implement.system.git.git import GitCommandError, GitTimeoutError
from batch_implement.system.git.path_lists import split_paths
from batch_implement.workspace.content import content_id
from batch_implement.workspace.index import (
    WHOLE,
    TreeChangedError,
    index_of_tree,
    stage,
    temporary_index,
)
from batch_implement.workspace.index_lock import wait_for_index
from batch_implement.workspace.repository_condition import require_committable, require_identity

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.delivery.commit_content import CommitContent
    from batch_implement.model.kinds import MessageStyle
    from batch_implement.system.git.git import Git
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import Change, ChangeSet

COMMIT_TIMEOUT = 600.0
# Another program that moved the branch meanwhile makes git refuse; nothing was committed then.
_RACES = 20
_RACE_PAUSE = 0.05
_NAMED = 10


@dataclass(frozen=True)
class Commit:
    """A commit that is on disk.

    ``files`` are all the paths it changes. ``tree`` equals the ``tree_fingerprint`` of what was checked,
    unless a hook rewrote something.
    """

    sha: str
    branch: str
    files: tuple[str, ...]
    tree: str


def commit_feature(
    git: Git,
    changes: ChangeSet,
    message: str,
    *,
    baseline: Baseline,
    batch_id: str,
    feature_number: int,
    tree: str = "",
    co_author: str = CO_AUTHOR,
    style: MessageStyle = "conventional",
    timeout: float = COMMIT_TIMEOUT,
) -> Commit:
    """Commit the feature's pending changes, or return the commit that already holds them.

    ``changes`` are those of this moment. ``tree`` is what was proven: :class:`TreeChangedError` when the
    working tree is another by now, unless a hook of the user's rewrote something. ``timeout`` (seconds) is
    for each run of git, the user's hooks and signing included. Raises :class:`CommitRefusedError` with a
    hook's output, :class:`NothingToCommitError`, ``CommitMessageError``, and other :class:`GitError` for what
    is wrong with the repository.
    """
    feature = _Feature(git, batch_id, feature_number, baseline.commit)
    # One that leaves work out is not the whole: somebody else made it, or more was done after it.
    existing = None if tree and changes.head == baseline.commit else feature.commit()
    if existing is not None and not changes.pending:
        return _kept(git, read_commit(git, existing), changes)
    branch = require_committable(git)
    if baseline.branch and branch != baseline.branch:
        raise GitError(
            f"{git.root} is on branch {branch!r}, but the feature began on {baseline.branch!r}. "
            f"Go back to it: git switch {baseline.branch}"
        )
    if not changes.pending and not changes.commits:
        raise NothingToCommitError(f"Nothing that belongs to feature {feature_number} differs in {git.root}.")

    def finish(words: str) -> str:
        return finish_message(
            words, batch_id=batch_id, feature_number=feature_number, co_author=co_author, style=style
        )

    made = None
    try:
        if changes.pending:
            made = _commit(feature, changes, finish(message), tree, timeout)
    except GitError as error:
        # Committed all the same: a post-commit hook fails too late to prevent anything, and a commit that
        # a killed call left running may have come first.
        nothing_left = isinstance(error, NothingToCommitError) and changes.commits
        found = feature.commit()
        if not nothing_left and found == existing:
            raise
        made = read_commit(git, found) if found else None
    if changes.commits and (made is None or not feature.names(made)):
        pointer = finish(f"{message.rstrip()}\n\n{_pointer(changes.commits)}")
        rest = replace(changes, mine=(), head=git.resolve("HEAD"))
        made = _commit(feature, rest, pointer, "" if changes.pending else tree, timeout)
    commit = _kept(git, made or read_commit(git, "HEAD"), changes)
    if commit.tree != tree:
        _follow_commit(git, commit.files)
    return commit


@dataclass(frozen=True)
class _Feature:
    """By which a commit is known as the feature's; ``since`` is where it began."""

    git: Git
    batch_id: str
    number: int
    since: str

    def commit(self) -> str | None:
        return find_feature_commit(self.git, self.batch_id, self.number, since=self.since)

    def names(self, commit: CommitContent) -> bool:
        return commit.is_of(self.batch_id, self.number)


def _commit(feature: _Feature, changes: ChangeSet, text: str, tree: str, timeout: float) -> CommitContent:
    """Commit, once more when a formatting hook rewrote the feature's files, and again after a race."""
    git, pending, head = feature.git, changes.pending, changes.head if tree else feature.git.resolve("HEAD")
    proven, contents, reformatted = tree, _contents(git, pending), False
    for races_left in range(_RACES, -1, -1):
        wait_for_index(git)
        try:
            with index_of_tree(git, changes, tree) if tree else temporary_index(git, head, pending) as index:
                stage(git, pending)
                _run_commit(git, index, pending, text, timeout)
        except CommitRefusedError as refused:
            refused.rewritten = contents != _contents(git, pending)
            if reformatted or not refused.rewritten:
                raise
            reformatted, proven, tree, contents = True, "", "", _contents(git, pending)
        except GitCommandError as error:
            if proven and contents != _contents(git, pending):
                raise TreeChangedError(f"Files changed in {git.root} while they were committed.") from error
            if not is_race(error) or not races_left:
                raise
            time.sleep(_RACE_PAUSE)
        else:
            made = read_commit(git, "HEAD")
            if not feature.names(made):  # a hook took our lines out, or has committed something more
                found = feature.commit()
                return read_commit(git, found) if found else made
            if made.parents == ((head,) if head else ()) or not races_left:
                return made
            _take_back(git, made)
        head = git.resolve("HEAD")
        tree = tree if head == changes.head else ""
    raise AssertionError("the last round returns or raises")


def _contents(git: Git, changes: tuple[Change, ...]) -> list[str]:
    return [content_id(git.root, change.path) for change in changes]


def _take_back(git: Git, made: CommitContent) -> None:
    """Off the branch again: another commit came after our index was made, and this one undoes it."""
    git.run("update-ref", "-m", "commit: taken back", "HEAD", made.parents[0], made.sha)


def _run_commit(git: Git, index: Path, pending: tuple[Change, ...], text: str, timeout: float) -> None:
    trace = Trace(index.with_name("trace"))
    try:
        finished = git.run(
            "commit",
            "--quiet",
            "--cleanup=verbatim",
            "--no-status",
            "--file=-",
            *(() if pending else ("--allow-empty",)),
            stdin=text.encode("utf-8", "replace"),
            timeout=timeout,
            env={"GIT_INDEX_FILE": str(index), **trace.environment},
            settings=DURABLE | WHOLE,
            hooks=True,
            ok=None,
        )
    except GitTimeoutError as error:
        raise timeout_failure(git, error, trace, timeout) from error
    if not finished.ok:
        failure = commit_failure(git, finished, trace)
        if isinstance(failure, GitCommandError) and not is_race(failure):
            require_identity(git)
        raise failure


def _kept(git: Git, commit: CommitContent, changes: ChangeSet) -> Commit:
    """A commit that is on disk, with what was committed before it."""
    sync_commits(git, (*read_commits(git, changes.commits), commit))
    return Commit(sha=commit.sha, branch=git.branch(), files=commit.files, tree=commit.tree)


def _follow_commit(git: Git, files: tuple[str, ...]) -> None:
    """Set the index to HEAD's content for those of the files that a hook committed otherwise."""
    differing = set(git.paths("diff-index", "--cached", "-z", "--no-renames", "--name-only", "HEAD", "--"))
    stale = differing.intersection(files)
    if not stale:
        return
    wait_for_index(git)
    listing = git.run("ls-tree", "-r", "-z", "HEAD").stdout.split(b"\0")
    lines = [line for line in listing if line and split_paths(line.partition(b"\t")[2])[0] in stale]
    kept = {split_paths(line.partition(b"\t")[2])[0] for line in lines}
    gone = [b"0 " + b"0" * 40 + b"\t" + os.fsencode(path) for path in sorted(stale - kept)]
    git.run("update-index", "-z", "--index-info", stdin=b"".join(line + b"\0" for line in [*lines, *gone]))


def _pointer(commits: tuple[str, ...]) -> str:
    """The words by which an empty commit says where the work is."""
    named = ", ".join(sha[:12] for sha in commits[:_NAMED])
    more = f" and {len(commits) - _NAMED} before" if len(commits) > _NAMED else ""
    return f"The work was committed before this commit, in {named}{more}."
