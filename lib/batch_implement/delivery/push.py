"""Pushing a branch, never by force; every outcome is a value with a sentence.

A rejected push is followed by a fetch and, where that meets no conflict and the checks pass on the
result, by a rebase and one more push. The rebase is made in a worktree of our own, so that the user's is
never in the middle of one; it is moved, in one step that keeps uncommitted changes, when all is well.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.delivery.branch import require_safe_name
from batch_implement.delivery.push_outcome import PushResult, outcome_of, sentence_for
from batch_implement.delivery.rebase import Obstacle, rebase_branch
from batch_implement.system.git.git import GitTimeoutError, excerpt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from batch_implement.system.git.git import Git

PUSH_TIMEOUT = 120.0
_TRANSPORT = {"credential.interactive": "false", "http.lowSpeedLimit": "1000", "http.lowSpeedTime": "60"}


def push(
    git: Git,
    remote: str,
    branch: str,
    *,
    timeout: float = PUSH_TIMEOUT,
    checks_pass: Callable[[Path], bool] | None = None,
) -> PushResult:
    """Push ``branch`` to the branch of that name; failures of the remote or the network are no errors.

    ``checks_pass`` is given a clean working tree with the rebased commits when the push was rejected;
    without it nothing is rebased. ``timeout`` (seconds) is for each exchange with the remote. Raises
    ``GitError`` only for a name that is not safe or a repository that can't be read.
    """
    require_safe_name(branch)
    require_safe_name(remote)
    if remote not in git.text("remote").splitlines():
        sentence = f"{git.root} has no remote {remote!r}. Add it: git remote add {remote} ADDRESS"
        return PushResult("no-remote", remote, branch, sentence)
    result = _push_once(git, remote, branch, timeout)
    if result.outcome != "rejected" or checks_pass is None:
        return result
    rebased = _rebase_onto_remote(git, result, timeout, checks_pass)
    if not rebased.rebased:
        return rebased
    return replace(_push_once(git, remote, branch, timeout), rebased=rebased.rebased)


def _push_once(git: Git, remote: str, branch: str, timeout: float) -> PushResult:
    upstream = () if git.setting(f"branch.{branch}.merge") else ("--set-upstream",)
    ref = f"refs/heads/{branch}"
    tip = git.resolve(ref)
    arguments = (
        "push",
        "--porcelain",
        "--no-force",
        "--no-follow-tags",
        *upstream,
        "--",
        remote,
        f"{ref}:{ref}",
    )
    result = _exchange(git, remote, branch, timeout, *arguments, hooks=True)
    return replace(result, sha=tip) if result.ok else result


def _rebase_onto_remote(
    git: Git, rejected: PushResult, timeout: float, checks_pass: Callable[[Path], bool]
) -> PushResult:
    """Move the branch onto the remote's; a result without ``rebased`` says why it was left as it is."""
    remote, branch = rejected.remote, rejected.branch
    upstream = f"refs/remotes/{remote}/{branch}"
    quietly = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules")
    fetched = _exchange(
        git, remote, branch, timeout, *quietly, "--", remote, f"+refs/heads/{branch}:{upstream}"
    )
    if not fetched.ok:
        return fetched
    rebased = rebase_branch(git, branch, upstream, checks_pass)
    if isinstance(rebased, Obstacle):
        return replace(rejected, outcome=rebased.outcome, sentence=f"{rejected.sentence} {rebased.why}")
    return replace(rejected, rebased=rebased)


def _exchange(
    git: Git, remote: str, branch: str, timeout: float, *arguments: str, hooks: bool = False
) -> PushResult:
    """What a push or a fetch came to."""
    try:
        finished = git.run(
            *arguments, timeout=timeout, env=_unattended_ssh(git), settings=_TRANSPORT, hooks=hooks, ok=None
        )
    except GitTimeoutError as error:
        sentence = (
            f"{remote} had not answered after {timeout:g} seconds, so the push of {branch} was stopped; "
            f"the next one tries again. {excerpt(error.finished, 3)}"
        )
        return PushResult("timed-out", remote, branch, sentence.rstrip())
    outcome = outcome_of(finished)
    return PushResult(outcome, remote, branch, sentence_for(outcome, remote, branch, finished))


def _unattended_ssh(git: Git) -> dict[str, str]:
    """An ssh that asks nothing, where the user has not chosen one."""
    chosen = {"GIT_SSH", "GIT_SSH_COMMAND"}.intersection(os.environ) or git.setting("core.sshCommand")
    return {} if chosen else {"GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=30"}
