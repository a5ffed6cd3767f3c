"""A batch begins: its state is written, and the project's checks are run once before anything changes."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from batch_implement.api import batch_state_manager
from batch_implement.engine import batch_plan
from batch_implement.engine.advance import next_feature
from batch_implement.engine.outcome import Outcome
from batch_implement.engine.retries import retry_consent
from batch_implement.engine.verification import check_fields
from batch_implement.errors import BatchStateError
from batch_implement.model.progress import RUNNING
from batch_implement.oversight.ownership import owner_record
from batch_implement.presentation import plan as plan_text
from batch_implement.recovery.consent import FIRST_RUN_TEXT, QUESTION, Consent
from batch_implement.state.schema import validate
from batch_implement.system import clock
from batch_implement.workspace import excludes

if TYPE_CHECKING:
    from batch_implement.engine.batch_plan import BatchPlan
    from batch_implement.engine.project import Project


def start_batch(project: Project, plan: BatchPlan, *, wait: float) -> Outcome:
    """Create the batch and begin its first feature.

    Raises :class:`BatchStateError` when one is at work already, :class:`GitError` with the plan's
    refusals. A finished batch that is still in place is moved to the past ones first.
    """
    batch_plan.refuse(plan)
    make_room(project)
    excludes.exclude_batch_files(project.git)
    fields = _new_fields(project, plan)
    validate(fields, project.state.path)
    project.state.create(fields)
    outcome = next_feature(project, wait=wait)
    begun = f"Batch {fields['batch_id']} has begun.\n{plan_text.summary(plan)}"
    shown, asked = _consent(project)
    text = "\n\n".join(part for part in (begun, asked, outcome.text) if part)
    return Outcome(outcome.kind, text, {"summary": "\n\n".join(part for part in (begun, shown) if part)})


def _consent(project: Project) -> tuple[str, str]:
    """What the person is shown and what Claude is told to ask, the first time only."""
    consent = retry_consent(project)
    if consent is Consent.ASK:
        return FIRST_RUN_TEXT, (
            f"First ask the user, with AskUserQuestion: {QUESTION} (Yes / No). Then run: batch-implement "
            "consent retry yes (or no)."
        )
    return "", ""


def make_room(project: Project) -> None:
    """Move a batch that has ended out of the way; raise for one that has not."""
    if not project.state.exists():
        return
    fields = project.state.read()
    if fields["status"] in RUNNING or fields["status"] == "paused":
        raise BatchStateError(
            f"A batch is at work in this project already ({fields['batch_id']}, {fields['status']}). "
            "/batch-status shows it, /batch-implement --resume goes on with it, /batch-stop ends it."
        )
    project.state.archive()


def _new_fields(project: Project, plan: BatchPlan) -> dict[str, Any]:
    source = plan.source
    numbers = [feature.issue_number for feature in source.features if feature.issue_number is not None]
    state = batch_state_manager.create_batch_state(
        features=plan.texts,
        batch_id=plan.batch_id,
        features_file=source.features_file,
        issue_numbers=numbers or None,
        source_type=source.source_type,
        state_file=".claude/batch_state.json",
    )
    state.feature_order = list(plan.analysis.order)
    state.feature_dependencies = plan.dependencies
    state.analysis_metadata = _metadata(project, plan)
    state.workflow_mode = project.config.text("BATCH_WORKFLOW")
    state.issue_bodies = {
        index: feature.body for index, feature in enumerate(source.features) if feature.body
    }
    state.delivery = {
        "commit": plan.settings.commit,
        "push": plan.settings.push,
        "pull_request": plan.settings.pull_request,
        "close_issues": plan.settings.close_issues,
        "remote": plan.settings.remote,
        "mode": plan.branch.mode,
        "branch": plan.branch.name,
        "base": plan.base,
    }
    state.check = check_fields(project, plan.check)
    state.notices = [*source.notices, *plan.analysis.notices, *plan.warnings]
    if project.session.session_id:
        state.owner = owner_record(project.session, state.created_at)
    return state.to_dict()


def _metadata(project: Project, plan: BatchPlan) -> dict[str, Any]:
    from batch_implement.dependencies.graph import count_graph  # noqa: PLC0415 -- only here

    stats = count_graph(plan.texts, plan.dependencies)
    evidence = [dataclasses.asdict(dependency) for dependency in plan.analysis.dependencies]
    return {"stats": stats, "evidence": evidence, "analyzed_at": clock.timestamp(project.now())}
