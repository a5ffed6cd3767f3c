"""How many of the labelled error messages are judged right: python -m benchmarks.classifier_accuracy"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "lib"), str(ROOT)]

from tests.recovery.error_table import LABELS, confusion, read_table  # noqa: E402 -- needs the paths above


def main() -> None:
    for half in ("tune", "measure", "found", "learned", "unseen"):
        table = read_table(half)
        counts = confusion(table)
        right = sum(entry.right for entry in table)
        print(f"{half}: {right} of {len(table)} right, {100 * right / len(table):.1f} %")
        print("  is \\ judged  " + "".join(f"{label:>11}" for label in LABELS))
        for label in LABELS:
            print(f"  {label:<13}" + "".join(f"{counts[label, judged]:>11}" for judged in LABELS))
        if half == "learned" or ("--wrong" in sys.argv and half != "unseen"):
            for entry in table:
                if not entry.right:
                    first = entry.facts.message.strip().splitlines()[0]
                    print(f"  wrong: {entry.tool}: is {entry.label}, judged {entry.judged}: {first}")


if __name__ == "__main__":
    main()
