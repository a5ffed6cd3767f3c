"""The branch a feature's work goes to, and what that branch begins at.

With one branch per feature, a feature begins at the branch of the last one it needs. Where a feature needs
several, those must lie on one line, or no branch would hold all of them: features that a later one needs
together are stacked in the order they are done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.branch import BranchPlan, plan_branch, prepare_branch
from batch_implement.workspace.repository_condition import read_condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch, Delivery


def take_branch(project: Project, batch: Batch, index: int) -> None:
    """Be on the feature's branch.

    Raises :class:`BranchError` when it can't be switched to.
    """
    settled = batch.delivery
    if settled is not None and settled.commit:
        prepare_branch(project.git, _plan(project, batch, settled, index))


def bases(batch: Batch, indices: Sequence[int]) -> dict[int, str]:
    """For each feature the branch that its own begins at, and that its pull request is against."""
    settled = batch.delivery
    if settled is None or settled.mode != "feature":
        return dict.fromkeys(indices, "" if settled is None else settled.base)
    beneath = stacks(
        {index: [need.on for need in feature.needs] for index, feature in enumerate(batch.features)}
    )
    return {index: _last_branch(batch, index, beneath[index]) or settled.base for index in indices}


def _plan(project: Project, batch: Batch, settled: Delivery, index: int) -> BranchPlan:
    if settled.mode != "feature":
        return BranchPlan(settled.mode, settled.branch, settled.base)
    return plan_branch(
        read_condition(project.git),
        "feature",
        batch_id=batch.batch_id,
        feature_number=index + 1,
        feature_text=batch.features[index].text,
        base=bases(batch, [index])[index],
    )


def _last_branch(batch: Batch, index: int, beneath: set[int]) -> str:
    """The branch of the feature done last, before this one, among those beneath it."""
    completed = batch.completed_features
    before = completed[: completed.index(index)] if index in completed else completed
    for done in reversed(before):
        commit = batch.commit_of(done)
        if done in beneath and commit is not None and commit.branch:
            return commit.branch
    return ""


def stacks(dependencies: Mapping[int, Sequence[int]]) -> dict[int, set[int]]:
    """For each feature those on whose line it lies: the ones it needs, and where others need it, all that
    they need with it."""
    needs = {index: _closure(dependencies, index) for index in dependencies}
    lines: list[set[int]] = []
    for group in needs.values():
        apart = [line for line in lines if not line & group]
        lines = [*apart, group.union(*(line for line in lines if line & group))] if group else lines
    together = {index: line for line in lines for index in line}
    return {index: (needs[index] | together.get(index, set())) - {index} for index in dependencies}


def _closure(dependencies: Mapping[int, Sequence[int]], index: int) -> set[int]:
    """All that a feature needs, directly or not; never itself, even in a cycle."""
    found: set[int] = set()
    waiting = list(dependencies.get(index, ()))
    while waiting:
        needed = waiting.pop()
        if needed not in found:
            found.add(needed)
            waiting += dependencies.get(needed, ())
    return found - {index}
