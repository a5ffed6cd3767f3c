"""What a repository is in the middle of, and whether commits can be made in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.errors import GitError

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.system.git.git import Git
    from batch_implement.system.git.status import Status

# A file or folder in git's own folder, what it means, and how it is ended.
_OPERATIONS = (
    ("rebase-merge", "a rebase", "git rebase --continue or --abort"),
    ("rebase-apply", "a rebase or 'git am'", "git rebase --continue or --abort, or git am --abort"),
    ("MERGE_HEAD", "a merge", "git commit, or git merge --abort"),
    ("CHERRY_PICK_HEAD", "a cherry-pick", "git cherry-pick --continue or --abort"),
    ("REVERT_HEAD", "a revert", "git revert --continue or --abort"),
    ("sequencer", "a series of cherry-picks or reverts", "git cherry-pick --continue or --abort"),
    ("BISECT_LOG", "a bisect", "git bisect reset"),
)
_LIKELY_DEFAULTS = ("main", "master", "trunk")


class RepositoryConditionError(GitError):
    """The repository is in a condition in which no commit may be made."""


@dataclass(frozen=True)
class RepositoryCondition:
    """``branch`` is ``""`` on a detached HEAD, ``head`` is ``""`` before the first commit.

    ``operation`` and ``way_out`` say what is in progress and how it is ended. ``identity`` is git's
    complaint when it knows no author, ``""`` when it does. ``index_lock`` is there, not yet judged.
    ``default_branch`` is the remote's, or the likeliest local one, or ``""``.
    """

    root: Path
    branch: str
    head: str
    operation: str = ""
    way_out: str = ""
    no_identity: str = ""
    index_lock: Path | None = None
    default_branch: str = ""
    remotes: tuple[str, ...] = ()

    @property
    def on_default_branch(self) -> bool:
        return bool(self.branch) and self.branch == self.default_branch


def read_condition(git: Git, status: Status | None = None, *, remote: str = "origin") -> RepositoryCondition:
    """Look at the repository; ``status`` saves a call where the caller has one."""
    status = status or git.status()
    operation, way_out = _operation(git)
    lock = git.places.index_lock
    return RepositoryCondition(
        root=git.root,
        branch=status.branch,
        head=status.head,
        operation=operation,
        way_out=way_out,
        no_identity=_identity_complaint(git),
        index_lock=lock if lock.exists() else None,
        default_branch=default_branch(git, remote),
        remotes=tuple(git.text("remote").splitlines()),
    )


def obstacles(condition: RepositoryCondition) -> tuple[str, ...]:
    """Why no commit may be made here, each with its way out; empty when there is no reason."""
    root, found = condition.root, []
    if condition.operation:
        found.append(f"{root} is in the middle of {condition.operation}. End it first: {condition.way_out}.")
    if not condition.branch:
        found.append(
            f"{root} is on no branch (detached HEAD at {condition.head[:12]}), where commits are easily "
            "lost. Make one: git switch -c NAME."
        )
    if condition.no_identity:
        found.append(
            f"git knows no author for commits in {root} ({condition.no_identity}). Set one: "
            'git config user.name "Your Name" and git config user.email you@example.com.'
        )
    return tuple(found)


def require_committable(git: Git) -> str:
    """The branch that is checked out; :class:`RepositoryConditionError` for what can be told of obstacles
    without starting anything, :func:`require_identity` being the rest."""
    operation, way_out = _operation(git)
    branch = git.branch()
    head = "" if branch else git.resolve("HEAD")
    _refuse(RepositoryCondition(git.root, branch, head, operation=operation, way_out=way_out))
    return branch


def require_identity(git: Git) -> None:
    """Raise :class:`RepositoryConditionError` when git knows no author for a commit."""
    complaint = _identity_complaint(git)
    _refuse(RepositoryCondition(git.root, git.branch() or "HEAD", "", no_identity=complaint))


def _refuse(condition: RepositoryCondition) -> None:
    found = obstacles(condition)
    if found:
        raise RepositoryConditionError(" ".join(found))


def default_branch(git: Git, remote: str = "origin") -> str:
    """The branch that the remote names, else ``init.defaultBranch`` or a usual name that exists here."""
    named = git.text("symbolic-ref", "--quiet", "--short", f"refs/remotes/{remote}/HEAD", ok=None)
    if named:
        return named.removeprefix(f"{remote}/")
    candidates = [git.setting("init.defaultBranch"), *_LIKELY_DEFAULTS]
    existing = git.text("for-each-ref", "--format=%(refname:short)", "refs/heads").splitlines()
    return next((name for name in candidates if name and name in existing), "")


def _operation(git: Git) -> tuple[str, str]:
    for name, operation, way_out in _OPERATIONS:
        if (git.places.own / name).exists():
            return operation, way_out
    return "", ""


def _identity_complaint(git: Git) -> str:
    for variable in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        asked = git.run("var", variable, ok=None)
        if not asked.ok:
            lines = [line for line in asked.error_text.splitlines() if line.startswith("fatal:")]
            return lines[-1].removeprefix("fatal: ") if lines else "no name or e-mail address is set"
    return ""
