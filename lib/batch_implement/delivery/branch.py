"""Which branch commits go to, by ``AUTO_GIT_BRANCH``: the current one, one for the batch, one a feature.

git takes nearly any text for the name of a branch; we take little, so that no name is an option or a
shell's word anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.errors import GitError

if TYPE_CHECKING:
    from batch_implement.model.kinds import BranchMode
    from batch_implement.system.git.git import Git
    from batch_implement.workspace.repository_condition import RepositoryCondition

# A part does not begin with '-' or '.', and a dot stands between two other characters.
_PART = re.compile(r"[A-Za-z0-9_#+=@](?:[A-Za-z0-9_#+=@-]|\.(?=[A-Za-z0-9_#+=@-]))*")
_COMMIT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SPECIAL = {"HEAD", "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD"}
_LENGTH = 200
_SLUG_LENGTH = 40
_SWITCH_TIMEOUT = 120.0


class BranchError(GitError):
    """A branch can't be made or switched to."""


@dataclass(frozen=True)
class BranchPlan:
    """``name`` is the branch for the commits, ``start`` where it begins (``""``: it is the current one).

    ``start`` is a branch or a full commit id. ``reason`` is a sentence where the mode in force is not the
    one that was asked for.
    """

    mode: BranchMode
    name: str
    start: str = ""
    reason: str = ""


def plan_branch(
    condition: RepositoryCondition,
    mode: BranchMode,
    *,
    batch_id: str,
    feature_number: int = 0,
    feature_text: str = "",
    with_pull_requests: bool = False,
    base: str = "",
) -> BranchPlan:
    """Decide; nothing is changed.

    ``base`` is the branch that a feature's branch is stacked on (that of a feature it depends on), else
    the branch that the batch began on. On the default branch with pull requests, ``current`` gives way
    to ``batch``: there would be nothing to request.
    """
    reason = ""
    if mode == "current" and with_pull_requests and condition.on_default_branch:
        mode = "batch"
        reason = f"{condition.branch} is the default branch, so a pull request needs a branch of its own."
    if mode == "current":
        return BranchPlan(mode, condition.branch)
    name = f"batch/{slug(batch_id.removeprefix('batch-'), _LENGTH // 2)}"
    if mode == "feature":
        name = f"{name}-{feature_number}-{slug(feature_text)}".rstrip("-")
    require_safe_name(name)
    return BranchPlan(mode, name, base or condition.branch, reason)


def prepare_branch(git: Git, plan: BranchPlan) -> str:
    """Be on the plan's branch, made from its start where it is not there yet; return its name.

    The user's uncommitted changes come along. Where they are in the way of switching, nothing is changed
    and :class:`BranchError` says which files.
    """
    if git.branch() == plan.name:
        return plan.name
    require_safe_name(plan.name)
    if git.resolve(f"refs/heads/{plan.name}"):
        arguments = ["switch", "--no-guess", "--quiet", plan.name]
    elif not plan.start:
        raise BranchError(f"There is no branch {plan.name!r} in {git.root}. Make it: git branch {plan.name}")
    else:
        # A branch or a commit's full id, and no expression that git would go and search for.
        named = plan.start if _COMMIT_ID.fullmatch(plan.start) else f"refs/heads/{plan.start}"
        start = git.resolve(named)
        if not start and git.resolve("HEAD"):
            raise BranchError(f"{plan.name} can't begin at {plan.start!r}: {git.root} has no such commit.")
        arguments = ["switch", "--no-guess", "--quiet", "--no-track", "--create", plan.name]
        arguments += [start] if start else []
    finished = git.run(*arguments, timeout=_SWITCH_TIMEOUT, hooks=True, ok=None)
    now = git.branch()
    if now != plan.name:
        raise BranchError(
            f"Could not switch {git.root} to {plan.name}: {finished.error_text.strip() or 'git said nothing'}"
        )
    return plan.name


def require_safe_name(name: str) -> None:
    """Raise :class:`BranchError` for a name that we don't hand to git, though git might take it."""
    parts = name.split("/")
    safe = len(name) <= _LENGTH and all(
        _PART.fullmatch(part) and not part.endswith(".lock") for part in parts
    )
    if not safe or name in _SPECIAL or not re.match(r"[A-Za-z0-9_]", name):
        raise BranchError(
            f"{name[:_LENGTH]!r} is not used as a branch: letters, digits and . _ - # + = @ /, beginning "
            "with a letter or digit. Rename it: git branch -m NEW-NAME"
        )


def slug(text: str, length: int = _SLUG_LENGTH) -> str:
    """Lower-case words of a text joined by dashes, for a part of a branch's name; may be ``""``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:length].strip("-")
