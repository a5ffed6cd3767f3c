"""What git and GitHub are to be used for: the settings, held against what the repository has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from batch_implement.system.github_errors import GitHubCallError

if TYPE_CHECKING:
    from batch_implement.delivery.branch import BranchMode
    from batch_implement.delivery.repository_condition import RepositoryCondition
    from batch_implement.system.config import Config
    from batch_implement.system.git import Git
    from batch_implement.system.github import GitHub


@dataclass(frozen=True)
class GitSettings:
    """What will be done. ``remote`` is ``""`` where nothing is pushed; ``why_not`` says what won't be done
    although it was not switched off, and why."""

    commit: bool
    push: bool
    pull_request: bool
    close_issues: bool
    branch_mode: BranchMode
    remote: str = ""
    why_not: tuple[str, ...] = ()


def read_git_settings(
    config: Config, git: Git, condition: RepositoryCondition, github: GitHub
) -> GitSettings:
    """Decide from the settings and the repository; asks nobody and needs no network."""
    mode = cast("BranchMode", config.text("AUTO_GIT_BRANCH"))
    if not config.flag("AUTO_GIT_ENABLED"):
        return GitSettings(
            commit=False, push=False, pull_request=False, close_issues=False, branch_mode="current"
        )
    remote = remote_of(git, condition)
    push = config.flag("AUTO_GIT_PUSH") and bool(remote)
    why_not = []
    if config.flag("AUTO_GIT_PUSH") and not remote:
        why_not.append("nothing is pushed: the repository has no remote")
    on_github = False
    if push:
        try:
            github.repository()
            on_github = True
        except GitHubCallError as error:
            why_not.append(f"no pull request and no issue closed: {error}")
    return GitSettings(
        commit=True,
        push=push,
        pull_request=push and on_github and config.flag("AUTO_GIT_PR"),
        close_issues=push and on_github,
        branch_mode=mode,
        remote=remote if push else "",
        why_not=tuple(why_not),
    )


def remote_of(git: Git, condition: RepositoryCondition) -> str:
    """Where the branch is pushed to, as git itself would choose; ``""`` without a remote."""
    wanted = (
        git.setting(f"branch.{condition.branch}.pushRemote"),
        git.setting("remote.pushDefault"),
        git.setting(f"branch.{condition.branch}.remote"),
        "origin",
    )
    known = condition.remotes
    return next((name for name in wanted if name in known), known[0] if len(known) == 1 else "")


def describe(settings: GitSettings, branch: str, base: str) -> str:
    """One line for the plan: what git will do, and why not where it won't."""
    if not settings.commit:
        return "off (AUTO_GIT_ENABLED=false); nothing is committed"
    parts = [f"one commit per feature on {branch}"]
    if settings.push:
        parts.append(f"pushed to {settings.remote}")
    if settings.pull_request and branch != base:
        parts.append(f"a pull request against {base}")
    if settings.close_issues:
        parts.append("issues closed after the push")
    return "; ".join([", ".join(parts), *settings.why_not])
