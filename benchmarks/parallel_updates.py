"""Updates a second of sixteen processes at once, against those of a bare journal.

    python -m benchmarks.parallel_updates [--features 1000] [--workers 16] [--rounds 5]

Every update is a process of its own (`python -I -S`), as hooks and commands are. The bare journal's
appends a line and fsyncs it: the least that any durable record costs. Rounds alternate; only the ratio
means anything on another machine.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.state_update import ONE_UPDATE, begin

from batch_implement.state.state_file import StateFile

BARE_APPEND = """
import os, sys
descriptor = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
os.write(descriptor, b"x" * 299 + b"\\n")
os.fsync(descriptor)
os.close(descriptor)
"""


def rate(code: str, path: Path, workers: int, updates: int) -> float:
    """Processes a second; each worker starts the next when its last has ended."""

    def work(worker: int) -> None:
        for number in range(updates):
            command = [sys.executable, "-I", "-S", "-c", code, str(path), str(worker * updates + number)]
            subprocess.run(command, check=True)

    begun = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))
    return workers * updates / (time.perf_counter() - begun)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--updates", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rates: dict[str, list[float]] = {"bare": [], "ours": []}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        state = begin(folder, options.features)
        path = folder / ".claude" / "batch_state.json"
        for _ in range(options.rounds):
            rates["bare"].append(rate(BARE_APPEND, folder / "bare", options.workers, options.updates))
            rates["ours"].append(rate(ONE_UPDATE, path, options.workers, options.updates))
        made = StateFile(state.path).read().sequence - 1
    expected = options.workers * options.updates * options.rounds
    assert made == expected, f"{made} of {expected} updates arrived"
    ours, bare = statistics.median(rates["ours"]), statistics.median(rates["bare"])
    print(f"{options.workers} processes at once, {options.features:,} features, {made:,} updates, none lost")
    print(f"updates {ours:.0f}/s; bare append and fsync {bare:.0f}/s; ratio {ours / bare:.2f}")


if __name__ == "__main__":
    main()
