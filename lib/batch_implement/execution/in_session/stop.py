"""Claude wants to end its turn: while the batch has work left, it is told what that is instead."""

from __future__ import annotations

from batch_implement.execution.in_session.terminal_notification import terminal_answer
from batch_implement.model.progress import RUNNING, current_feature
from batch_implement.oversight.ownership import is_owner
from batch_implement.oversight.workers import cut_off, is_at_work
from batch_implement.presentation.prompts import assignment
from batch_implement.state.home import state_file
from batch_implement.state.journal import Transition
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.model.progress import Fields
    from batch_implement.oversight.ownership import Session

# Without progress a turn is sent on this often for one feature; then the feature has failed.
MAX_BLOCKS = 3
# Claude Code overrides a hook that has sent the turn on so often in a row without a tool call between.
CLIENT_CAP = 8
# So many features in a row that came to nothing: something is wrong that another feature won't mend.
MAX_STALLED_FEATURES = 3
_OVER = frozenset({"completed", "failed", "cancelled"})
_OWN_COMMAND = "batch-implement"
_LAST_WORDS = 300


def answer(root: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The assignment, with which the turn goes on, or nothing, which lets it end."""
    state = StateFile(state_file(root))
    if not state.exists():
        return None
    fields = state.read()
    if not is_owner(fields, session):
        return None
    if fields["status"] in _OVER:
        state.archive()
        return terminal_answer(fields, "the batch has ended")
    if fields["status"] not in RUNNING or task_will_wake(event) or _monitor_will_wake(root, session, fields):
        return None
    if is_stalled(fields) or is_last_chance(fields):
        return _give_up(root, session, event, fields)
    fields = state.update(count_block)
    if is_at_work(fields):
        fields = state.update(cut_off)
    return _block(assignment(fields) + _waiting_for(event))


def _monitor_will_wake(root: str, session: Session, fields: Fields) -> bool:
    if not fields.get("wake"):
        return False
    from batch_implement.oversight.monitor_presence import will_be_woken  # noqa: PLC0415 -- seldom

    return will_be_woken(root, session)


def task_will_wake(event: Mapping[str, Any]) -> bool:
    """Whether something is running at whose end the client starts a turn by itself.

    A subagent, or our own command that was moved to the background. Any other background command may be
    a server that never ends, and the batch would stand still with it.
    """
    tasks = [task for task in event.get("background_tasks") or () if isinstance(task, dict)]
    return any(
        task.get("type") not in {"shell", "monitor"} or _OWN_COMMAND in str(task.get("command", ""))
        for task in tasks
        if task.get("type") != "monitor"
    )


def count_block(fields: Fields) -> Transition:
    """One more block on the current feature; what moved the batch meanwhile starts the count anew."""
    stalls = fields.get("stalls") or {}
    begun_anew = not is_same_place(fields)
    blocks = 0 if begun_anew else int(stalls.get("blocks", 0))
    row = 0 if begun_anew and stalls.get("place") else int(stalls.get("row", 0))
    features = int(stalls.get("features", 0))
    after = {"place": _place(fields), "blocks": blocks + 1, "row": row + 1, "features": features}
    return Transition("blocked", {"stalls": after}, {"blocks": blocks + 1})


def is_same_place(fields: Fields) -> bool:
    return bool((fields.get("stalls") or {}).get("place") == _place(fields))


def is_stalled(fields: Fields) -> bool:
    stalls = fields.get("stalls") or {}
    return is_same_place(fields) and int(stalls.get("blocks", 0)) >= MAX_BLOCKS


def is_last_chance(fields: Fields) -> bool:
    """Whether Claude Code will let the turn end after this, whatever a hook says."""
    stalls = fields.get("stalls") or {}
    stuck = is_same_place(fields) or not stalls.get("place")
    return stuck and int(stalls.get("row", 0)) >= CLIENT_CAP - 1


def _place(fields: Fields) -> list[Any]:
    """What changes whenever the batch moves: the feature, its attempt, and what was tried in it."""
    attempt = fields.get("attempt") or {}
    return [
        current_feature(fields),
        attempt.get("number"),
        attempt.get("failed_checks", 0),
        attempt.get("agents", 0),
    ]


def _give_up(root: str, session: Session, event: Mapping[str, Any], fields: Fields) -> dict[str, Any] | None:
    from pathlib import Path  # noqa: PLC0415 -- heavy, and seldom

    from batch_implement.engine.project import Project  # noqa: PLC0415 -- the same
    from batch_implement.execution.in_session.stalled import give_up  # noqa: PLC0415 -- the same

    said = " ".join(str(event.get("last_assistant_message") or "").split())[:_LAST_WORDS]
    outcome = give_up(Project(Path(root), Path(root), session), fields, said)
    return _block(outcome) if outcome else None


def _block(reason: str) -> dict[str, Any]:
    """Context goes on with the turn as a block does, but reaches Claude once instead of twice, and the
    person as something said instead of as an error."""
    return {"hookSpecificOutput": {"hookEventName": "Stop", "additionalContext": reason}}


def _waiting_for(event: Mapping[str, Any]) -> str:
    if not event.get("background_tasks"):
        return ""
    return "\nCommands run in the background: wait for one with a tool call, or leave it; don't end the turn."
