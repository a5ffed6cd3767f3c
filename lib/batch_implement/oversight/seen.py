"""What is seen of a batch beside its state."""

from __future__ import annotations

from batch_implement.oversight.ownership import owner_is_alive
from batch_implement.oversight.signs import sign_of
from batch_implement.oversight.workers import at_work
from batch_implement.system.clock import current_timestamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

    from batch_implement.model.batch import Batch
    from batch_implement.oversight.signs import Sign


class Seen:
    """``at`` is now; ``is_alone``: no session works on it; ``sign``: what its session waits for.

    Then how many failures in a row keep features from being tried again, and issues from being closed; 0 for
    none.
    """

    __slots__ = ("at", "is_alone", "refused_closings", "refused_retries", "sign")

    def __init__(
        self,
        at: str,
        *,
        is_alone: bool = False,
        sign: Sign | None = None,
        refused_retries: int = 0,
        refused_closings: int = 0,
    ) -> None:
        self.at = at
        self.is_alone = is_alone
        self.sign = sign
        self.refused_retries = refused_retries
        self.refused_closings = refused_closings

    @property
    def is_asking(self) -> bool:
        return self.sign is not None and bool(self.sign.asked)


def look(home: str | os.PathLike[str], batch: Batch) -> Seen:
    """What can be seen from here now."""
    sign = sign_of(home, batch)
    if sign is not None and not sign.asked and at_work(batch):
        sign = None  # an agent goes on beside a turn that was interrupted
    return Seen(current_timestamp(), is_alone=_is_left_alone(batch), sign=sign)


def _is_left_alone(batch: Batch) -> bool:
    """Whether it is to go on, and no session works on it. A client that is not known may be there."""
    owner = batch.owner
    return batch.is_going and (owner is None or (bool(owner.client) and not owner_is_alive(batch)))
