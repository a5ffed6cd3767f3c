"""A session begins, goes on, or has lost its context: the owner of the batch is given it again."""

from __future__ import annotations

from batch_implement.model.progress import RUNNING
from batch_implement.oversight.ownership import adopt, is_owner, owner_is_alive, works_on
from batch_implement.presentation.prompts import MARK, resumed, standing
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile
from batch_implement.system import clock
from batch_implement.system.text.shortening import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.model.progress import Fields
    from batch_implement.oversight.ownership import Session
    from batch_implement.state.document import Document

_REASON = 200
_OVER = frozenset({"completed", "failed", "cancelled"})


def answer(root: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Context for the session that owns the batch, one line for any other, nothing without a batch."""
    state = StateFile(state_file(root))
    if not state.exists():
        return None
    fields = state.read()
    if fields["status"] in _OVER and not owner_is_alive(fields):
        state.archive()
        return None
    if event.get("source") == "resume" and works_on(fields, session):
        fields = _compared_with_git(root, session)
    if not session.attended and fields["status"] in RUNNING and not owner_is_alive(fields):
        from batch_implement.execution.in_session.automatic_resumption import first_message  # noqa: PLC0415 -- seldom

        if message := first_message(root, session):
            return {"hookSpecificOutput": {"hookEventName": "SessionStart", "initialUserMessage": message}}
    if works_on(fields, session):
        at = clock.timestamp(clock.utc_now())
        # Before it is told what to do: an agent of the client before this one is gone.
        fields = state.update(lambda current: adopt(session, at, current))
        if event.get("source") == "compact":
            state.update(_compacted)
    text = _context(fields, session)
    if not text:
        return None
    return {"hookSpecificOutput": {"hookEventName": "SessionStart", "additionalContext": text}}


def _compared_with_git(root: str, session: Session) -> Document:
    """A session that is continued may have ended with the machine."""
    from pathlib import Path  # noqa: PLC0415 -- heavy, and seldom

    from batch_implement.engine.project import Project  # noqa: PLC0415 -- the same
    from batch_implement.engine.reconciliation import disbelieve_lost_commits  # noqa: PLC0415 -- the same
    from batch_implement.errors import GitError  # noqa: PLC0415 -- the same

    project = Project(Path(root), Path(root), session)
    try:
        disbelieve_lost_commits(project)
    except GitError:
        pass  # what is wrong with the repository is said at the next step
    return project.state.read()


def _context(fields: Fields, session: Session) -> str:
    if fields["status"] == "paused":
        # A reason may end with the output of a check, which is for the status.
        reason = shorten((fields.get("pause") or {}).get("reason", "").partition("\n")[0], _REASON)
        return (
            f"{MARK} The batch in this project is paused ({reason}). "
            "The user goes on with /batch-implement --resume."
        )
    if fields["status"] not in RUNNING:
        return ""
    if is_owner(fields, session):
        return resumed(fields)
    return (
        f"{MARK} A batch of features is waiting in this project ({standing(fields)}); it is not this "
        "session's task. The user can see it with /batch-status, and go on with /batch-implement --resume."
    )


def _compacted(fields: Fields) -> Any:
    from batch_implement.state.journal import Transition  # noqa: PLC0415 -- seldom

    return Transition("compacted", {"compactions": int(fields.get("compactions", 0)) + 1})
