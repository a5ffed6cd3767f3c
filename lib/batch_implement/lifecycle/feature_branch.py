"""The branch a feature's work goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.branch import BranchPlan, plan_branch, prepare_branch
from batch_implement.delivery.repository_condition import read_condition

if TYPE_CHECKING:
    from batch_implement.lifecycle.project import Project
    from batch_implement.state.progress import Fields


def take_branch(project: Project, fields: Fields, index: int) -> None:
    """Be on the feature's branch; one of its own begins at that of a feature it needs.

    Raises :class:`BranchError` when it can't be switched to.
    """
    delivery = fields.get("delivery") or {}
    if not delivery.get("commit"):
        return
    prepare_branch(project.git, _plan(project, fields, index))


def _plan(project: Project, fields: Fields, index: int) -> BranchPlan:
    delivery = fields["delivery"]
    if delivery["mode"] != "feature":
        return BranchPlan(delivery["mode"], delivery["branch"], delivery["base"])
    return plan_branch(
        read_condition(project.git),
        "feature",
        batch_id=fields["batch_id"],
        feature_number=index + 1,
        feature_text=fields["features"][index],
        base=_stacked_on(fields, index) or delivery["base"],
    )


def _stacked_on(fields: Fields, index: int) -> str:
    """The branch of the feature done last among those this one needs."""
    needed = set((fields.get("feature_dependencies") or {}).get(str(index), ()))
    for done in reversed(fields["completed_features"]):
        if done in needed:
            commit = (fields["git_operations"].get(str(done)) or {}).get("commit") or {}
            return str(commit.get("branch", ""))
    return ""
