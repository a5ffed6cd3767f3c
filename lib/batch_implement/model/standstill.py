"""When nothing is done for a batch: it stood still, or Claude has asked a person."""

from __future__ import annotations

from batch_implement.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.kinds import Count, Line, RestKind, Time


@record(frozen=True, kw_only=True)
class Rest:
    """A time that is no work of the batch's; two may overlap."""

    kind: RestKind
    since: Time
    until: Time


@record(frozen=True, kw_only=True)
class Asked:
    """Claude has asked whether it may use a tool."""

    at: Time
    tool: Line
    sequence: Count
    """Of the transition that wrote this down: after another one it was answered."""
    transcript: str = ""
    """Of the conversation that asked: it grows when there is an answer."""
