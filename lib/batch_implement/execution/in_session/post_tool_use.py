"""The user has answered a question of Claude's: the answer to the first-run question is kept.

Only a person gives a consent, so the model doesn't carry the answer here: the client tells it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.session import Session

_ANSWERS = {"yes": True, "no": False}


def answer(_root: str, _session: Session, event: Mapping[str, Any]) -> None:
    """Keep what was answered, where it was our question."""
    response = event.get("tool_response")
    if event.get("tool_name") != "AskUserQuestion" or not isinstance(response, dict):
        return
    from batch_implement.execution.in_session.consent_given import keep  # noqa: PLC0415 -- for this tool alone

    for question, chosen in (response.get("answers") or {}).items():
        granted = _ANSWERS.get(str(chosen).strip().lower())
        if granted is not None:
            keep(str(question), granted=granted)
