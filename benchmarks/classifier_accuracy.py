"""How many of the labelled error messages are judged right: python -m benchmarks.classifier_accuracy"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "lib"), str(ROOT)]

from tests.recovery.error_table import LABELS, Labelled, confusion, read_table  # noqa: E402 -- needs the paths above

HALVES = ("tune", "measure", "found", "learned", "unseen")


def main() -> None:
    for half in HALVES:
        table = read_table(half)
        _print_table(half, table)
        for how in sorted({entry.how for entry in table if entry.how}):
            print("  " + _share(how, [entry for entry in table if entry.how == how]))
        # Whoever saw which unseen ones are wrong would write the next rule for them.
        if half == "learned" or ("--wrong" in sys.argv and half != "unseen"):
            _print_wrong(table)


def _print_table(name: str, table: Sequence[Labelled]) -> None:
    counts = confusion(table)
    print(_share(name, table))
    print("  is \\ judged  " + "".join(f"{label:>11}" for label in LABELS))
    for label in LABELS:
        print(f"  {label:<13}" + "".join(f"{counts[label, judged]:>11}" for judged in LABELS))
    retried = counts["permanent", "transient"] + counts["permanent", "limit"]
    print(f"  permanent ones that would be retried: {retried}, once: {counts['permanent', 'unknown']}")
    limits = [entry for entry in table if entry.label == "limit" and entry.right]
    in_time = sum(entry.resets_at == entry.resets for entry in limits)
    if any(entry.resets for entry in limits):
        print(f"  reset times read right: {in_time} of {len(limits)}")


def _share(name: str, table: Sequence[Labelled]) -> str:
    right = sum(entry.right for entry in table)
    return f"{name}: {right} of {len(table)} right, {100 * right / len(table):.1f} %"


def _print_wrong(table: Sequence[Labelled]) -> None:
    for entry in table:
        if not entry.right:
            first = entry.facts.message.strip().splitlines()[0]
            print(f"  wrong: {entry.tool}: is {entry.label}, judged {entry.judged}: {first}")


if __name__ == "__main__":
    main()
