"""What a decision came to."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batch_implement.model.batch import Batch

    Decide = Callable[[Batch], "Transition"]


class Transition:
    """A named change of a batch: the event, the batch after it, and what a reader of the journal should
    know. ``after`` is None when there is nothing to do, and nothing is written then.
    """

    __slots__ = ("after", "details", "event")

    def __init__(self, event: str, after: Batch | None, **details: object) -> None:
        self.event = event
        self.after = after
        self.details: Mapping[str, object] = details


NOTHING = Transition("nothing", None)
