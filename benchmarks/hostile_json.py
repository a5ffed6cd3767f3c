"""How long it takes to refuse a state that was made to hurt: milliseconds each, worst of ten.

python -m benchmarks.hostile_json
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))

from batch_implement.errors import BatchStateError
from batch_implement.state.document import Document

HOSTILE = {
    "2,000 deep": b'{"x":' + b"[" * 2000 + b"]" * 2000 + b"}",
    "a million deep": b'{"x":' + b"[" * 1_000_000,
    "NaN": b'{"x":NaN}',
    "1e999": b'{"x":1e999}',
    "a key twice": b'{"x":1,"x":2}',
    "a hundred thousand keys": b"{" + b",".join(b'"k%d":1' % n for n in range(100_000)) + b',"k1":1}',
    "half a surrogate pair": b'{"x":"\\ud800"}',
    "5,000 digits": b'{"x":' + b"7" * 5000 + b"}",
    "a million digits": b'{"x":' + b"7" * 1_000_000 + b"}",
    "a million digits and a dot": b'{"x":' + b"7" * 1_000_000 + b".5}",
    "a byte order mark": b'\xef\xbb\xbf{"x":1}',
    "a later version": b'{"version":99}',
    "a megabyte of zeros": b"\0" * 1_000_000,
    "a megabyte of quotes": b'"' * 1_000_000,
    "a megabyte of checksums": b'"checksum":' * 100_000,
}


def main() -> None:
    worst = 0.0
    for name, data in HOSTILE.items():
        times = []
        said = "read"
        for _ in range(10):
            begun = time.perf_counter()
            try:
                Document.parse(data)
            except BatchStateError as error:
                said = str(error)[:60]
            times.append((time.perf_counter() - begun) * 1000)
        worst = max(worst, *times)
        print(f"{max(times):8.2f} ms  {name}: {said}")
    print(f"worst {worst:.1f} ms; the goal is 100 each")


if __name__ == "__main__":
    main()
