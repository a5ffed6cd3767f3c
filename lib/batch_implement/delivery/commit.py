"""One commit for one feature, of the feature's paths and of nothing else.

The commit is made from an index of our own that holds HEAD and the feature's changes, so what the user
staged can't get into it, and a program that is killed leaves the user's index unlocked. The user's own
index is brought up to the feature's paths before, so that no moment exists at which it would undo them.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.delivery.commit_failure import (
    CommitRefusedError,
    NothingToCommitError,
    Trace,
    commit_failure,
    is_race,
    timeout_failure,
)
from batch_implement.delivery.commit_message import CO_AUTHOR, finish_message, trailers_of
from batch_implement.delivery.durability import DURABLE, sync_commits
from batch_implement.errors import GitError
from batch_implement.system.git.git import GitCommandError, GitTimeoutError
from batch_implement.system.git.path_lists import split_paths
from batch_implement.workspace.content import content_id
from batch_implement.workspace.index import stage, temporary_index
from batch_implement.workspace.index_lock import wait_for_index
from batch_implement.workspace.repository_condition import require_committable

if TYPE_CHECKING:
    from batch_implement.system.git.git import Git
    from batch_implement.system.process.program import Finished
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
    unless a hook rewrote something; ``added_by_hooks`` are paths that were not the feature's.
    ``holds`` are the commits with the work when it was committed by someone else before, and this one,
    empty, only marks it.
    """

    sha: str
    branch: str
    files: tuple[str, ...]
    tree: str
    added_by_hooks: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


def commit_feature(
    git: Git,
    changes: ChangeSet,
    message: str,
    *,
    baseline: Baseline,
    batch_id: str,
    feature_number: int,
    co_author: str = CO_AUTHOR,
    timeout: float = COMMIT_TIMEOUT,
) -> Commit:
    """Commit the feature's pending changes, or return the commit that already holds them.

    ``timeout`` (seconds) is for each run of git, the user's hooks and signing included. Raises
    :class:`CommitRefusedError` with a hook's output, :class:`NothingToCommitError`,
    ``CommitMessageError``, and other :class:`GitError` for what is wrong with the repository.
    """
    existing = find_feature_commit(git, batch_id, feature_number, since=baseline.commit)
    # One that leaves work out is not the whole: somebody else made it, or more was done after it.
    if existing is not None and not changes.pending:
        sync_commits(git, (existing, *changes.commits))
        return _described(git, existing, changes)
    condition = require_committable(git)
    if baseline.branch and condition.branch != baseline.branch:
        raise GitError(
            f"{git.root} is on branch {condition.branch!r}, but the feature began on {baseline.branch!r}. "
            f"Go back to it: git switch {baseline.branch}"
        )
    if not changes.pending and not changes.commits:
        raise NothingToCommitError(f"Nothing that belongs to feature {feature_number} differs in {git.root}.")

    def finish(words: str) -> str:
        return finish_message(words, batch_id=batch_id, feature_number=feature_number, co_author=co_author)

    try:
        if changes.pending:
            _commit(git, changes.pending, finish(message), timeout)
    except GitError as error:
        # Committed all the same: a post-commit hook fails too late to prevent anything, and a commit that
        # a killed call left running may have come first.
        nothing_left = isinstance(error, NothingToCommitError) and changes.commits
        if (
            not nothing_left
            and find_feature_commit(git, batch_id, feature_number, since=baseline.commit) == existing
        ):
            raise
    sha = find_feature_commit(git, batch_id, feature_number, since=baseline.commit)
    if sha is None and changes.commits:
        _commit(git, (), finish(f"{message.rstrip()}\n\n{_pointer(changes.commits)}"), timeout)
    commit = _described(git, git.resolve("HEAD") if sha is None else sha, changes)
    sync_commits(git, (*changes.commits, commit.sha))
    _follow_commit(git, commit.files)
    return commit


def find_feature_commit(
    git: Git, batch_id: str, feature_number: int, since: str = "", *, tip: str = "HEAD"
) -> str | None:
    """The newest commit after ``since`` whose trailers name the feature, or None.

    ``since`` that is not in the history of ``tip`` (or ``""``) searches all of it.
    """
    wanted = {"batch": batch_id, "feature": str(feature_number)}
    log = _log_of_batch(git, batch_id, tip, f"^{since}") if since else None
    if log is None or not log.ok:
        log = _log_of_batch(git, batch_id, tip)
    for record in log.text.split("\0") if log.ok else ():
        sha, _, message = record.partition("\n")
        if wanted.items() <= trailers_of(message).items():
            return sha
    return None


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


def commit_exists(git: Git, sha: str) -> bool:
    """True when the commit is in the repository: after a power loss a recorded one may not be."""
    return git.run("cat-file", "-e", f"{sha}^{{commit}}", ok=None).ok


def _commit(git: Git, pending: tuple[Change, ...], text: str, timeout: float) -> None:
    """Commit, once more when a formatting hook rewrote the feature's files, and again after a race."""
    reformatted = False
    for races_left in range(_RACES, -1, -1):
        before = [content_id(git.root, change.path) for change in pending]
        wait_for_index(git)
        try:
            stage(git, pending)
            _run_commit(git, pending, text, timeout)
        except GitCommandError as error:
            if not is_race(error) or not races_left:
                raise
            time.sleep(_RACE_PAUSE)
        except CommitRefusedError as refused:
            refused.rewritten = before != [content_id(git.root, change.path) for change in pending]
            if reformatted or not refused.rewritten:
                raise
            reformatted = True
        else:
            return


def _run_commit(git: Git, pending: tuple[Change, ...], text: str, timeout: float) -> None:
    with temporary_index(git, pending) as index:
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
                settings=DURABLE,
                hooks=True,
                ok=None,
            )
        except GitTimeoutError as error:
            raise timeout_failure(git, error, trace, timeout) from error
        if not finished.ok:
            raise commit_failure(git, finished, trace)


def _described(git: Git, sha: str, changes: ChangeSet) -> Commit:
    files = git.paths("diff-tree", "--root", "-r", "-z", "--no-renames", "--no-commit-id", "--name-only", sha)
    mine = {change.path.rstrip("/") for change in changes.mine}
    return Commit(
        sha=sha,
        branch=git.branch(),
        files=files,
        tree=git.text("rev-parse", f"{sha}^{{tree}}"),
        added_by_hooks=tuple(path for path in files if mine and path not in mine),
        holds=changes.commits if not files else (),
    )


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
