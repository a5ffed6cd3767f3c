"""Which session a batch belongs to, and whether that session is still there."""

from __future__ import annotations

from batch_implement.errors import BatchStateError
from batch_implement.model.progress import NOTHING, RUNNING
from batch_implement.state.journal import Transition
from batch_implement.system.process import identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.model.progress import Fields

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


def owner_record(session: Session, at: str) -> dict[str, Any]:
    return {"session_id": session.session_id, "client": session.client, "since": at}


def is_owner(fields: Fields, session: Session) -> bool:
    """By its client, whose session has a new id after ``/clear``; or by its id, which it keeps when it is
    continued. Continued a second time beside the first it has the id too, but that one's client runs.
    """
    owner = fields.get("owner") or {}
    if session.client and owner.get("client") == session.client:
        return True
    if not session.session_id or owner.get("session_id") != session.session_id:
        return False
    return not session.client or not owner_is_alive(fields)


def works_on(fields: Fields, session: Session) -> bool:
    """Whether the batch is going on, and is this session's."""
    return fields["status"] in RUNNING and is_owner(fields, session)


def owner_is_alive(fields: Fields) -> bool:
    """Whether the client that owns the batch still runs; unknown counts as not."""
    return identity.live_process(str((fields.get("owner") or {}).get("client", ""))) > 0


def refuse_stranger(fields: Fields, session: Session) -> None:
    """Raise for a session that doesn't own the batch; a person's shell, which has no session, may."""
    if session.session_id and fields.get("owner") and not is_owner(fields, session):
        raise BatchStateError(
            "The batch in this project belongs to another Claude Code session. Leave it alone; "
            "to take it over, type /batch-implement --resume."
        )


def adopt(session: Session, at: str, fields: Fields) -> Transition:
    """The batch belongs to this session from now on."""
    owner = fields.get("owner") or {}
    if (owner.get("session_id"), owner.get("client")) == (session.session_id, session.client):
        return NOTHING
    return Transition("adopted", {"owner": owner_record(session, at)}, {"session": session.session_id})
