"""Runs each case's check after its change. By hand, it takes minutes: python -m tests.adversarial.verify [part of a name]…

Node's runners need ADVERSARIAL_TOOLS, a folder in which tools/package.json was installed.
"""

import os
import shlex
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
    return f"{case.name}: `{shlex.join(['sh', '-c', case.check])}` exited {status}, but the case says it {wanted}\n{output[-1500:]}"


def main() -> None:
    os.nice(10)
    prepare_environment()
    folder = os.environ.get("ADVERSARIAL_TOOLS")
    wanted = sys.argv[1:]
    cases = [case for case in read_cases() if not wanted or any(word in case.name for word in wanted)]
    started = time.monotonic()
    problems = [problem for case in cases if (problem := problem_of(case, Path(folder) if folder else None))]
    print(*problems, sep="\n")
    print(f"{len(cases)} cases, {len(problems)} problems, {time.monotonic() - started:.0f} s")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
