"""What a batch would do, decided before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.delivery.branch import plan_branch
from batch_implement.delivery.commit_message import style_of
from batch_implement.delivery.git_settings import read_git_settings
from batch_implement.dependencies.analysis import analyze
from batch_implement.engine.done_before import DoneBefore, done_before
from batch_implement.engine.unproven import unproven_commits
from batch_implement.oversight.allowed_tools import tools_asked_for
from batch_implement.proof.check_command import CheckCommand, find_check
from batch_implement.sources.likeness import near_duplicates
from batch_implement.state.home import is_batch_file
from batch_implement.system.github.github import GitHub
from batch_implement.system.settings.user_state import UserState
from batch_implement.system.text.shortening import some_of
from batch_implement.workspace.changes import name_paths, refusal_to_start
from batch_implement.workspace.repository_condition import obstacles, read_condition

if TYPE_CHECKING:
    from batch_implement.delivery.branch import BranchPlan
    from batch_implement.delivery.git_settings import GitSettings
    from batch_implement.dependencies.dependency import DependencyAnalysis
    from batch_implement.engine.project import Project
    from batch_implement.model.kinds import MessageStyle
    from batch_implement.sources.base import FeatureSource
    from batch_implement.system.git.git import Git
    from batch_implement.system.settings.config import Config
    from batch_implement.workspace.repository_condition import RepositoryCondition

_SHOWN = 3
# Commits: enough to tell a habit, few enough to follow a change of it.
_LOOKED_AT = 50


@dataclass(frozen=True)
class BatchPlan:
    """``refusals`` are reasons why it can't start; ``warnings`` what an unattended run may trip over.

    ``source`` has the features to be done; it may have none, where all that was asked for is ``done`` (text
    and commit of each).
    """

    batch_id: str
    source: FeatureSource
    analysis: DependencyAnalysis
    check: CheckCommand | None
    condition: RepositoryCondition
    settings: GitSettings
    branch: BranchPlan
    base: str
    message_style: MessageStyle
    refusals: tuple[str, ...]
    warnings: tuple[str, ...]
    done: tuple[tuple[str, str], ...] = ()

    @property
    def texts(self) -> list[str]:
        return [feature.text for feature in self.source.features]

    @property
    def dependencies(self) -> dict[int, list[int]]:
        on: dict[int, list[int]] = {index: [] for index in range(len(self.source.features))}
        for dependency in self.analysis.dependencies:
            if dependency.on not in on[dependency.feature]:
                on[dependency.feature].append(dependency.on)
        return {index: sorted(found) for index, found in on.items()}


def plan_batch(
    project: Project,
    source: FeatureSource,
    *,
    batch_id: str,
    permission_mode: str = "",
    keep_dirty: bool = False,
    again: bool = False,
) -> BatchPlan:
    """Look at the features, the repository and the settings; nothing is changed.

    What a file asks for and an earlier batch has proven is left out, unless it is to be done ``again``.
    Raises :class:`ConfigError` for settings and :class:`GitError` for a folder that is no repository.
    """
    status = project.git.status()
    condition = read_condition(project.git, status)
    settings = read_git_settings(
        project.config, project.git, condition, GitHub(project.workspace), UserState(Path.home()).read()
    )
    branch = plan_branch(
        condition,
        settings.branch_mode,
        batch_id=batch_id,
        with_pull_requests=settings.pull_request,
    )
    check = find_check(project.workspace, project.config.text("BATCH_VERIFY_COMMAND"))
    # Where nothing is committed, nothing of the user's can get into a commit.
    keep_dirty = keep_dirty or not settings.commit
    dirty = refusal_to_start(status, keep_dirty=keep_dirty, features_files=source.files)
    refusals = [*(obstacles(condition) if settings.commit else ()), *([dirty] if dirty else [])]
    if permission_mode == "plan":
        refusals.append(
            "Claude is in plan mode, in which nothing can be changed. Leave it (Shift+Tab) first."
        )
    untracked = [path for path in status.untracked if path not in source.files and not is_batch_file(path)]
    # Issues are asked for by number: who opens one again wants it done again.
    looked = done_before(project, source.features) if source.files and not again else DoneBefore({})
    return BatchPlan(
        batch_id=batch_id,
        source=_left(source, looked),
        analysis=_analyze(project, source, looked),
        check=check,
        condition=condition,
        settings=settings,
        branch=branch,
        base=_base(condition, branch),
        message_style=_message_style(project.git),
        refusals=tuple(refusals),
        warnings=(
            *_asking(permission_mode, tools_asked_for(permission_mode, project.session, project.home)),
            *_warnings(
                check,
                untracked,
                commits=settings.commit,
                second_runs=project.config.text("BATCH_PROOF") == "run",
            ),
            *_unknown_settings(project.config),
            *unproven_commits(project, condition.branch),
        ),
        done=tuple((source.features[index].text, commit) for index, commit in looked.there.items()),
    )


def _message_style(git: Git) -> MessageStyle:
    """That of the project's log, in which our own commits and those of merges say nothing."""
    log = git.run("log", f"-{_LOOKED_AT}", "--no-merges", "--format=%s%x00%(trailers:key=Batch)%x01", ok=None)
    subjects = [entry.partition("\0") for entry in log.text.split("\1")]
    return style_of(
        [subject.strip() for subject, _, ours in subjects if subject.strip() and not ours.strip()]
    )


