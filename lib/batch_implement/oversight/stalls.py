"""Turns of the session that ended without anything done: counted, so that they come to an end."""

from __future__ import annotations

from batch_implement.model.batch import Stalls
from batch_implement.model.record import replace
from batch_implement.model.transition import Transition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.attempt import Attempt
    from batch_implement.model.batch import Batch

# Without progress a turn is sent on this often for one feature; then the feature has failed.
MAX_BLOCKS = 3
# Claude Code overrides a hook that has sent the turn on so often in a row without a tool call between.
CLIENT_CAP = 8
# So many features in a row that came to nothing: something is wrong that another feature won't mend.
MAX_STALLED_FEATURES = 3
_NONE = Stalls()


def stalls_of(batch: Batch) -> Stalls:
    return batch.stalls or _NONE


def count_block(batch: Batch) -> Transition:
    """One more block; what moved the batch, or an attempt, meanwhile starts its count anew."""
    stalls, place = stalls_of(batch), _place(batch)
    is_new = stalls.place != place
    after = replace(
        stalls,
        place=place,
        blocks=1 if is_new else stalls.blocks + 1,
        row=1 if is_new and stalls.place else stalls.row + 1,
    )
    counted = {index: _counted(attempt) for index, attempt in batch.open_attempts.items()}
    return Transition("blocked", replace(batch, stalls=after, open_attempts=counted), blocks=after.blocks)


def given_up(batch: Batch, features: int, row: int) -> Transition:
    """A feature was given up for it, and the next has begun."""
    return Transition("stalled", replace(batch, stalls=Stalls(row=row, features=features)), features=features)


def stalled_attempt(batch: Batch) -> Attempt | None:
    """The attempt in which turn after turn nothing was tried."""
    return next(
        (
            one
            for one in batch.open_attempts.values()
            if one.stalls >= MAX_BLOCKS and one.tried == _tried(one)
        ),
        None,
    )


def is_stalled(batch: Batch) -> bool:
    """Whether an attempt is, or, where none is open, the batch before its next feature."""
    if batch.open_attempts:
        return stalled_attempt(batch) is not None
    stalls = stalls_of(batch)
    return stalls.place == _place(batch) and stalls.blocks >= MAX_BLOCKS


def is_last_chance(batch: Batch) -> bool:
    """Whether Claude Code will let the turn end after this, whatever a hook says."""
    stalls = stalls_of(batch)
    return stalls.place in {"", _place(batch)} and stalls.row >= CLIENT_CAP - 1


def _counted(attempt: Attempt) -> Attempt:
    tried = _tried(attempt)
    return replace(attempt, tried=tried, stalls=attempt.stalls + 1 if attempt.tried == tried else 1)


def _place(batch: Batch) -> str:
    """What changes whenever the batch moves."""
    at_work = [f"{one.feature_index}:{one.number}:{_tried(one)}" for one in batch.open_attempts.values()]
    if at_work:
        return " ".join(at_work)
    from batch_implement.scheduling.ready import current_feature  # noqa: PLC0415 -- seldom

    return f"before {current_feature(batch)}"


def _tried(attempt: Attempt) -> str:
    return f"{attempt.failed_checks} checks, {attempt.workers} workers"
