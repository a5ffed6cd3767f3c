"""What git and GitHub are to be used for: the settings, held against what the repository has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from batch_implement.system.github.errors import GitHubCallError
from batch_implement.system.settings.consent import GIT, Consent, consent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.model.kinds import BranchMode
    from batch_implement.system.git.git import Git
    from batch_implement.system.github.github import GitHub
    from batch_implement.system.settings.config import Config
    from batch_implement.workspace.repository_condition import RepositoryCondition

_SWITCHED_OFF = "AUTO_GIT_ENABLED=false"


@dataclass(frozen=True)
class GitSettings:
    """What will be done. ``remote`` is ``""`` where nothing is pushed.

    ``skipped`` says for each operation (``commit``, ``push``, ``pr``, ``issue_close``) that won't be done,
    why; ``mind`` what is to be said about those that will.
    """

    commit: bool
    push: bool
    pull_request: bool
    close_issues: bool
    branch_mode: BranchMode
    remote: str = ""
    skipped: Mapping[str, str] = field(default_factory=dict)
    mind: str = ""


def read_git_settings(
    config: Config,
    git: Git,
    condition: RepositoryCondition,
    github: GitHub,
    answers: Mapping[str, object] | None = None,
) -> GitSettings:
    """Decide from the settings, the user's stored ``answers`` and the repository; asks nobody and needs no
    network."""
    # In a batch nobody is asked: an open question means yes, as the setting's default does.
    if consent(GIT, config, answers or {}) is Consent.REFUSED:
        said = _SWITCHED_OFF if config.is_set(GIT) else "you said no when you were asked"
        skipped = dict.fromkeys(("commit", "push", "pr", "issue_close"), said)
        return GitSettings(False, False, False, False, "current", skipped=skipped)
    skipped = {}
    remote = remote_of(git, condition)
    if not config.flag("AUTO_GIT_PUSH"):
        skipped["push"] = "AUTO_GIT_PUSH=false"
    elif not remote:
        skipped["push"] = "the repository has no remote" if not condition.remotes else _many(condition)
    mind = ""
    if "push" in skipped:
        skipped["pr"] = skipped["issue_close"] = f"nothing is pushed: {skipped['push']}"
    else:
        try:
            github.repository()
            mind = github.unready()
        except GitHubCallError as error:
            skipped["pr"] = skipped["issue_close"] = str(error)
    if not config.flag("AUTO_GIT_PR"):
        skipped["pr"] = "AUTO_GIT_PR=false"
    return GitSettings(
        commit=True,
        push="push" not in skipped,
        pull_request="pr" not in skipped,
        close_issues="issue_close" not in skipped,
        branch_mode=cast("BranchMode", config.text("AUTO_GIT_BRANCH")),
        remote=remote if "push" not in skipped else "",
        skipped=skipped,
        mind=mind,
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
        return f"off ({settings.skipped['commit']}); nothing is committed"
    parts = [f"one commit per feature on {branch}"]
    if settings.push:
        parts.append(f"pushed to {settings.remote}")
    if settings.pull_request and branch != base:
        parts.append(f"a pull request against {base}")
    if settings.close_issues:
        parts.append("issues closed after the push")
    return "; ".join([", ".join(parts), *_why_not(settings), *([settings.mind] if settings.mind else [])])


def _why_not(settings: GitSettings) -> list[str]:
    skipped = settings.skipped
    if "push" in skipped:
        return [f"nothing is pushed: {skipped['push']}"]
    if "issue_close" in skipped:
        return [f"no pull request and no issue closed: {skipped['issue_close']}"]
    return [f"no pull request: {skipped['pr']}"] if "pr" in skipped else []


def _many(condition: RepositoryCondition) -> str:
    names = ", ".join(condition.remotes[:5])
    return f"none of its remotes ({names}) is chosen; git config remote.pushDefault NAME chooses one"
