"""A batch begins: its state is written, and the project's checks are run once before anything changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.dependencies.graph import count_graph
from batch_implement.engine.advance import go_on
from batch_implement.engine.answered import answered
from batch_implement.model.batch import Batch, Delivery
from batch_implement.model.feature import Feature, Need
from batch_implement.model.refusals import BatchAtWork, CannotStart, RefusedError
from batch_implement.oversight.ownership import owner_of
from batch_implement.proof.checker import Rules, check_of
from batch_implement.sources.base import sanitize_feature_name
from batch_implement.state.form import all_fields
from batch_implement.state.home import STATE_PATH
from batch_implement.state.schema import validate
from batch_implement.system import clock
from batch_implement.workspace import excludes

if TYPE_CHECKING:
    from batch_implement.engine.batch_plan import BatchPlan
    from batch_implement.engine.project import Project
    from batch_implement.model.outcomes import Outcome


@answered
def start_batch(project: Project, plan: BatchPlan, *, wait: float) -> Outcome:
    """Create the batch and begin its first feature.

    A finished batch that is still in place is moved to the past ones first.
    """
    refuse_start(project, plan)
    make_room(project)
    excludes.exclude_batch_files(project.git)
    batch = new_batch(project, plan)
    validate(all_fields(batch), project.state.path)
    return go_on(project, project.state.create(batch), wait=wait)


def refuse_start(project: Project, plan: BatchPlan) -> None:
    """Raises :class:`RefusedError` for a plan that can't be begun, and beside a batch that has not ended."""
    if plan.refusals:
        raise RefusedError(CannotStart(reasons=plan.refusals))
    if not project.state.exists():
        return
    batch = project.state.read()
    if not batch.is_over:
        raise RefusedError(BatchAtWork(batch_id=batch.batch_id, status=batch.status))


def make_room(project: Project) -> None:
    """Move a batch that has ended out of the way."""
    if project.state.exists():
        project.state.archive()


def new_batch(project: Project, plan: BatchPlan) -> Batch:
    source, settings = plan.source, plan.settings
    now = clock.timestamp(project.now())
    session = project.session
    return Batch(
        batch_id=plan.batch_id,
        features_file=source.features_file,
        features=tuple(_feature(plan, index) for index in range(len(source.features))),
        source_type=source.source_type,
        state_file=STATE_PATH,
        created_at=now,
        updated_at=now,
        feature_order=plan.analysis.order,
        analysis_metadata={"stats": count_graph(plan.texts, plan.dependencies), "analyzed_at": now},
        workflow_mode="direct" if project.config.text("BATCH_WORKFLOW") == "direct" else "auto-implement",
        delivery=Delivery(
            commit=settings.commit,
            push=settings.push,
            pull_request=settings.pull_request,
            close_issues=settings.close_issues,
            remote=settings.remote,
            mode=plan.branch.mode,
            branch=plan.branch.name,
            base=plan.base,
            message_style=plan.message_style,
        ),
        check=check_of(project.git, plan.check, Rules.of(project.config)),
        notices=(*source.notices, *plan.analysis.notices, *plan.warnings),
        owner=owner_of(session, now) if session.session_id else None,
    )


def _feature(plan: BatchPlan, index: int) -> Feature:
    source = plan.source.features[index]
    needs = (found for found in plan.analysis.dependencies if found.feature == index)
    return Feature(
        id=str(index + 1),
        text=sanitize_feature_name(source.text),
        issue=source.issue_number,
        body=source.body,
        origin=source.origin,
        phase=source.phase,
        needs=tuple(
            Need(on=found.on, kind=found.kind, evidence=found.evidence, confidence=found.confidence)
            for found in needs
        ),
    )
