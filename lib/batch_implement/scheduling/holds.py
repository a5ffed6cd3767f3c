"""What a failed feature means for those that need it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.model.batch import Batch


def hold_dependents(batch: Batch, failed: int) -> Mapping[int, str]:
    """``held`` with every feature that needs the failed one, directly or through another, and is neither
    closed nor at work."""
    held = dict(batch.held)
    closed = frozenset(batch.completed_features) | batch.failed
    missing = {failed}
    for index in batch.order:
        needed = missing & firm_needs(batch, index)
        if needed and index not in closed and index not in batch.open_attempts and index != failed:
            missing.add(index)
            held.setdefault(index, _reason(needed, failed))
    return held


def release_dependents(batch: Batch, done: int) -> Mapping[int, str]:
    """``held`` without what was held for the feature that is done now, as far as nothing else is missing."""
    missing = set(batch.failed - {*batch.completed_features, done})
    held: dict[int, str] = {}
    for index in batch.order:
        if index in batch.held and missing & firm_needs(batch, index):
            missing.add(index)
            held[index] = batch.held[index]
    return held


def firm_needs(batch: Batch, index: int) -> frozenset[int]:
    """What a feature needs for certain enough to be held for it; the rest only decides the order."""
    return frozenset(need.on for need in batch.features[index].needs if need.is_firm)


def _reason(needed: set[int] | frozenset[int], failed: int) -> str:
    others = sorted(needed - {failed})
    if not others or failed in needed:
        return f"needs feature {failed + 1}, which failed"
    return f"needs feature {others[0] + 1}, which is held because feature {failed + 1} failed"
