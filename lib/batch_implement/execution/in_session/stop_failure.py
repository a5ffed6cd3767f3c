"""A turn ended because the API failed: only the session that owns a batch has to do something about it."""

from __future__ import annotations

from batch_implement.oversight.ownership import works_on
from batch_implement.oversight.workers import cut_off
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.ownership import Session


def answer(root: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """What becomes of the batch; a subagent's error is its caller's to see, and only noted."""
    state = StateFile(state_file(root))
    if not state.exists():
        return None
    fields = state.read()
    if not works_on(fields, session):
        return None
    if agent_id := event.get("agent_id"):
        state.update(lambda current: cut_off(current, str(agent_id)))
        return None
    from pathlib import Path  # noqa: PLC0415 -- only after a failure

    from batch_implement.engine.project import Project  # noqa: PLC0415 -- the same
    from batch_implement.execution.in_session.outage import wait_out, wait_out_alone  # noqa: PLC0415 -- the same
    from batch_implement.system.process.daemon import become_daemon  # noqa: PLC0415 -- the same

    project = Project(Path(root), Path(root), session)
    if session.attended:
        return wait_out(project, fields, event)
    # A headless client kills its hooks when it ends, which is about now.
    become_daemon(lambda: wait_out_alone(project, fields, event))
    return None
