"""A person's hand on a batch: hold it, end it, let go of a breaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.advance import pause
from batch_implement.engine.answered import answered, require_going
from batch_implement.engine.happenings import BatchEnded
from batch_implement.engine.retries import retry_manager
from batch_implement.model.outcomes import Ended
from batch_implement.model.record import replace
from batch_implement.model.refusals import OtherBatch, RefusedError, WorkGoesOn
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.workers import at_work
from batch_implement.proof.check_run import forget

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch
    from batch_implement.model.outcomes import Outcome


@answered
def pause_batch(project: Project) -> Outcome:
    """Hold the batch; the feature at work keeps its place."""
    require_going(project.state.read())
    return pause(project, "person")


@answered
def cancel_batch(project: Project, *, sure: bool = True) -> Outcome:
    """End the batch: its state becomes history, what is in the working tree stays.

    Unless ``sure``, refused while a feature is being worked on. While an agent is at work the state stays in
    its place, so that the agent's end is written down there: the batch may be resumed.
    """
    if not sure:
        _refuse_while_worked_on(project.state.read())
    batch = project.state.update(_cancelled)
    forget(project.home)
    project.observe(project, BatchEnded(batch))
    if not at_work(batch):
        project.state.archive()
    return Ended(batch=batch, is_news=True)


def reset_breakers(project: Project, batch_id: str = "") -> tuple[str, ...]:
    """Close the breakers for retries and for GitHub, after a look at what failed; returns notices.

    Raises :class:`RefusedError` for another batch than the one in the project.
    """
    batch = project.state.read()
    if batch_id and batch_id != batch.batch_id:
        raise RefusedError(OtherBatch(current=batch.batch_id, asked=batch_id))
    notices = retry_manager(project, batch.batch_id).reset_breaker()
    project.state.update(lambda current: Transition("breakers_reset", replace(current, github_breaker=None)))
    return notices


def _refuse_while_worked_on(batch: Batch) -> None:
    for index in batch.open_attempts:
        if batch.is_going:
            raise RefusedError(
                WorkGoesOn(number=index + 1, total=len(batch.features), by_agent=bool(at_work(batch)))
            )


def _cancelled(batch: Batch) -> Transition:
    return (
        NOTHING if batch.is_over else Transition("cancelled", replace(batch, status="cancelled", pause=None))
    )
