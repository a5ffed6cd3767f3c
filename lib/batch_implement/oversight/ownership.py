"""Which session a batch belongs to, and whether that session is still there."""

from __future__ import annotations

from batch_implement.model.batch import Owner
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.rests import left_alone
from batch_implement.system.process import identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.batch import Batch
    from batch_implement.oversight.session import Session


def owner_of(session: Session, at: str) -> Owner:
    return Owner(session_id=session.session_id, client=session.client, since=at)


def is_owner(batch: Batch, session: Session) -> bool:
    """By its client, whose session has a new id after ``/clear``; or by its id, which it keeps when it is
    continued. Continued a second time beside the first it has the id too, but that one's client runs.
    """
    owner = batch.owner
    if owner is None:
        return False
    if session.client and owner.client == session.client:
        return True
    if not session.session_id or owner.session_id != session.session_id:
        return False
    return not session.client or not owner_is_alive(batch)


def works_on(batch: Batch, session: Session) -> bool:
    """Whether the batch is going on, and is this session's."""
    return batch.is_going and is_owner(batch, session)


def owner_is_alive(batch: Batch) -> bool:
    """Whether the client that owns the batch still runs; unknown counts as not."""
    return batch.owner is not None and identity.live_process(batch.owner.client) > 0


def continue_with(session: Session, at: str, batch: Batch) -> Transition:
    """As :func:`adopt`, by a session that was continued: what the machine has lost since is not known yet."""
    owner = replace(owner_of(session, at), is_compared=False)
    return Transition("adopted", replace(_found(batch, session, at), owner=owner), session=session.session_id)


def adopt(session: Session, at: str, batch: Batch) -> Transition:
    """The batch belongs to this session from now on."""
    owner = batch.owner
    if owner is not None and (owner.session_id, owner.client) == (session.session_id, session.client):
        return NOTHING
    found = _found(batch, session, at)
    return Transition("adopted", replace(found, owner=owner_of(session, at)), session=session.session_id)


def _found(batch: Batch, session: Session, at: str) -> Batch:
    """The batch as a session comes upon it: another client may have left it alone for a while."""
    owner = batch.owner
    return batch if owner is None or owner.client == session.client else left_alone(batch, at)
