import sys
from pathlib import Path

from tally.count import count, winner


def main(arguments):
    votes = Path(arguments[0]).read_text().splitlines()
    for name, number in sorted(count(votes).items()):
        sys.stdout.write(f"{name}: {number}\n")
    sys.stdout.write(f"winner: {winner(votes) or 'nobody'}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
