"""The edge of the engine: what was refused inside of it becomes an outcome."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from batch_implement.model.outcomes import Refused
from batch_implement.model.refusals import NoSuchFeature, NotAtWork, NotGoing, RefusedError, StrangerSession
from batch_implement.oversight.ownership import is_owner
from batch_implement.scheduling.ready import current_feature

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    from batch_implement.model.attempt import Attempt
    from batch_implement.model.batch import Batch
    from batch_implement.model.outcomes import Outcome
    from batch_implement.oversight.session import Session

    P = ParamSpec("P")


def answered(step: Callable[P, Outcome]) -> Callable[P, Outcome]:
    """An entry of the engine: :class:`RefusedError` is returned as :class:`Refused`."""

    @wraps(step)
    def answering(*arguments: P.args, **options: P.kwargs) -> Outcome:
        try:
            return step(*arguments, **options)
        except RefusedError as error:
            return Refused(refusal=error.refusal)

    return answering


def refuse_stranger(batch: Batch, session: Session) -> None:
    """A session that doesn't own the batch leaves it alone; a person's shell, which has none, need not."""
    if session.session_id and batch.owner is not None and not is_owner(batch, session):
        raise RefusedError(StrangerSession())


def require_going(batch: Batch) -> None:
    if not batch.is_going:
        raise RefusedError(NotGoing(status=batch.status, pause=batch.pause))


def attempt_at(batch: Batch, number: int) -> Attempt:
    """The open attempt at a feature, by its number from 1."""
    total = len(batch.features)
    if not 1 <= number <= total:
        raise RefusedError(NoSuchFeature(number=number, total=total))
    attempt = batch.open_attempts.get(number - 1)
    if attempt is None:
        current = current_feature(batch)
        raise RefusedError(NotAtWork(number=number, current=None if current is None else current + 1))
    return attempt