def _left(source: FeatureSource, looked: DoneBefore) -> FeatureSource:
    """What is to be done, with what has to be said of it."""
    features = tuple(feature for index, feature in enumerate(source.features) if index not in looked.there)
    alike = near_duplicates([feature.text for feature in features])
    notices = (*source.notices, *looked.notices(source.features), *alike)
    return replace(source, features=features, notices=notices)


def _base(condition: RepositoryCondition, branch: BranchPlan) -> str:
    """What a pull request is against: the branch the batch began on, or the default one from there."""
    return condition.branch if branch.mode != "current" else condition.default_branch or condition.branch


def _analyze(project: Project, source: FeatureSource, looked: DoneBefore) -> DependencyAnalysis:
    analysis = analyze(source.features, left_out=looked.there)
    if source.keeps_order or project.config.text("BATCH_ORDER") == "given":
        return replace(analysis, order=tuple(sorted(analysis.order)))
    return analysis


def _asking(permission_mode: str, tools: tuple[str, ...]) -> list[str]:
    if not tools:
        return []
    named = " ".join(tools)
    return [
        f"permission mode {permission_mode!r} stops at the first call of {' or '.join(tools)} that no rule "
        f"allows. For an unattended run start Claude Code with --allowedTools {named}, or with "
        "--permission-mode auto or bypassPermissions."
    ]


def _warnings(
    check: CheckCommand | None, untracked: list[str], *, commits: bool, second_runs: bool
) -> list[str]:
    warnings = []
    if check is None:
        warnings.append(
            "no check command was found, so a feature counts as done when something changed. "
            "Set BATCH_VERIFY_COMMAND in .env."
        )
    if check is not None and not second_runs:
        warnings.append(
            "BATCH_PROOF=count: the check is run once for each feature. A test that was changed to fit the "
            "code, a fixture or a setting that hides a failure is then found by its lines, or not at all."
        )
    if untracked and commits:
        warnings.append(f"untracked files stay out of every commit: {name_paths(untracked, _SHOWN)}.")
    return warnings


def _unknown_settings(config: Config) -> list[str]:
    """A program of the user's may have settings that begin as ours do, so they are no reason to refuse."""
    if not config.unknown:
        return []
    named = some_of([f"{name} ({where})" for where, name in config.unknown], _SHOWN)
    return [
        f"{named}: no setting of batch-implement has that name. doctor lists ours; "
        "pass over this if your own program reads it."
    ]
