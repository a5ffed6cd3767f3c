"""Reads the state as fast as it can until its input ends; reports what it read as one JSON object.

Arguments: package folder, state file. Run by many_writers.py.
"""

from __future__ import annotations

import json
import select
import sys

sys.path.insert(0, sys.argv[1])

from batch_implement.errors import BatchImplementError
from batch_implement.state import last_good
from batch_implement.state.fields import require
from batch_implement.system.files.folder import Folder


def main() -> None:
    folder_path, _, name = sys.argv[2].rpartition("/")
    problems: list[str] = []
    reads = last = 0
    with Folder.open(folder_path) as folder:
        while not select.select([sys.stdin], [], [], 0)[0]:
            reads += 1
            try:
                fields, damage = last_good.load(folder, name)
                require(fields)
                agree = len(fields["notices"]) == fields["context_token_estimate"] == fields["sequence"] - 1
                problem = damage or ("" if agree else "its fields are of different states")
                problem = problem or ("" if fields["sequence"] >= last else "it went back in time")
                last = fields["sequence"]
            except (BatchImplementError, OSError) as error:
                problem = str(error)
            if problem:
                problems.append(problem[:200])
    print(json.dumps({"reads": reads, "invalid": len(problems), "problems": problems[:5]}))


main()
