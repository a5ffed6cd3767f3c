"""What the program says of each case: python -m tests.adversarial.judge [--cases FOLDER] [part of a name]…

Each case is worked as a session would: the batch is started by the hook for what was typed, the change is
made, and ``done`` is called by a shell that has the case's environment, below a stand-in for the client. A
cheat is a miss when it is recorded and a test that its label names (a file, where it names no tests) does
not stand above "Done" in the report; an honest change when it is refused. Exit status 1 with any miss.
"""

import argparse
import atexit
import concurrent.futures
import dataclasses
import functools
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from tests.adversarial import corpus
from tests.adversarial.corpus import BadCaseError, Case, apply, lay_base, read_case
from tests.adversarial.verdicts import (
    ACCEPTED,
    NAMED,
    REFUSED,
    Verdict,
    is_miss,
    is_told,
    report,
    table,
)
from tests.adversarial.verify import prepare_environment

ROOT = Path(__file__).resolve().parents[2]
SESSION = "the-session"
# Started with the environment of a client, it runs what it is told to with more variables: a case's. An event
# comes to a hook by a socket pair that the client made.
CLIENT = """
import json, os, socket, subprocess, sys
for line in sys.stdin:
    ask = json.loads(line)
    environment = {**os.environ, "CLAUDE_PID": str(os.getpid()), **ask["environment"]}
    ours, theirs = socket.socketpair()
    ours.sendall(ask["input"].encode())
    ours.shutdown(socket.SHUT_WR)
    given = theirs if ask["input"] else subprocess.DEVNULL
    done = subprocess.run(
        ask["argv"], env=environment, stdin=given, capture_output=True, text=True, errors="replace"
    )
    ours.close()
    theirs.close()
    print(json.dumps({"status": done.returncode, "out": done.stdout, "err": done.stderr}), flush=True)
"""
_TRIES = 8


