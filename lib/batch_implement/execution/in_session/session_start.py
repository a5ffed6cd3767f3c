"""A session begins, goes on, or has lost its context: the owner of the batch is given it again."""

from __future__ import annotations

from batch_implement.model.record import replace
from batch_implement.model.transition import Transition
from batch_implement.oversight.ownership import adopt, continue_with, is_owner, owner_is_alive, works_on
from batch_implement.presentation.standing import MARK, standing, unfinished
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile
from batch_implement.system import clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.model.batch import Batch
    from batch_implement.oversight.session import Session

_NAME = "session-start"
_REASON = 200


def answer(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Context for the session that owns the batch, one line for any other, nothing without a batch."""
    state = StateFile(state_file(home))
    if not state.exists():
        return None
    batch = state.read()
    if batch.is_over and not owner_is_alive(batch):
        state.archive()
        return None
    if not session.attended and batch.is_going and not owner_is_alive(batch):
        from batch_implement.execution.in_session.automatic_resumption import (  # noqa: PLC0415 -- seldom
            first_message,
        )

        if message := first_message(home, session):
            return {"hookSpecificOutput": {"hookEventName": "SessionStart", "initialUserMessage": message}}
    if works_on(batch, session):
        at = clock.current_timestamp()
        if event.get("source") == "resume":
            batch = state.update(lambda current: continue_with(session, at, current))
            from batch_implement.execution.in_session.behind import do_behind  # noqa: PLC0415 -- seldom

            do_behind(home, _NAME, lambda: _compare_with_git(home, session))
        else:
            # Before it is told what to do: an agent of the client before this one is gone.
            batch = state.update(lambda current: adopt(session, at, current))
        if event.get("source") == "compact":
            batch = state.update(_compacted)
    text = _context(home, batch, session)
    if not text:
        return None
    told = {"hookSpecificOutput": {"hookEventName": "SessionStart", "additionalContext": text}}
    return (
        told
        if works_on(batch, session)
        else {**told, "systemMessage": unfinished(batch, is_elsewhere=owner_is_alive(batch))}
    )


def _compare_with_git(home: str, session: Session) -> None:
    from pathlib import Path  # noqa: PLC0415 -- heavy, and behind the answer

    from batch_implement.engine.project import Project  # noqa: PLC0415 -- the same
    from batch_implement.engine.reconciliation import compared_with_git  # noqa: PLC0415 -- the same
    from batch_implement.errors import GitError  # noqa: PLC0415 -- the same

    project = Project(Path(home), Path(home), session)
    try:
        compared_with_git(project, project.state.read())
    except GitError:
        return  # what is wrong with the repository is said at the next step


def _stands_as_recorded(home: str, batch: Batch) -> bool:
    """Whether the feature at work began from the commit that is checked out, told without starting git.

    Whatever else may be missing, its work goes on from there.
    """
    if batch.owner is None or batch.owner.is_compared:
        return True
    from batch_implement.system.git.head import checked_out_commit  # noqa: PLC0415 -- seldom

    at_work = next(iter(batch.open_attempts.values()), None)
    return at_work is not None and at_work.base_commit == checked_out_commit(home)


def _context(home: str, batch: Batch, session: Session) -> str:
    if batch.status == "paused":
        from batch_implement.presentation.pauses import reason_of  # noqa: PLC0415 -- not while it goes on
        from batch_implement.system.text.shortening import shorten  # noqa: PLC0415 -- the same

        # A reason may end with the output of a check, which is for the status.
        reason = reason_of(batch.pause).partition("\n")[0] if batch.pause is not None else ""
        return (
            f"{MARK} The batch in this project is paused ({shorten(reason, _REASON)}). "
            "The user goes on with /batch-implement --resume."
        )
    if not batch.is_going:
        return ""
    if is_owner(batch, session):
        from batch_implement.presentation.prompts import resumed  # noqa: PLC0415 -- not for strangers

        return resumed(batch, is_sure=_stands_as_recorded(home, batch))
    return (
        f"{MARK} A batch of features is waiting in this project ({standing(batch)}); it is not this "
        "session's task. The user can see it with /batch-status, and go on with /batch-implement --resume."
    )


def _compacted(batch: Batch) -> Transition:
    return Transition("compacted", replace(batch, compactions=batch.compactions + 1))
