"""One of many writers: makes updates and acknowledges each one; started and killed by many_writers.py.

Arguments: package folder, state file, file for acknowledgements, name, number of updates, variant.
"""

from __future__ import annotations

import os
import sys

sys.path.insert(0, sys.argv[1])

from batch_implement.model import progress
from batch_implement.model.evidence import Evidence
from batch_implement.model.record import replace
from batch_implement.model.transition import Transition
from batch_implement.state import held_state, state_file
from batch_implement.system.files.folder import Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from batch_implement.model.batch import Batch


class NoLock:
    def __enter__(self) -> NoLock:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def confirm(self) -> None:
        return


def write_in_place(folder: Folder, name: str, *parts: bytes, before_replace: Any = None) -> None:
    data = b"".join(parts)
    if before_replace is not None:
        before_replace()
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600, dir_fd=folder.descriptor)
    half = len(data) // 2
    os.write(descriptor, data[:half])
    os.write(descriptor, data[half:])
    os.fsync(descriptor)
    os.close(descriptor)


def note(name: str, batch: Batch) -> Transition:
    """Three fields that have to agree whenever anyone looks, and a feature that may be counted once."""
    index = batch.sequence % len(batch.features)
    after = progress.complete(batch, index, Evidence(), at="2026-01-01T00:00:00.000000Z")
    tokens = batch.context_token_estimate + 1
    return Transition("noted", replace(after, context_token_estimate=tokens, notices=(*batch.notices, name)))


def main() -> None:
    path, acknowledgements, name, updates, variant = sys.argv[2:7]
    if variant == "no lock":
        held_state.locked = lambda *_: NoLock()  # type: ignore[assignment]
    if variant == "in place":
        Folder.write = write_in_place  # type: ignore[method-assign]
    state = state_file.StateFile(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    descriptor = os.open(acknowledgements, flags, 0o600)
    for number in range(int(updates)):
        unique = f"{name}.{number}"
        state.update(lambda batch, unique=unique: note(unique, batch))  # type: ignore[misc]
        os.write(descriptor, unique.encode() + b"\n")


main()