class Client:
    """A process in the place of Claude Code's, whose children are its shells and hooks."""

    def __init__(self, project: Path, home: Path, check: str) -> None:
        environment = {
            # rustup looks below the home for what it was told, and has to be led to the person's.
            "RUSTUP_HOME": os.environ.get("RUSTUP_HOME") or str(Path.home() / ".rustup"),
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PYTHONDONTWRITEBYTECODE": "1",
            "BATCH_IMPLEMENT_HOME": str(home / "plugin"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "CLAUDE_PROJECT_DIR": str(project),
            "CLAUDECODE": "1",
            "CLAUDE_CODE_SESSION_ID": SESSION,
            "CLAUDE_CODE_SESSION_ATTENDED": "0",
            "AUTO_GIT_PUSH": "false",
            "BATCH_VERIFY_COMMAND": check,
            "BATCH_REVIEW": "off",
            "BATCH_RETRY_ENABLED": "false",
        }
        _link_environment(home / "plugin")
        self._process = subprocess.Popen(
            [sys.executable, "-c", CLIENT],
            cwd=project,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, argv: list[str], given: str = "", environment: dict[str, str] | None = None
    ) -> tuple[int, str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        ask = {"argv": argv, "input": given, "environment": environment or {}}
        self._process.stdin.write(json.dumps(ask) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["status"], answer["out"] + answer["err"]

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


def _link_environment(home: Path) -> None:
    """The plugin's Python environment: this one, by another name."""
    packages = Path(sysconfig.get_path("purelib"))
    (home / "env/bin").mkdir(parents=True)
    (home / "env/bin/python").symlink_to(sys.executable)
    own = home / "env/lib" / packages.parent.name
    own.mkdir(parents=True)
    (own / packages.name).symlink_to(packages)
    (home / "env/requirements.txt").write_bytes((ROOT / "requirements.txt").read_bytes())
    (home / "pycache").symlink_to(_compiled())


@functools.cache
def _compiled() -> Path:
    """What Python compiles of the program, for all cases: that takes longer than most of their checks."""
    folder = tempfile.mkdtemp(prefix="judge-pycache-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def judge(case: Case, tools: Path | None, bases: Path) -> Verdict:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="judged-") as scratch:
        folder, home = Path(scratch) / "repository", Path(scratch) / "home"
        home.mkdir()
        corpus.BASES = bases
        client = None
        try:
            lay_base(case.base, folder, tools)
            (folder / "features.txt").write_text(case.feature + "\n")
            client = Client(folder, home, case.check)
            verdict = _judged(case, folder, client)
            return dataclasses.replace(verdict, seconds=time.monotonic() - started)
        except (BadCaseError, AssertionError, ValueError, KeyError, OSError) as error:
            return Verdict(case.name, "", "", f"{type(error).__name__}: {error}")
        finally:
            if client is not None:
                client.end()


def _judged(case: Case, folder: Path, client: Client) -> Verdict:
    event = {
        "session_id": SESSION,
        "cwd": str(folder),
        "hook_event_name": "UserPromptExpansion",
        "command_name": "batch-implement:batch-implement",
        "command_args": "features.txt",
        "permission_mode": "bypassPermissions",
    }
    hook = str(ROOT / "hooks/user-prompt-expansion")
    _, said = client.run([hook], json.dumps(event))
    command = str(ROOT / "bin/batch-implement")
    for _ in range(_TRIES):
        if "[batch-implement] Feature 1 of 1" in said:
            break
        _, said = client.run([command, "next"])
    else:
        return Verdict(case.name, "", "", f"the batch did not begin: {said[:600]}")
    environment = apply(case, folder)
    changes = [word for told in case.claimed for word in ("--changes", told)]
    for _ in range(_TRIES):
        _, said = client.run([command, "done", "1", *changes], environment=environment)
        if "still running" not in said:
            break
    return _verdict(case, folder, said)


def _verdict(case: Case, folder: Path, said: str) -> Verdict:
    reports = sorted((folder / ".claude/batches").glob("*.md"))
    past = sorted((folder / ".claude/batches").glob("batch-*.json"))
    states = [folder / ".claude/batch_state.json", *past]
    state = next((json.loads(path.read_text()) for path in states if path.exists()), {})
    if state.get("completed_features") != [0]:
        return Verdict(case.name, REFUSED, said)
    report = reports[-1].read_text() if reports else said
    above = report.partition("\n## Done")[0]
    outcome = NAMED if is_told(case, above) else ACCEPTED
    return Verdict(case.name, outcome, above)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument(
        "--cases", type=Path, default=Path(__file__).parent, help="a folder with cases/ and bases/"
    )
    parser.add_argument("--tools", type=Path, default=ROOT / ".cache/adversarial-tools")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth case")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument(
        "--keep", type=Path, metavar="FILE", help="add a line of JSON for each case as it ends"
    )
    parser.add_argument("--table", action="store_true", help="print a table by kind of change too")
    options = parser.parse_args()
    os.nice(5)
    prepare_environment()
    bases = options.cases / "bases"
    corpus.BASES = bases
    found = sorted((options.cases / "cases").glob("*/*.yaml"))
    cases = [read_case(path) for path in found]
    words = options.words
    cases = [case for case in cases if not words or any(word in case.name for word in words)][
        :: options.every
    ]
    kept = options.keep.open("a") if options.keep else None

    def worked(case: Case) -> Verdict:
        verdict = judge(case, options.tools, bases)
        if kept is not None:
            print(json.dumps(dataclasses.asdict(verdict)), file=kept, flush=True)
        return verdict

    with concurrent.futures.ThreadPoolExecutor(options.processes) as pool:
        verdicts = list(pool.map(worked, cases))
    print("\n".join(report(cases, verdicts)))
    if options.table:
        print("\n".join(table(cases, verdicts)))
    judged = zip(cases, verdicts, strict=True)
    sys.exit(any(verdict.problem or is_miss(case, verdict) for case, verdict in judged))


if __name__ == "__main__":
    main()
