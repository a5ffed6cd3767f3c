"""Which session a batch belongs to, and whether that session is still there."""

from __future__ import annotations

from batch_implement.model.batch import Owner
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.system.process import identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.model.batch import Batch

_LONGEST_ID = 100


class Session:
    """Who is calling: the Claude Code session, and its client's process; empty for a person's shell.

    ``attended`` is False for a headless session: nobody can be asked, and no monitor runs beside it.
    """

    __slots__ = ("attended", "client", "session_id")  # no dataclass: importing those doubles a hook's time

    def __init__(self, session_id: str = "", client: str = "", attended: bool = False) -> None:
        self.session_id = session_id[:_LONGEST_ID]
        self.client = client
        self.attended = attended

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> Session:
        """As Claude Code tells a command that it runs, and a hook."""
        session_id, pid = environment.get("CLAUDE_CODE_SESSION_ID", ""), environment.get("CLAUDE_PID", "")
        client = identity.identity(int(pid)) if pid.isascii() and pid.isdigit() else ""
        attended = bool(session_id) and environment.get("CLAUDE_CODE_SESSION_ATTENDED") != "0"
        return cls(session_id, client, attended)

    def with_id(self, session_id: str) -> Session:
        """As a hook is told it, which may be another than its environment's."""
        return Session(session_id, self.client, self.attended)


NO_SESSION = Session()


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
    return Transition("adopted", replace(batch, owner=owner), session=session.session_id)


def adopt(session: Session, at: str, batch: Batch) -> Transition:
    """The batch belongs to this session from now on."""
    owner = batch.owner
    if owner is not None and (owner.session_id, owner.client) == (session.session_id, session.client):
        return NOTHING
    return Transition("adopted", replace(batch, owner=owner_of(session, at)), session=session.session_id)
