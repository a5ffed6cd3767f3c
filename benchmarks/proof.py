"""What second runs cost in a suite of 1,000 tests: python -m benchmarks.proof [ROUNDS]

A project of 50 modules, each with a file of 20 tests that take a few milliseconds, checked by pytest. For
each kind of change: which runs are made, and the time of all of them as a ratio to the check alone, in
turn with it. The canary, which is made once for a batch, has a line of its own. Last, how many of this
repository's commits would need which.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "lib")]

from batch_implement.proof.check_command import parse_command  # noqa: E402 -- needs the paths above
from batch_implement.proof.check_steps import run_steps  # noqa: E402
from batch_implement.proof.results.commands import commands_of  # noqa: E402
from batch_implement.proof.second_look.canary import look_for_sight  # noqa: E402
from batch_implement.proof.second_look.looking import Subject, look_again  # noqa: E402
from batch_implement.proof.second_look.parts import IN_THE_CHECK, Part, part_of  # noqa: E402
from batch_implement.proof.second_look.plan import plan_of  # noqa: E402
from batch_implement.proof.second_look.rehearsal import Terms  # noqa: E402
from batch_implement.system.git.git import Git  # noqa: E402
from batch_implement.workspace.changes import changes_since, take_baseline  # noqa: E402
from batch_implement.workspace.file_versions import working_versions  # noqa: E402
from batch_implement.workspace.preparation import prepare  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.proof.second_look.plan import Plan

ROUNDS = 3
COMMITS = 300
MODULES, TESTS = 50, 20
_MODULE = "def value(n):\n    return n + {number}\n"
_HEAD = "import time\n\nfrom shop.module{number} import value\n"
_TEST = "\n\ndef test_value_{n}():\n    time.sleep(0.004)\n    assert value({n}) == {n} + {number}\n"
_NEW = "\n\ndef other(n):\n    return -n\n"
_NEW_TEST = "\n\ndef test_other():\n    from shop.module{number} import other\n\n    assert other(1) == -1\n"

# By kind of change, what is appended to which files.
CHANGES: Mapping[str, Mapping[str, str]] = {
    "code alone": {"shop/module0.py": _NEW},
    "documentation": {"README.md": "More.\n"},
    "code and its test": {"shop/module0.py": _NEW, "tests/test_module0.py": _NEW_TEST.format(number=0)},
    "code and 5 files of tests": {
        **{f"shop/module{number}.py": _NEW for number in range(5)},
        **{f"tests/test_module{number}.py": _NEW_TEST.format(number=number) for number in range(5)},
    },
    "code, its test and conftest.py": {
        "shop/module0.py": _NEW,
        "tests/test_module0.py": _NEW_TEST.format(number=0),
        "tests/conftest.py": "# a fixture\n",
    },
    "configuration": {"pyproject.toml": 'filterwarnings = ["error"]\n'},
}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        root = _project(Path(name) / "project")
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        steps = parse_command("python3 -m pytest -q -p no:cacheprovider", "the benchmark").steps
        git = Git(root)
        baseline = take_baseline(git)
        before = run_steps(root, steps, 600, environment=environment).results
        terms = Terms(prepare(git, environment), environment, 600)
        started = time.monotonic()
        sight = look_for_sight(git, baseline.commit, steps, before, terms)
        canary = time.monotonic() - started
        if sight.blind:
            raise SystemExit(f"The check can't be believed in another folder: {sight.blind}")
        alone = [run_steps(root, steps, 600, environment=environment).seconds for _ in range(rounds)]
        check = statistics.median(alone)
        print(f"{MODULES * TESTS:,} tests; the time of second runs as a ratio to the check alone")
        print(f"  {'the canary, once for a batch':<32} {canary / check:>5.2f}")
        needing = 0
        for kind, files in CHANGES.items():
            texts = {path: (root / path).read_text() for path in files}
            for path, more in files.items():
                (root / path).write_text(texts[path] + more)
            now = run_steps(root, steps, 600, environment=environment).results
            changes = changes_since(git, baseline).mine
            commands = {step: commands_of(step.argv, root) for step in steps}
            plan = plan_of(changes, working_versions(git, changes), commands, "Add it")
            subject = Subject(git, baseline.commit, steps, (), before, now)
            times = []
            for _ in range(rounds):
                started = time.monotonic()
                look_again(subject, plan, terms, sight)
                times.append(time.monotonic() - started)
            needing += plan.is_needed
            print(f"  {kind:<32} {statistics.median(times) / check:>5.2f}  {_runs(plan)}")
            for path, text in texts.items():
                (root / path).write_text(text)
    print(f"second runs: {needing} of {len(CHANGES)} kinds of change")
    _shares()


def _shares() -> None:
    """Of this repository's own commits, those whose like needs no second run, one of some files, one of
    all."""
    log = subprocess.run(
        ["git", "log", "--no-merges", f"-{COMMITS}", "--format=%x00", "--name-only"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    commits = [text.split("\n") for text in log.split("\0")[1:]]
    counts: Counter[str] = Counter()
    for paths in commits:
        parts = {part_of(path) for path in paths if path} & IN_THE_CHECK
        counts["none" if not parts else "some files" if parts == {Part.TESTS} else "the whole check"] += 1
    for needs, count in counts.most_common():
        print(f"  {needs:<32} {count / len(commits):>5.0%} of the last {len(commits)} commits here")


def _runs(plan: Plan) -> str:
    runs = {"old tests": plan.old_tests, "new tests": plan.new_tests}
    made = [
        f"{name} of {len(run.files) or 'all'} files"
        for name, run in runs.items()
        if run is not None and run.steps
    ]
    return ", ".join(made) or "none"


def _project(root: Path) -> Path:
    files = {
        "README.md": "A shop.\n",
        ".gitignore": "__pycache__/\n",
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n',
        "shop/__init__.py": "",
        "tests/conftest.py": "",
    }
    for number in range(MODULES):
        files[f"shop/module{number}.py"] = _MODULE.format(number=number)
        tests = (_TEST.format(n=n, number=number) for n in range(TESTS))
        files[f"tests/test_module{number}.py"] = _HEAD.format(number=number) + "".join(tests)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    for arguments in (
        ["init", "--quiet", "--initial-branch=main"],
        ["config", "user.name", "Benchmark"],
        ["config", "user.email", "benchmark@example.invalid"],
        ["add", "."],
        ["commit", "--quiet", "--message", "Begin"],
    ):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    return root


if __name__ == "__main__":
    main()
