"""The step that every path through a batch comes back to: what is to be done now."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from batch_implement.engine.answered import answered, refuse_stranger
from batch_implement.engine.deliver import deliver
from batch_implement.engine.feature_branch import take_branch
from batch_implement.engine.happenings import BatchEnded, BatchPaused
from batch_implement.engine.own_changes import baseline_now
from batch_implement.engine.reconciliation import adopt_commit, compared_with_git
from batch_implement.model import attempts
from batch_implement.model.batch import Pause
from batch_implement.model.outcomes import Assigned, CheckRuns, Ended, Paused, TimeRuns, Waiting
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.rests import rested
from batch_implement.oversight.waits import current_wait, seconds_left, woken
from batch_implement.proof.checker import first_run_failed
from batch_implement.scheduling.ready import current_feature, ready
from batch_implement.system import clock
from batch_implement.system.patience import PATIENCE, Delay
from batch_implement.workspace.baseline import to_record

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.attempt import Baseline
    from batch_implement.model.batch import Batch, Wait
    from batch_implement.model.check import Check
    from batch_implement.model.kinds import PauseKind, ResumesWhen
    from batch_implement.model.outcomes import News, Outcome

_EARLIER = Pause(kind="earlier")
_NAMED = 12


@answered
def next_feature(project: Project, *, wait: float, news: tuple[News, ...] = ()) -> Outcome:
    """The current assignment again, or the next; idempotent.

    ``wait`` is how long (seconds) to wait for the checks that are run once before the first feature.
    """
    batch = project.state.read()
    refuse_stranger(batch, project.session)
    batch = compared_with_git(project, batch)
    return go_on(project, batch, wait=wait, news=news)


def go_on(project: Project, batch: Batch, *, wait: float, news: tuple[News, ...] = ()) -> Outcome:
    """As :func:`next_feature`, from a batch that was just read or written."""
    if stopped := _stopped(batch):
        return stopped
    awoken = _awoken(project, batch, wait)
    if isinstance(awoken, Waiting):
        return awoken
    batch = awoken
    if batch.check is not None and batch.check.baseline is None:
        check = project.checker.first_run(batch.batch_id, batch.check, wait=wait)
        if check is None:
            return Waiting(cause=CheckRuns(command=batch.check.command, is_first=True))
        batch = project.state.update(lambda current: _first_run(current, check))
        if check.baseline is None:
            return go_on(project, batch, wait=wait, news=news)
        if first_run_failed(check):
            return pause_for_check(project, check)
    for attempt in batch.open_attempts.values():
        if attempt.proof is not None and (adopted := adopt_commit(project, batch, attempt)):
            batch, said = adopted
            news = (*news, said)
    if current_feature(batch) is None:
        return _finish(project, batch)
    for index in ready(batch):
        batch = _begin(project, batch, index)
    return Assigned(batch=batch, news=news)


def _finish(project: Project, batch: Batch) -> Outcome:
    """End the batch and tell of it."""
    deliver(project, batch, final=True)
    batch = project.state.update(_ended)
    if not batch.is_over:  # something was opened again, or a person has paused it meanwhile
        return go_on(project, batch, wait=0.0)
    project.observe(project, BatchEnded(batch))
    return Ended(batch=batch, is_news=True)


def pause(
    project: Project,
    kind: PauseKind,
    *,
    about: str = "",
    feature: int | None = None,
    count: int | None = None,
    output: str = "",
    resumes_when: ResumesWhen = "resumed",
) -> Outcome:
    """Hold the batch until a person says how to go on."""
    why = Pause(
        kind=kind,
        since=clock.timestamp(project.now()),
        about=about,
        feature=feature,
        count=count,
        output=output,
        resumes_when=resumes_when,
    )
    batch = project.state.update(
        lambda batch: (
            Transition(
                "paused",
                replace(rested(batch, why.since), status="paused", pause=why, waits=()),
                kind=kind,
            )
            if batch.is_going
            else NOTHING
        )
    )
    if batch.pause != why and (stopped := _stopped(batch)):
        return stopped  # before this call could
    project.observe(project, BatchPaused(batch, why))
    return Paused(pause=why)


def pause_for_check(project: Project, check: Check) -> Outcome:
    """The check fails before any feature has begun, so nothing could be proven."""
    first = check.baseline
    output = "\n".join((*first.failed[:_NAMED], first.output.strip())) if first is not None else ""
    return pause(project, "failing-check", about=check.command, output=output, resumes_when="mended")


def _stopped(batch: Batch) -> Outcome | None:
    if batch.status == "paused":
        return Paused(pause=batch.pause or _EARLIER)
    return Ended(batch=batch) if batch.is_over else None


def _awoken(project: Project, batch: Batch, wait: float) -> Batch | Waiting:
    """The batch when there is nothing (any more) to wait for.

    Beside an interactive session a hook keeps the time, and the session need not spend a turn on it.
    """
    waited = current_wait(batch)
    if waited is None:
        return batch
    left = seconds_left(waited, project.now())
    if left > 0 and project.session.attended:
        return Waiting(cause=TimeRuns(wait=waited, is_woken=True))
    if left > 0 and project.session.session_id:
        _sleep(min(left, wait), waited)
        batch = project.state.read()
        waited = current_wait(batch)  # somebody may have ended it meanwhile, or decided on another
        if waited is None:
            return batch
        left = seconds_left(waited, project.now())
    if left > 0:
        return Waiting(cause=TimeRuns(wait=waited))
    return project.state.update(woken)


def _sleep(seconds: float, waited: Wait) -> None:
    if seconds > PATIENCE:
        Delay("time", clock.local_time(waited.at), seconds).say()
    time.sleep(seconds)


def _first_run(batch: Batch, check: Check) -> Transition:
    exit_code = check.baseline.exit_code if check.baseline is not None else None
    return Transition("baseline", replace(batch, check=check), exit_code=exit_code, tests=check.tests)


def _begin(project: Project, batch: Batch, index: int) -> Batch:
    """Write down that work on a feature begins, and what in the tree is not its own."""
    take_branch(project, batch, index)
    baseline = _kept_baseline(batch, index) or to_record(baseline_now(project, batch))
    at = clock.timestamp(project.now())

    def begin(current: Batch) -> Transition:
        # Another call may have begun one meanwhile.
        may = index in ready(current)
        return attempts.begin(current, index, at=at, baseline=baseline) if may else NOTHING

    return project.state.update(begin)


def _kept_baseline(batch: Batch, index: int) -> Baseline | None:
    """A second attempt goes on from what the first one left in the tree, so it keeps its baseline."""
    earlier = batch.attempts.get(index, ())
    return earlier[-1].baseline if earlier else None


def _ended(batch: Batch) -> Transition:
    if not batch.is_going or current_feature(batch) is not None:
        return NOTHING
    return Transition("ended", replace(batch, status="completed"))
