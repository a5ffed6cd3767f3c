"""Real batches for the benchmarks: made by the program itself in a throw-away repository."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "bin" / "batch-implement"
# Made once and kept, as a user's is; the tests use the same.
HOME = ROOT / ".cache" / "plugin-home"
SESSION = "3f0c6d1e-0000-4000-8000-000000000001"


def environment(session: str = "") -> dict[str, str]:
    """As the client gives it to the Bash tool: the session, its own process, nothing of the project's."""
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "LANG": "C.UTF-8",
        "BATCH_IMPLEMENT_HOME": str(HOME),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    if session:
        variables |= {"CLAUDECODE": "1", "CLAUDE_CODE_SESSION_ID": session, "CLAUDE_PID": str(os.getpid())}
    return variables


def python() -> str:
    """The interpreter of the plugin's own environment, which is made now when it is not there."""
    subprocess.run([str(PROGRAM), "--version"], env=environment(), check=True, capture_output=True)
    return str(HOME / "env" / "bin" / "python")


def make_repository(root: Path) -> Path:
    root.mkdir(parents=True)
    (root / "README.md").write_text("A project.\n")
    (root / ".gitignore").write_text(".env\n")
    for arguments in (
        ["init", "--quiet", "--initial-branch=main"],
        ["config", "user.name", "Benchmark"],
        ["config", "user.email", "benchmark@example.invalid"],
        ["add", "."],
        ["commit", "--quiet", "--message", "Begin"],
    ):
        subprocess.run(["git", *arguments], cwd=root, env=environment(), check=True)
    return root


def begin_batch(root: Path, features: int, session: str = SESSION) -> None:
    """A batch of features of 200 characters, whose first feature has been begun by ``session``."""
    lines = [f"Add the export of report {number} " + "in words " * 19 for number in range(1, features + 1)]
    (root / "features.txt").write_text("\n".join(line[:200] for line in lines) + "\n")
    (root / ".env").write_text("BATCH_VERIFY_COMMAND=true\nBATCH_ORDER=given\n")
    event = {
        "session_id": session,
        "cwd": str(root),
        "command_name": "batch-implement:batch-implement",
        "command_args": "features.txt",
    }
    ours, theirs = socket.socketpair()  # as the client hands an event to a hook
    with ours, theirs:
        ours.sendall(json.dumps(event).encode())
        ours.shutdown(socket.SHUT_WR)
        begun = [str(PROGRAM), "_slash"]
        subprocess.run(
            begun, cwd=root, env=environment(session), stdin=theirs, check=True, capture_output=True
        )


class Kept:
    """What is in a project's ``.claude``, to be put back before each run."""

    def __init__(self, root: Path) -> None:
        self._folder = root / ".claude"
        self._files = {path: path.read_bytes() for path in self._folder.rglob("*") if path.is_file()}

    def put_back(self) -> None:
        shutil.rmtree(self._folder)
        for path, data in self._files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
