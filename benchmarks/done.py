"""What a ``done`` costs beside its check: python -m benchmarks.done [ROUNDS]

The whole process of ``batch-implement done``, with a check that is over at once and nothing pushed, in turn
with ``git add -A && git commit`` of the same change in the same repository, whose commit is taken back each
time. Before that, one ``done`` for each kind of change, in which git tells of every git process that is
started, its own children too (``GIT_TRACE2``), and Python of every opening of the state's file.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "lib")]

from benchmarks import batches  # noqa: E402 -- needs the paths above
from benchmarks.interleaved import Program, Times, measure  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

_MAIN = str(ROOT / "lib" / "batch_implement" / "__main__.py")
ROUNDS = 15
SIZES = (10, 10_000)
_DONE, _COMMIT = "batch-implement done", "git add -A && git commit"
# Runs the program as bin/batch-implement does, and notes each opening and each replacement of the state.
_COUNTED = """
import os, runpy, sys
record, main = sys.argv[1:3]
sys.argv[:3] = [main]
told = os.open(record, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
watched = {"open": (0, b"opened\\n"), "os.rename": (1, b"replaced\\n")}
def note(event, arguments):
    which, words = watched.get(event, (0, b""))
    if words and isinstance(arguments[which], str) and arguments[which].endswith("batch_state.json"):
        os.write(told, words)
sys.addaudithook(note)
runpy.run_path(main, run_name="__main__")
"""


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    batches.python()
    with tempfile.TemporaryDirectory() as name:
        _count(Path(name))
    print(f"{_DONE} with an instant check, as a ratio to {_COMMIT}, medians of {rounds}")
    for files in SIZES:
        with tempfile.TemporaryDirectory() as name:
            times = _times(Path(name) / "project", files, rounds)
        print(f"  {files:>6,} files: {times[_DONE].over(times[_COMMIT])}")


def _count(folder: Path) -> None:
    print("git processes and readings of the state in one done (goal: at most 20, and 2 beside the updates)")
    # Of no session: in one, git would be given what the client was started with, and not what is told here.
    root = _project(folder / "project", 10, len(_CHANGES), session="")
    for number, (label, change) in enumerate(_CHANGES.items(), 1):
        change(root, number)
        trace, record = folder / f"trace-{number}", folder / f"record-{number}"
        tracing = {"GIT_TRACE2": str(trace), "GIT_TRACE2_BRIEF": "1"}
        finished = subprocess.run(
            [batches.python(), "-I", "-S", "-c", _COUNTED, str(record), _MAIN, "done", str(number)],
            cwd=root,
            env=batches.environment() | tracing,
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode or f" {number} of " not in finished.stdout:
            raise SystemExit(f"done {number} failed: {finished.stdout} {finished.stderr}")
        started = Counter(map(_subcommand, filter(_is_start, trace.read_text().splitlines())))
        print(f"  {label}: {started.total()}")
        print(f"    {', '.join(f'{name} {count}' for name, count in started.most_common())}")
        told = Counter(record.read_text().split())
        read = told["opened"] - told["replaced"]
        print(f"    the state: read {read} times, and {told['replaced']} updates")


def _is_start(line: str) -> bool:
    return line.startswith("start ")


def _subcommand(line: str) -> str:
    """The first word after git's own options, of which we give the like of ``-c name=value``."""
    words = iter(line.split(" ")[2:])
    for word in words:
        if word == "-c":
            next(words)
        elif not word.startswith("-"):
            return word
    return "?"


def _edit(root: Path, number: int) -> None:
    for file in range(3):
        (root / "package0" / f"module{file}.py").write_text(f"value = {number}-{file}\n")


def _edit_and_add(root: Path, number: int) -> None:
    (root / "package0" / "module0.py").write_text(f"value = {number}\n")
    (root / f"new{number}.py").write_text(f"value = {number}\n")


def _remove(root: Path, number: int) -> None:
    (root / "package0" / "module9.py").unlink()
    (root / "package0" / "module8.py").write_text(f"value = {number}\n")


def _edit_and_stage(root: Path, number: int) -> None:
    _edit(root, number)
    _git(root, "add", "package0")


def _commit_itself(root: Path, number: int) -> None:
    _edit(root, number)
    _git(root, "commit", "--quiet", "--all", "--message", "wip")


_CHANGES: dict[str, Callable[[Path, int], None]] = {
    "three files changed": _edit,
    "one changed, one new": _edit_and_add,
    "one changed, one removed": _remove,
    "three changed and staged": _edit_and_stage,
    "three changed and committed by the model": _commit_itself,
}


def _project(root: Path, files: int, features: int, session: str = batches.SESSION) -> Path:
    """A batch at work on its first feature, in a repository with so many files."""
    batches.make_repository(root)
    for number in range(files):
        place = root / f"package{number // 100}" / f"module{number}.py"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"value = {number}\n")
    (root / ".git/info/exclude").write_text("features.txt\n")
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message", "Add the modules")
    batches.begin_batch(root, features + 1, session)
    with (root / ".env").open("a") as settings:
        settings.write("AUTO_GIT_PUSH=false\n")
    return root


def _times(root: Path, files: int, rounds: int) -> dict[str, Times]:
    _project(root, files, rounds + 1)
    done = [str(batches.PROGRAM), "done", "0"]
    tip = ""

    def before_done() -> None:
        if tip:
            _git(root, "reset", "--quiet", "--hard", tip)  # without the commit that was made in turn
        done[-1] = str(int(done[-1]) + 1)
        _edit(root, int(done[-1]))

    def before_commit() -> None:
        nonlocal tip
        tip = _git(root, "rev-parse", "HEAD")
        _edit(root, -int(done[-1]))

    shell = ["sh", "-c", "git add -A && git commit --quiet --message 'Change three files'"]
    return measure(
        {
            _DONE: Program(done, root, batches.environment(batches.SESSION), b"", before_done),
            _COMMIT: Program(shell, root, batches.environment(), b"", before_commit),
        },
        rounds,
    )


def _git(root: Path, *arguments: str) -> str:
    finished = subprocess.run(
        ["git", *arguments], cwd=root, env=batches.environment(), check=True, capture_output=True, text=True
    )
    return finished.stdout.strip()


if __name__ == "__main__":
    main()
