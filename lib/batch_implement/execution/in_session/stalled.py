"""A feature on which turn after turn ends without anything done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.engine.advance import next_feature, pause
from batch_implement.engine.fail import give_up as give_up_feature
from batch_implement.engine.project import Project
from batch_implement.model.outcomes import Assigned, Waiting
from batch_implement.oversight.stalls import (
    MAX_BLOCKS,
    MAX_STALLED_FEATURES,
    given_up,
    is_last_chance,
    stalled_attempt,
    stalls_of,
)
from batch_implement.presentation.observer import observe

if TYPE_CHECKING:
    from batch_implement.model.batch import Batch
    from batch_implement.oversight.session import Session

_NO_WAIT = 0.0


def give_up(home: str, session: Session, batch: Batch, said: str) -> tuple[Batch, bool]:
    """The batch after the stalled feature has failed, and whether it goes on."""
    project = Project(Path(home), Path(home), session, observe=observe)
    stalls = stalls_of(batch)
    features, row = stalls.features + 1, stalls.row + 1
    if is_last_chance(batch):
        pause(project, "no-progress", about=said)
        return project.state.read(), False
    attempt = stalled_attempt(batch)
    if attempt is None:
        outcome = next_feature(project, wait=_NO_WAIT)
        return project.state.read(), isinstance(outcome, Assigned)
    error = (
        f"No progress: {MAX_BLOCKS} turns in a row ended without anything done. The last words were: {said}"
    )
    outcome = give_up_feature(project, attempt.feature_index + 1, error=error, wait=_NO_WAIT)
    if isinstance(outcome, Assigned) and features >= MAX_STALLED_FEATURES:
        pause(project, "stalled", about=said, count=features)
        return project.state.read(), False
    if isinstance(outcome, Assigned):
        project.state.update(lambda current: given_up(current, features, row))
    return project.state.read(), isinstance(outcome, Assigned | Waiting)
