"""What Claude Code's own /batch, /goal and /loop do with a model that does nothing.

``python -m benchmarks.compared [FOLDER]``: the real client, headless, in an empty repository. FOLDER is the
plugin ralph-loop (of anthropics/claude-plugins-official), which is then run too. See docs/compared.md.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "lib")]

from batch_implement.demo.loopback_model import LoopbackModel  # noqa: E402 -- needs the path above
from batch_implement.demo.messages_api import say  # noqa: E402
from batch_implement.execution.client import installation  # noqa: E402
from batch_implement.execution.client.session import Client, Prompt, run_headless  # noqa: E402

if TYPE_CHECKING:
    from batch_implement.demo.messages_api import ModelRequest, Reply

RALPH = '/ralph-loop:ralph-loop "Make all tests pass" --completion-promise DONE --max-iterations 20'


@dataclass(frozen=True)
class Case:
    """``said`` is every turn's text, ``judged`` what the model answers that the client asks about a goal."""

    name: str
    typed: str
    said: str
    judged: str = ""
    needs_ralph: bool = False


CASES = (
    Case("/batch", "/batch add type annotations to all functions", "All done."),
    Case("/loop", "/loop 5m check the build", "All done."),
    Case(
        "/goal, judged as met",
        "/goal all tests pass",
        "All tests pass.",
        '{"ok": true, "reason": "it says so"}',
    ),
    Case(
        "/goal, never met", "/goal all tests pass", "Shall I go on?", '{"ok": false, "reason": "no evidence"}'
    ),
    Case("/ralph-loop, promised at once", RALPH, "<promise>DONE</promise>", needs_ralph=True),
    Case("/ralph-loop, never promised", RALPH, "Shall I go on?", needs_ralph=True),
)


def run(case: Case, executable: Path, ralph: Path | None) -> str:
    def turn(_: ModelRequest) -> Reply:
        return say(case.said)

    def side(_: ModelRequest) -> Reply:
        return say(case.judged or "A title")

    with tempfile.TemporaryDirectory() as name, LoopbackModel(turn, side_policy=side) as model:
        home, project = Path(name) / "home", Path(name) / "project"
        for folder in (home, project):
            folder.mkdir()
        subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
        client = Client(executable, home, model.base_url, (ralph,) if ralph else ())
        prompt = Prompt(case.typed, permission_mode="acceptEdits", allowed_tools=("Bash",))
        result = run_headless(client, prompt, project=project)
        turns = sum(bool(request.tools) for request in model.requests)
        status = subprocess.run(
            ["git", "status", "--porcelain", "-uall"], cwd=project, capture_output=True, text=True, check=True
        )
        left = status.stdout.replace("?? ", "").split()
        asked = len(model.requests) - turns
        figures = f"{turns} turns, {asked} judgements, exit {result.returncode}"
        return f"{figures}, left: {', '.join(left) or 'nothing'}"


def main() -> None:
    executable = installation.install(ROOT / ".cache", print)
    ralph = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
    for case in CASES:
        if not case.needs_ralph or ralph:
            print(f"{case.name:32} {run(case, executable, ralph)}")


if __name__ == "__main__":
    main()
