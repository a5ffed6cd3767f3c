"""How long sixteen processes wait for one lock: python -m benchmarks.lock_fairness

Each holds it for 5 ms, again and again. In perfect turn everybody waits for fifteen others; the figures are
ratios to that. Beside ours: the same lock file asked for every 10 ms, as most lock libraries do.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "lib")]

from batch_implement.system.files.file_lock import locked  # noqa: E402 -- needs the path above
from batch_implement.system.files.folder import Folder  # noqa: E402

PROCESSES, HOLD, SECONDS = 16, 0.005, 5.0


def main() -> None:
    for way in ("ours", "polling"):
        with tempfile.TemporaryDirectory() as where:
            command = [sys.executable, __file__, way, where]
            running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(PROCESSES)]
            outputs = b" ".join(process.communicate()[0] for process in running)
        waits = sorted(float(word) for word in outputs.split())
        perfect = (PROCESSES - 1) * HOLD
        middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
        print(
            f"{way:8} {len(waits)} turns; waits: median {middle / perfect:.2f}, "
            f"99 % under {late / perfect:.2f}, longest {waits[-1] / perfect:.2f} of a perfect turn"
        )


def worker(way: str, where: Path) -> None:
    waits = []
    end = time.monotonic() + SECONDS
    with Folder.open(where) as folder:
        while time.monotonic() < end:
            asked = time.monotonic()
            if way == "ours":
                with locked(folder, "lock", 60):
                    waits.append(time.monotonic() - asked)
                    time.sleep(HOLD)
            else:
                _poll(where / "lock")
                waits.append(time.monotonic() - asked)
    print(*waits)


def _poll(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            time.sleep(0.01)
    time.sleep(HOLD)
    os.close(descriptor)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        worker(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
