"""How long one update of the state takes, against the least that the same durability costs.

    python -m benchmarks.state_update [--features 1000] [--rounds 200]

In one process: an update (lock, read, decide, journal, last good copy, write) against writing the same
bytes, fsync and rename. As a whole process: `python -I -S` and one update, against `python -c pass`.
Rounds are interleaved, and only the ratio of the medians means anything on another machine.

    python -m benchmarks.state_update --steps

What each of an update's promises costs: its system calls alone, one promise more at a time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

LIB = str(Path(__file__).parent.parent / "lib")
sys.path.insert(0, LIB)

from batch_implement.model import progress  # noqa: E402 -- needs the path above
from batch_implement.model.batch import Batch  # noqa: E402
from batch_implement.model.evidence import Evidence, Operation  # noqa: E402
from batch_implement.model.feature import Feature, Need  # noqa: E402
from batch_implement.model.record import replace  # noqa: E402
from batch_implement.model.transition import Transition  # noqa: E402
from batch_implement.state.state_file import StateFile  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from batch_implement.model.transition import Decide

ONE_UPDATE = f"""
import sys
sys.path.insert(0, {LIB!r})
from batch_implement.model import progress
from batch_implement.model.evidence import Evidence
from batch_implement.model.record import replace
from batch_implement.model.transition import Transition
from batch_implement.state.state_file import StateFile
index = int(sys.argv[2])
def complete(batch):
    after = progress.complete(batch, index, Evidence(), at="x")
    tokens = batch.context_token_estimate + 1
    return Transition("completed", replace(after, evidence=batch.evidence, context_token_estimate=tokens))
StateFile(sys.argv[1]).update(complete)
"""


def begin(folder: Path, features: int) -> StateFile:
    """A batch half done, its features as long as people write them (about 300 bytes each)."""
    (folder / ".git").mkdir()
    text = "as it is needed " * 18
    done = range(features // 2)
    commit = Operation(success=True, timestamp="2026-01-31T08:05:00.000000Z", sha="0" * 40, branch="main")
    batch = Batch(
        batch_id="batch-1",
        features_file="",
        features=tuple(
            Feature(id=str(n + 1), text=f"Feature {n}: {text}", needs=(Need(on=n - 1),) if n else ())
            for n in range(features)
        ),
        feature_order=tuple(range(features)),
        completed_features=tuple(done),
        current_index=len(done),
        git_operations={index: {"commit": commit} for index in done},
    )
    file = StateFile(folder / ".claude" / "batch_state.json")
    file.create(batch)
    return file


def complete(index: int) -> Decide:
    """What reporting a feature as done changes, as the documented call does."""

    def decide(batch: Batch) -> Transition:
        after = progress.complete(batch, index, Evidence(), at="x")
        tokens = batch.context_token_estimate + 1
        return Transition("completed", replace(after, evidence=batch.evidence, context_token_estimate=tokens))

    return decide


def bare_write(folder: Path, data: bytes) -> None:
    descriptor = os.open(folder / "new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, data)
    os.fsync(descriptor)
    os.close(descriptor)
    os.rename(folder / "new", folder / "bare")  # noqa: PTH104 -- the bare call


def system_calls(folder: Path, data: bytes, *, copy: bool, synced_folder: bool, journal: bool) -> None:
    """The calls of an update that touch the disk, and nothing else of it."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    descriptor = os.open("new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600, dir_fd=place)
    os.write(descriptor, data)
    os.fsync(descriptor)
    os.close(descriptor)
    if journal:
        line = os.open("journal", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600, dir_fd=place)
        os.write(line, b"x" * 299 + b"\n")
        os.fsync(line)
        os.close(line)
    if copy:
        (folder / "copy").unlink(missing_ok=True)
        os.link("steps", "copy", src_dir_fd=place, dst_dir_fd=place)
    os.rename("new", "steps", src_dir_fd=place, dst_dir_fd=place)
    if synced_folder:
        os.fsync(place)
    os.close(place)


def print_steps(folder: Path, data: bytes, rounds: int) -> None:
    """Ratios to write + fsync + rename, each in a folder of its own."""
    ways = {
        "and the last good copy": (True, False, False),
        "and the folder synced": (False, True, False),
        "and the journal synced": (False, False, True),
        "copy and folder": (True, True, False),
        "folder and journal": (False, True, True),
        "all of them": (True, True, True),
    }
    subjects: list[Callable[[int], object]] = [lambda _: bare_write(folder, data)]
    for number, (copy, synced_folder, journal) in enumerate(ways.values()):
        place = folder / str(number)
        place.mkdir()
        (place / "steps").write_bytes(data)
        subjects.append(partial(_step, place, data, copy=copy, synced_folder=synced_folder, journal=journal))
    bare, *taken = medians(rounds, *subjects)
    print(f"write + fsync + rename of {len(data):,} bytes: {bare:.2f} ms")
    for name, milliseconds in zip(ways, taken, strict=True):
        print(f"  {name:24} {milliseconds:6.2f} ms; ratio {milliseconds / bare:.2f}")


def _step(place: Path, data: bytes, _: int, *, copy: bool, synced_folder: bool, journal: bool) -> None:
    system_calls(place, data, copy=copy, synced_folder=synced_folder, journal=journal)


def medians(rounds: int, *subjects: Callable[[int], object]) -> list[float]:
    """Milliseconds of each, measured in turn."""
    times: list[list[float]] = [[] for _ in subjects]
    for number in range(rounds):
        for subject, taken in zip(subjects, times, strict=True):
            begun = time.perf_counter()
            subject(number)
            taken.append((time.perf_counter() - begun) * 1000)
    return [statistics.median(taken) for taken in times]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--steps", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        state = begin(folder, options.features)
        path = Path(state.path)
        features = options.features

        def update(number: int) -> None:
            # A new one each time, as a process would: nothing is kept from one update to the next.
            index = number % features
            StateFile(path).update(complete(index))

        def whole_process(number: int) -> None:
            command = [sys.executable, "-I", "-S", "-c", ONE_UPDATE, str(path), str(number % features)]
            subprocess.run(command, check=True)

        data = path.read_bytes()
        if options.steps:
            print_steps(folder, data, options.rounds)
            return
        bare, inside = medians(options.rounds, lambda _: bare_write(folder, data), update)
        nothing, process = medians(
            options.rounds // 4,
            lambda _: subprocess.run([sys.executable, "-c", "pass"], check=True),
            whole_process,
        )
    print(f"{features:,} features, {len(data):,} bytes")
    print(f"update            {inside:7.2f} ms; write+fsync+rename {bare:6.2f} ms; ratio {inside / bare:.2f}")
    ratio = process / nothing
    print(f"process + update  {process:7.2f} ms; python -c pass     {nothing:6.2f} ms; ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
