"""A feature on which turn after turn ends without anything done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.advance import next_feature, pause
from batch_implement.engine.fail import fail_feature
from batch_implement.execution.in_session.stop import MAX_BLOCKS, MAX_STALLED_FEATURES, is_last_chance
from batch_implement.state.journal import Transition

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.progress import Fields

_NO_WAIT = 0.0


def give_up(project: Project, fields: Fields, said: str) -> str:
    """The next assignment after the stalled feature has failed; ``""`` when the batch pauses."""
    stalls = fields.get("stalls") or {}
    features, row = int(stalls.get("features", 0)) + 1, int(stalls.get("row", 0)) + 1
    if is_last_chance(fields):
        pause(project, f"turn after turn ended without anything done; the last words were: {said}.")
        return ""
    attempt = fields.get("attempt")
    if attempt is None:
        outcome = next_feature(project, wait=_NO_WAIT)
        return outcome.text if outcome.kind == "assigned" else ""
    error = (
        f"No progress: {MAX_BLOCKS} turns in a row ended without anything done. The last words were: {said}"
    )
    outcome = fail_feature(project, attempt["feature_index"] + 1, error=error, wait=_NO_WAIT)
    if features >= MAX_STALLED_FEATURES and outcome.kind == "assigned":
        pause(project, f"{features} features in a row came to nothing; the last words were: {said}.")
        return ""
    if outcome.kind == "assigned":
        after = {"place": None, "blocks": 0, "row": row, "features": features}
        project.state.update(lambda _: Transition("stalled", {"stalls": after}, {"features": features}))
    return outcome.text
