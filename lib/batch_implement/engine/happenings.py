"""What the engine tells those who watch a batch; it does not know who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from batch_implement.model.batch import Batch, Pause, Wait


@dataclass(frozen=True)
class BatchEnded:
    batch: Batch


@dataclass(frozen=True)
class BatchPaused:
    batch: Batch
    pause: Pause


@dataclass(frozen=True)
class BatchWaits:
    batch: Batch
    wait: Wait


Happening: TypeAlias = BatchEnded | BatchPaused | BatchWaits
