"""What a failed feature means for those that need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.model.progress import execution_order, failed_indices

if TYPE_CHECKING:
    from batch_implement.model.progress import Fields

# From here on a dependency holds a feature back when what it needs has failed.
FIRM = 0.6


def hold_dependents(fields: Fields, index: int) -> dict[str, str]:
    """``held`` with every open feature that needs the failed one, directly or through another."""
    held = dict(fields.get("held") or {})
    dependencies = firm_dependencies(fields)
    closed = set(fields.get("completed_features", ())) | failed_indices(fields)
    missing = {index}
    for feature in execution_order(fields):
        needed = missing & set(dependencies.get(str(feature), ()))
        if needed and feature not in closed and feature != index:
            missing.add(feature)
            held.setdefault(str(feature), _held_reason(needed, index))
    return held


def release_dependents(fields: Fields, index: int) -> dict[str, str]:
    """``held`` without what was held for the feature that is done now, as far as nothing else is missing."""
    done = {*fields.get("completed_features", ()), index}
    dependencies = firm_dependencies(fields)
    still: set[int] = failed_indices(fields) - done
    held: dict[str, str] = {}
    for feature in execution_order(fields):
        reason = (fields.get("held") or {}).get(str(feature))
        needed = still & set(dependencies.get(str(feature), ()))
        if reason is not None and needed:
            still.add(feature)
            held[str(feature)] = reason
    return held


def firm_dependencies(fields: Fields) -> dict[str, list[int]]:
    """What features need for certain enough to hold them: the others only decide the order."""
    evidence = (fields.get("analysis_metadata") or {}).get("evidence")
    dependencies: dict[str, list[int]] = fields.get("feature_dependencies") or {}
    if evidence is None:
        return dependencies
    firm = {(edge["feature"], edge["on"]) for edge in evidence if edge["confidence"] >= FIRM}
    return {
        feature: [on for on in needed if (int(feature), on) in firm]
        for feature, needed in dependencies.items()
    }


def _held_reason(needed: set[int], failed: int) -> str:
    others = sorted(needed - {failed})
    if not others or failed in needed:
        return f"needs feature {failed + 1}, which failed"
    return f"needs feature {others[0] + 1}, which is held because feature {failed + 1} failed"
