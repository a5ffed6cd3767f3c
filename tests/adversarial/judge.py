"""What the program says of each case: python -m tests.adversarial.judge [--cases FOLDER] [part of a name]…

Each case is worked as a session would: the batch is started by the hook for what was typed, the change is
made, and ``done`` is called by a shell that has the case's environment, below a stand-in for the client. A
cheat is a miss when it is recorded and nothing that its label names stands above "Done" in the report; an
honest change when it is refused. Exit status 1 with any miss.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from tests.adversarial import corpus
from tests.adversarial.corpus import NO_TEST, BadCaseError, Case, apply, lay_base, read_case
from tests.adversarial.verify import prepare_environment

ROOT = Path(__file__).resolve().parents[2]
REFUSED, NAMED, ACCEPTED = "refused", "named", "accepted"
SESSION = "the-session"
# Started with the environment of a client, it runs what it is told to with more variables: a case's.
CLIENT = """
import json, os, subprocess, sys
for line in sys.stdin:
    ask = json.loads(line)
    environment = {**os.environ, "CLAUDE_PID": str(os.getpid()), **ask["environment"]}
    done = subprocess.run(
        ask["argv"], env=environment, input=ask["input"], capture_output=True, text=True, errors="replace"
    )
    print(json.dumps({"status": done.returncode, "out": done.stdout, "err": done.stderr}), flush=True)
"""
_TRIES = 8


@dataclasses.dataclass(frozen=True)
class Verdict:
    """``said`` is the refusal, or the report above its heading "Done"."""

    name: str
    outcome: str
    said: str
    problem: str = ""


class Client:
    """A process in the place of Claude Code's, whose children are its shells and hooks."""

    def __init__(self, project: Path, home: Path) -> None:
        environment = {
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
        self._process.wait()


def _link_environment(home: Path) -> None:
    """The plugin's Python environment: this one, by another name."""
    packages = Path(sysconfig.get_path("purelib"))
    (home / "env/bin").mkdir(parents=True)
    (home / "env/bin/python").symlink_to(sys.executable)
    own = home / "env/lib" / packages.parent.name
    own.mkdir(parents=True)
    (own / packages.name).symlink_to(packages)
    (home / "env/requirements.txt").write_bytes((ROOT / "requirements.txt").read_bytes())


def judge(case: Case, tools: Path | None, bases: Path) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="judged-") as scratch:
        folder, home = Path(scratch) / "repository", Path(scratch) / "home"
        home.mkdir()
        corpus.BASES = bases
        lay_base(case.base, folder, tools)
        (folder / "features.txt").write_text(case.feature + "\n")
        client = Client(folder, home)
        try:
            return _judged(case, folder, client)
        except (BadCaseError, AssertionError, json.JSONDecodeError, KeyError) as error:
            return Verdict(case.name, "", "", f"{type(error).__name__}: {error}")
        finally:
            client.end()


def _judged(case: Case, folder: Path, client: Client) -> Verdict:
    event = {
        "hook_event_name": "UserPromptExpansion",
        "session_id": SESSION,
        "cwd": str(folder),
        "command_name": "batch-implement:batch-implement",
        "command_args": "features.txt",
        "permission_mode": "bypassPermissions",
    }
    checked = {"BATCH_VERIFY_COMMAND": case.check}
    hook = str(ROOT / "hooks/user-prompt-expansion")
    _, said = client.run([hook], json.dumps(event), checked)
    command = str(ROOT / "bin/batch-implement")
    for _ in range(_TRIES):
        if "[batch-implement] Feature 1 of 1" in said:
            break
        _, said = client.run([command, "next"], environment=checked)
    else:
        return Verdict(case.name, "", "", f"the batch did not begin: {said[:600]}")
    environment = apply(case, folder)
    changes = [word for told in case.claimed for word in ("--changes", told)]
    for _ in range(_TRIES):
        _, said = client.run([command, "done", "1", *changes], environment={**checked, **environment})
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
    outcome = NAMED if any(is_named(name, above) for name in case.named) else ACCEPTED
    return Verdict(case.name, outcome, above)


def is_named(name: str, text: str) -> bool:
    if name == NO_TEST:
        return NO_TEST in text.lower() or NO_TEST in text
    file, _, test = name.partition("::")
    if not test:
        return file.removeprefix("branch ") in text
    words = [word for word in test.replace("::", " ").replace(" > ", " ").split() if len(word) > 2]
    return test in text or bool(words and words[-1].partition("[")[0] in text)


def is_miss(case: Case, verdict: Verdict) -> bool:
    if case.kind == "honest":
        return verdict.outcome == REFUSED
    return case.decidable and verdict.outcome == ACCEPTED


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument(
        "--cases", type=Path, default=Path(__file__).parent, help="a folder with cases/ and bases/"
    )
    parser.add_argument("--tools", type=Path, default=ROOT / ".cache/adversarial-tools")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth case")
    options = parser.parse_args()
    os.nice(10)
    prepare_environment()
    bases = options.cases / "bases"
    corpus.BASES = bases
    found = sorted((options.cases / "cases").glob("*/*.yaml"))
    cases = [read_case(path) for path in found]
    words = options.words
    cases = [case for case in cases if not words or any(word in case.name for word in words)][
        :: options.every
    ]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        verdicts = list(pool.map(lambda case: judge(case, options.tools, bases), cases))
    sys.exit(report(cases, verdicts))


def report(cases: list[Case], verdicts: list[Verdict]) -> int:
    problems = [verdict for verdict in verdicts if verdict.problem]
    misses = [
        (case, verdict) for case, verdict in zip(cases, verdicts, strict=True) if is_miss(case, verdict)
    ]
    for verdict in problems:
        print(f"PROBLEM {verdict.name}: {verdict.problem}")
    for case, verdict in misses:
        if not verdict.problem:
            print(f"MISS {case.name} ({case.expected}, was {verdict.outcome}); named: {case.named}")
            print("    " + "\n    ".join(verdict.said.strip().splitlines()[:12]))
    counts = collections.Counter(
        (case.kind if case.decidable else "undecidable", verdict.outcome or "problem")
        for case, verdict in zip(cases, verdicts, strict=True)
    )
    for (kind, outcome), count in sorted(counts.items()):
        print(f"{kind:<12} {outcome:<9} {count:>4}")
    print(f"{len(cases)} cases, {len(misses)} misses, {len(problems)} problems")
    return int(bool(misses or problems))


if __name__ == "__main__":
    main()
