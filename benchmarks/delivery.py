"""What delivering one feature costs, against git's own commands: python -m benchmarks.delivery"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "lib"), str(ROOT)]

from batch_implement.delivery.commit import commit_feature  # noqa: E402
from batch_implement.delivery.guard import held_paths  # noqa: E402
from batch_implement.proof.weakened_tests import find_weakening  # noqa: E402 -- needs the paths above
from batch_implement.system.git.git import Git  # noqa: E402
from batch_implement.workspace.changes import changes_since, take_baseline  # noqa: E402
from batch_implement.workspace.file_versions import working_versions  # noqa: E402
from batch_implement.workspace.index import tree_fingerprint  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 15


def main() -> None:
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
    for name in ("AUTHOR", "COMMITTER"):
        os.environ[f"GIT_{name}_NAME"] = os.environ[f"GIT_{name}_EMAIL"] = "benchmark@example.com"
    print("Times of one 'git status' (porcelain v2) of the same repository; five files changed.")
    for files in (10, 1_000, 10_000):
        with tempfile.TemporaryDirectory() as folder:
            _measure(_repository(Path(folder), files), files)


def _repository(root: Path, files: int) -> Git:
    for number in range(files):
        place = root / f"package{number // 100}" / f"module{number}.py"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"value = {number}\n")
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Begin"]):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    return Git(root)


def _measure(git: Git, files: int) -> None:
    baseline = take_baseline(git)
    _change(git, 0)
    changes = changes_since(git, baseline)
    floor = _median(lambda _: _git(git, "status", "--porcelain=v2", "-z", "--branch"))
    rows = {
        "take_baseline": _median(lambda _: take_baseline(git)),
        "changes_since": _median(lambda _: changes_since(git, baseline)),
        "tree_fingerprint": _median(lambda _: tree_fingerprint(git, changes)),
        "held_paths": _median(lambda _: held_paths(git, changes, working_versions(git, changes.mine))),
        "find_weakening": _median(lambda _: find_weakening(working_versions(git, changes.mine), "pytest")),
        "commit_feature": _median(lambda number: _commit(git, number), before=lambda n: _change(git, n)),
        "git add + commit": _median(
            lambda number: (_git(git, "add", "--all"), _git(git, "commit", "--quiet", "-m", str(number))),
            before=lambda number: _change(git, number + ROUNDS + 1),
        ),
    }
    print(
        f"{files:>6} files: " + ", ".join(f"{name} {seconds / floor:.1f}" for name, seconds in rows.items())
    )


def _change(git: Git, number: int) -> None:
    for path in range(5):
        (git.root / "package0" / f"module{path}.py").write_text(f"value = {number}-{path}\n")


def _commit(git: Git, number: int) -> None:
    baseline = take_baseline(git)
    changes = changes_since(git, type(baseline)(baseline.commit, baseline.branch))
    commit_feature(git, changes, "feat: change", baseline=baseline, batch_id="batch-1", feature_number=number)


def _git(git: Git, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=git.root, check=True, capture_output=True)


def _median(work: Callable[[int], object], before: Callable[[int], object] = lambda _: None) -> float:
    seconds = []
    for number in range(1, ROUNDS + 1):
        before(number)
        started = time.perf_counter()
        work(number)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
