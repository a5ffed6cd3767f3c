"""When nothing is done for a batch."""

from __future__ import annotations

from batch_implement.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.kinds import RestKind, Time


@record(frozen=True, kw_only=True)
class Rest:
    """A time that is no work of the batch's; two may overlap."""

    kind: RestKind
    since: Time
    until: Time
