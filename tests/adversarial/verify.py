"""Runs each case's check after its change: python -m tests.adversarial.verify [part of a name]…

It is run by hand, since it takes minutes. Node's runners need ADVERSARIAL_TOOLS, a folder in which
tools/package.json was installed.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.adversarial.corpus import BadCaseError, Case, lay_out, read_cases


def prepare_environment() -> None:
    """The Python that runs this comes first in PATH, as `python3` of a check."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


def run_check(check: str, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        ["sh", "-c", check],
        cwd=folder,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        text=True,
        errors="replace",
    )
    return done.returncode, done.stdout


def problem_of(case: Case, tools: Path | None) -> str | None:
    with tempfile.TemporaryDirectory() as scratch:
        try:
            laid = lay_out(case, Path(scratch) / "repository", tools)
        except BadCaseError as error:
            return str(error)
        status, output = run_check(case.check, laid.folder, {**os.environ, **laid.environment})
    if (status == 0) != case.caught_by_check or not case.decidable:
        return None
    wanted = "fails" if case.caught_by_check else "passes"
    return f"{case.name}: `{case.check}` exited {status}, but should be one that {wanted}\n{output[-1500:]}"


def main() -> None:
    os.nice(10)
    prepare_environment()
    folder = os.environ.get("ADVERSARIAL_TOOLS")
    wanted = sys.argv[1:]
    cases = [case for case in read_cases() if not wanted or any(word in case.name for word in wanted)]
    started = time.monotonic()
    problems = 0
    for case in cases:
        problem = problem_of(case, Path(folder) if folder else None)
        if problem is not None:
            problems += 1
            print(problem, flush=True)
    print(f"{len(cases)} cases, {problems} problems, {time.monotonic() - started:.0f} s")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
