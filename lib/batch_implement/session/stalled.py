"""A feature on which turn after turn ends without anything done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.lifecycle.fail import fail_feature
from batch_implement.lifecycle.next_feature import next_feature, pause
from batch_implement.session.stop import MAX_BLOCKS, MAX_STALLED_FEATURES
from batch_implement.state.journal import Transition

if TYPE_CHECKING:
    from batch_implement.lifecycle.project import Project
    from batch_implement.state.progress import Fields

_NO_WAIT = 0.0


def give_up(project: Project, fields: Fields, said: str) -> str:
    """The next assignment after the stalled feature has failed; ``""`` when the batch pauses."""
    features = int((fields.get("stalls") or {}).get("features", 0)) + 1
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
    stalls = {"place": None, "blocks": 0, "features": features}
    if outcome.kind == "assigned":
        project.state.update(lambda _: Transition("stalled", {"stalls": stalls}, {"features": features}))
    return outcome.text
