"""The whole thing at work in a throw-away repository: the real client, a scripted model on loopback."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.demo import scripted_developer
from batch_implement.demo.loopback_model import LoopbackModel
from batch_implement.errors import VerificationError
from batch_implement.execution.client import installation
from batch_implement.execution.client.session import Client, Prompt, run_headless
from batch_implement.state.past_batches import past_batches
from batch_implement.system.process import program

if TYPE_CHECKING:
    from collections.abc import Callable

    from batch_implement.execution.client.session import ClientResult

PLUGIN = Path(__file__).resolve().parents[3]
FEATURES = """\
# A small library of number functions. The second feature needs the third.
- Add double(x) returning x * 2; double(4) is 8
- Add octuple(x) returning double(quadruple(x)); octuple(1) is 8 (requires quadruple)
- Add quadruple(x) returning double(double(x)); quadruple(2) is 8 (requires double)
- Add negate(x) returning -x; negate(4) is -4
"""
# A check that needs nothing but Python: unittest discovers the tests.
CHECK = "python3 -m unittest discover -v -s tests -t ."
_IDENTITY = {"name": "Demo", "email": "demo@example.invalid"}


def make_repository(folder: Path) -> None:
    """A repository with a features file, a check and one commit."""
    (folder / "tests").mkdir(parents=True)
    (folder / "features.txt").write_text(FEATURES)
    (folder / ".env").write_text(f"BATCH_VERIFY_COMMAND={CHECK}\n")
    (folder / ".gitignore").write_text(".env\n__pycache__/\n")
    (folder / "tests" / "__init__.py").write_text("")
    git(folder, "init", "--quiet", "--initial-branch=main")
    for name, value in _IDENTITY.items():
        git(folder, "config", f"user.{name}", value)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "An empty library")


def show(cache: Path, report: Callable[[str], None], version: str = installation.VERSION) -> str:
    """Run the demo with this version of the client; returns the git log and the report it ended with.

    Raises :class:`VerificationError` when it did not end with every feature committed.
    """
    executable = installation.install(cache, report, version)
    with tempfile.TemporaryDirectory(prefix="batch-implement-demo-") as name:
        folder, home = Path(name) / "project", Path(name) / "home"
        home.mkdir()
        make_repository(folder)
        report(f"A throw-away repository with four features:\n\n{FEATURES}")
        report("Claude Code is asked: /batch-implement features.txt")
        with LoopbackModel(scripted_developer.answer) as model:
            client = Client(executable, home, model.base_url, plugin_dirs=(PLUGIN,))
            result = run_headless(
                client,
                Prompt(
                    "/batch-implement features.txt", permission_mode="acceptEdits", allowed_tools=("Bash",)
                ),
                project=folder,
                timeout=300,
            )
        _require_complete(folder, result)
        log = git(folder, "log", "--reverse", "--format=%h %s%n        %(trailers:separator=%x2C )")
        return f"git log\n{log}\nClaude's last message\n\n{result.text}"


def git(folder: Path, *arguments: str) -> str:
    finished = program.run(["git", *arguments], cwd=folder)
    if not finished.ok:
        raise VerificationError(f"git {arguments[0]} failed in the demo: {finished.error_text}")
    return finished.text


def _require_complete(folder: Path, result: ClientResult) -> None:
    # A batch that has ended is among the past ones.
    past = past_batches(folder)
    if not past or past[-1].left or past[-1].failed:
        raise VerificationError(
            f"The demo did not complete every feature. It ended with: {result.text}\n{result.stderr}"
        )
