"""What another reader said of a feature's work, before it is believed."""

from __future__ import annotations

from batch_implement.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.kinds import Count, Line, Sentence


@record(frozen=True, kw_only=True)
class Review:
    """Of one tree; ``returned`` counts over all of an attempt."""

    tree: Line
    asked: Count = 0
    """How often a reviewer was asked for."""
    said: Sentence = ""
    """Its answer; ``""`` while there is none."""
    returned: Count = 0
    """How often what it found went back to who implements."""
