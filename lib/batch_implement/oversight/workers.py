"""Whether the worker of a feature is at work, has ended, or was cut off."""

from __future__ import annotations

AGENT = "batch-implement:feature-implementer"
"""The agent of this plugin that implements a feature, by the name that Claude Code calls it."""
REVIEWER = "batch-implement:feature-reviewer"
"""The one that looks at what was implemented."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.attempt import Attempt
    from batch_implement.model.batch import Batch


def is_at_work(batch: Batch, attempt: Attempt) -> bool:
    """Whether its worker was started by the client that owns the batch, and did not end as far as is known.

    Nobody tells when a person ends an agent. A turn that is ended to wait for one that is gone is sent on at
    once, and then it counts as cut off.
    """
    client = batch.owner.client if batch.owner is not None else ""
    return bool(client) and attempt.worker is not None and attempt.worker.client == client


def at_work(batch: Batch) -> tuple[Attempt, ...]:
    """The attempts whose workers are at work."""
    return tuple(attempt for attempt in batch.open_attempts.values() if is_at_work(batch, attempt))


def was_cut_off(batch: Batch, attempt: Attempt) -> bool:
    """Whether who implements it was; a reviewer leaves nothing half done."""
    worker = attempt.worker
    return worker is not None and worker.kind != "reviewer" and not is_at_work(batch, attempt)
