"""What a batch would do, decided before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from batch_implement.delivery import git_settings
from batch_implement.delivery.branch import plan_branch
from batch_implement.delivery.check_command import CheckCommand, find_check
from batch_implement.delivery.git_settings import read_git_settings
from batch_implement.delivery.repository_condition import obstacles, read_condition
from batch_implement.delivery.working_tree import name_paths, refusal_to_start
from batch_implement.errors import GitError
from batch_implement.planning.feature_dependency_analyzer import analyze, visualize_graph
from batch_implement.system.github import GitHub

if TYPE_CHECKING:
    from batch_implement.delivery.branch import BranchPlan
    from batch_implement.delivery.git_settings import GitSettings
    from batch_implement.delivery.repository_condition import RepositoryCondition
    from batch_implement.lifecycle.project import Project
    from batch_implement.planning.dependency import DependencyAnalysis
    from batch_implement.planning.feature import FeatureSource

_ASKING_MODES = frozenset({"default", "acceptEdits"})
_SHOWN_UNTRACKED = 3


@dataclass(frozen=True)
class BatchPlan:
    """``refusals`` are reasons why it can't start; ``warnings`` what an unattended run may trip over."""

    batch_id: str
    source: FeatureSource
    analysis: DependencyAnalysis
    check: CheckCommand | None
    condition: RepositoryCondition
    settings: GitSettings
    branch: BranchPlan
    base: str
    refusals: tuple[str, ...]
    warnings: tuple[str, ...]

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
) -> BatchPlan:
    """Look at the features, the repository and the settings; nothing is changed.

    Raises :class:`ConfigError` for settings and :class:`GitError` for a folder that is no repository.
    """
    status = project.git.status()
    condition = read_condition(project.git, status)
    settings = read_git_settings(project.config, project.git, condition, GitHub(project.root))
    branch = plan_branch(
        condition,
        settings.branch_mode,
        batch_id=batch_id,
        with_pull_requests=settings.pull_request,
    )
    check = find_check(project.root, project.config.text("BATCH_VERIFY_COMMAND"))
    # Where nothing is committed, nothing of the user's can get into a commit.
    keep_dirty = keep_dirty or not settings.commit
    dirty = refusal_to_start(status, keep_dirty=keep_dirty, features_file=source.features_file)
    refusals = [*(obstacles(condition) if settings.commit else ()), *([dirty] if dirty else [])]
    if permission_mode == "plan":
        refusals.append(
            "Claude is in plan mode, in which nothing can be changed. Leave it (Shift+Tab) first."
        )
    untracked = [path for path in status.untracked if path != source.features_file]
    return BatchPlan(
        batch_id=batch_id,
        source=source,
        analysis=_analyze(project, source),
        check=check,
        condition=condition,
        settings=settings,
        branch=branch,
        base=_base(condition, branch),
        refusals=tuple(refusals),
        warnings=tuple(_warnings(permission_mode, check, untracked, commits=settings.commit)),
    )


def _base(condition: RepositoryCondition, branch: BranchPlan) -> str:
    """What a pull request is against: the branch the batch began on, or the default one from there."""
    return condition.branch if branch.mode != "current" else condition.default_branch or condition.branch


def _analyze(project: Project, source: FeatureSource) -> DependencyAnalysis:
    analysis = analyze(source.features)
    if project.config.text("BATCH_ORDER") == "given":
        return replace(analysis, order=tuple(range(len(source.features))))
    return analysis


def refuse(plan: BatchPlan) -> None:
    """Raise :class:`GitError` with every reason against starting."""
    if plan.refusals:
        raise GitError("The batch was not started. " + " ".join(plan.refusals))


def describe(plan: BatchPlan) -> str:
    """The plan for a person: features in order with the reasons, the check, what git will do."""
    features = plan.source.features
    lines = [f"{len(features)} features from {plan.source.features_file or plan.source.source_type}."]
    lines += plan.source.notices
    lines += ["", "Order:"]
    because: dict[int, list[str]] = {}
    for dependency in plan.analysis.dependencies:
        because.setdefault(dependency.feature, []).append(f"{dependency.on + 1} ({dependency.evidence})")
    for index in plan.analysis.order:
        reasons = f"  after {', '.join(because[index])}" if index in because else ""
        lines.append(f"  {index + 1}. {features[index].text}{reasons}")
    lines += [
        "",
        visualize_graph(plan.texts, plan.dependencies),
        "",
        *_analysis_notices(plan),
        *_in_force(plan),
    ]
    lines += [f"Refused: {refusal}" for refusal in plan.refusals]
    lines += [f"Mind: {warning}" for warning in plan.warnings]
    return "\n".join(lines)


def summary(plan: BatchPlan) -> str:
    """The plan in a few lines, as Claude and the person see it when a batch begins."""
    count = len(plan.source.features)
    order = [index + 1 for index in plan.analysis.order]
    moved = "in the order given" if order == sorted(order) else f"in the order {_ranges(order)}"
    head = f"{count} features from {plan.source.features_file or plan.source.source_type}, {moved}."
    notices = [*plan.source.notices, *_analysis_notices(plan)]
    return "\n".join([head, *notices, *_in_force(plan), *(f"Mind: {text}" for text in plan.warnings)])


def _analysis_notices(plan: BatchPlan) -> list[str]:
    notices = list(plan.analysis.notices)
    if plan.analysis.timed_out:
        notices.append("Looking for dependencies took too long, so the order given is used.")
    for cycle in plan.analysis.cycles:
        features = " → ".join(str(index + 1) for index in (*cycle.features, cycle.features[0]))
        notices.append(
            f"Features {features} wait for each other ({'; '.join(cycle.evidence)}); "
            "they keep the order given."
        )
    return notices


def _in_force(plan: BatchPlan) -> list[str]:
    check = f"{plan.check} ({plan.check.source})" if plan.check else "none found"
    where = plan.branch.name if plan.branch.mode != "feature" else "a branch of its own"
    reason = f" {plan.branch.reason}" if plan.branch.reason else ""
    return [f"Check: {check}.", f"Git: {git_settings.describe(plan.settings, where, plan.base)}.{reason}"]


def _warnings(
    permission_mode: str, check: CheckCommand | None, untracked: list[str], *, commits: bool
) -> list[str]:
    warnings = []
    if permission_mode in _ASKING_MODES:
        warnings.append(
            f"permission mode {permission_mode!r} stops at the first tool call that no rule allows. For an "
            "unattended run allow what the work needs, or use --permission-mode auto or bypassPermissions."
        )
    if check is None:
        warnings.append(
            "no check command was found, so a feature counts as done when something changed. "
            "Set BATCH_VERIFY_COMMAND in .env."
        )
    if untracked and commits:
        more = f" and {len(untracked) - _SHOWN_UNTRACKED} more" if len(untracked) > _SHOWN_UNTRACKED else ""
        warnings.append(
            f"untracked files stay out of every commit: {name_paths(untracked[:_SHOWN_UNTRACKED])}{more}."
        )
    return warnings


def _ranges(numbers: list[int]) -> str:
    """``1-3, 5, 4``: runs of consecutive numbers folded."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
