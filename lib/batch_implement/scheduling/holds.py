"""What a failed feature means for those that need it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batch_implement.model.batch import Batch


def hold_dependents(batch: Batch, failed: int) -> Mapping[int, str]:
    """``held`` with every feature that needs the failed one, directly or through another, and is neither
    closed nor at work."""
    closed = frozenset(batch.completed_features) | batch.failed | batch.open_attempts.keys()
    open_ones = [index for index in batch.order if index not in closed and index != failed]
    lacking = _lacking(batch, {failed}, open_ones)
    return {**{index: _reason(needed, failed) for index, needed in lacking.items()}, **batch.held}


def release_dependents(batch: Batch, done: int) -> Mapping[int, str]:
    """``held`` without what was held for the feature that is done now, as far as nothing else is missing."""
    missing = set(batch.failed - {*batch.completed_features, done})
    lacking = _lacking(batch, missing, [index for index in batch.order if index in batch.held])
    return {index: batch.held[index] for index in lacking}


def firm_needs(batch: Batch, index: int) -> frozenset[int]:
    """What a feature needs for certain enough to be held for it; the rest only decides the order."""
    return frozenset(need.on for need in batch.features[index].needs if need.is_firm)


def _lacking(batch: Batch, missing: set[int], candidates: Sequence[int]) -> dict[int, frozenset[int]]:
    """The candidates that need something missing, or one another that does, with what they need of it."""
    found: dict[int, frozenset[int]] = {}
    before = -1
    while len(found) > before:
        before = len(found)
        for index in candidates:
            needed = firm_needs(batch, index) & (missing | found.keys())
            if needed and index not in found:
                found[index] = needed
    return found


def _reason(needed: frozenset[int], failed: int) -> str:
    others = sorted(needed - {failed})
    if not others or failed in needed:
        return f"needs feature {failed + 1}, which failed"
    return f"needs feature {others[0] + 1}, which is held because feature {failed + 1} failed"
