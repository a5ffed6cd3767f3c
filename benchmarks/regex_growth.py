"""The time each pattern takes when its input doubles, up to 100 KB: python -m benchmarks.regex_growth

Processor time on inputs made from the pattern's own words; the goal is at most 2.5 times per doubling.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "lib"), str(ROOT)]

from tests.regex_growth import all_patterns  # noqa: E402 -- needs the paths above

SIZES = (25_000, 50_000, 100_000)
MEASURABLE = 0.005


def main() -> None:
    worst = []
    for name, pattern in all_patterns():
        found = max((_growth(pattern, pump) for pump in _pumps(pattern)), default=(0.0, 0.0, ""))
        worst.append((*found, name, pattern.pattern[:50]))
    worst.sort(reverse=True)
    print(f"{len(worst)} patterns; the five that grow most (growth per doubling, ms at 100 KB, input):")
    for growth, seconds, pump, name, text in worst[:5]:
        print(f"  {growth:4.2f}  {1000 * seconds:7.1f}  {pump!r:24}  {name}  {text!r}")


def _pumps(pattern: re.Pattern[str]) -> list[str]:
    words = re.findall(r"[A-Za-z0-9_:/.@=' -]{2,}", pattern.pattern)
    return sorted({*words[:12], "a", " ", "0", "-", "_a", "a.", "E   ", "://", '"', "\\", "eyJ", "sk-"})


def _growth(pattern: re.Pattern[str], pump: str) -> tuple[float, float, str]:
    seconds = [_seconds(pattern, (pump * (size // len(pump) + 1))[:size] + "\0") for size in SIZES]
    if seconds[-1] < MEASURABLE:
        return 0.0, seconds[-1], pump
    return (seconds[-1] / max(seconds[0], 1e-9)) ** 0.5, seconds[-1], pump


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    best = 1e9
    for _ in range(3):
        started = time.process_time()
        pattern.sub("", text)
        best = min(best, time.process_time() - started)
    return best


if __name__ == "__main__":
    main()
