"""Who is calling: a Claude Code session, or a person at a shell. Every hook loads this first."""

from __future__ import annotations

from batch_implement.system.process import identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_ID = 100


class Session:
    """Who is calling: the Claude Code session, and its client's process; empty for a person's shell.

    ``attended`` is False for a headless session: nobody can be asked, and it ends with its
    last turn, so no hook could wake it.
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
        attended = bool(session_id) and _is_attended(environment)
        return cls(session_id, client, attended)

    def with_id(self, session_id: str) -> Session:
        """As a hook is told it, which may be another than its environment's."""
        return Session(session_id, self.client, self.attended)


def _is_attended(environment: Mapping[str, str]) -> bool:
    """Older clients say only how they were started."""
    said = environment.get("CLAUDE_CODE_SESSION_ATTENDED", "")
    return said != "0" if said else environment.get("CLAUDE_CODE_ENTRYPOINT", "cli") == "cli"


NO_SESSION = Session()
