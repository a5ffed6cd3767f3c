"""Every screen that a person meets, as text, from the real client: python -m tests.client.screens

Writes docs/screens.md. What differs from run to run (times, ids, commits, folders) is put as one and the
same, so that a change of words is a change of the page.
"""

from __future__ import annotations

import re
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "lib")]

from batch_implement.demo import scripted_developer  # noqa: E402
from batch_implement.demo.loopback_model import LoopbackModel  # noqa: E402
from batch_implement.demo.messages_api import bash, say  # noqa: E402
from batch_implement.execution.client import installation  # noqa: E402
from batch_implement.execution.client.session import Client  # noqa: E402
from tests.client import developers  # noqa: E402 -- needs the paths above
from tests.client.batch_project import BatchProject  # noqa: E402
from tests.client.terminal import PROMPT, Terminal  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batch_implement.demo.messages_api import ModelRequest, Policy, Reply

PAGE = ROOT / "docs" / "screens.md"
_HEAD = """\
# Screens

What stands on the screen of Claude Code {version}, as text. Made by `python -m tests.client.screens` with the
real client under tmux and a scripted model; ids, times, commits and folders are put as one and the same.
"""
COMMAND = "/batch-implement features.txt"
_SAME = (
    (r"batch-\d{8}-\d{6}-\d{6}", "BATCH"),
    (r"\b[0-9a-f]{7,10}\b(?=( ·|[,)]))", "COMMIT"),
    (r"\b\d+h \d\dm\b|\b\d+m \d\ds\b|\b\d+s\b", "TIME"),
    (r"\b\d\d:\d\d\b", "HH:MM"),
    (r"about \d+ (min|h) left", "about TIME left"),
)
# The client's own: what turns, how long it took, its tips and its bars.
_NOT_OURS = re.compile(r"^([·✢✳✶✻✽*] .*|\s*(⎿  Tip:.*|[─╌]{20}.*|▎.*|[▐▝▘▗▖▟▙▜▛].*|◐ .*))$")
_SIZE = (200, 150)


def normal(screen: str, typed: Sequence[str]) -> str:
    """What stands between the client's head and its prompt, without what is the client's or the moment's.

    ``typed`` is put where the client shows a command of ours, which it does by another name and without what
    stood behind it.
    """
    lines = screen.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    commands = iter(typed)
    kept = []
    for line in lines[: next((at for at, one in enumerate(lines) if one.startswith("─" * 20)), len(lines))]:
        if line.startswith(f"{PROMPT} /"):
            kept.append(f"{PROMPT} {next(commands)}")
        elif not _NOT_OURS.match(line):
            kept.append(line.rstrip())
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")
    for pattern, one in _SAME:
        text = re.sub(pattern, one, text)
    return text


@dataclass
class Studio:
    """Where the screens are taken."""

    executable: Path
    plugin_home: Path
    folder: Path
    taken: dict[str, str] = field(default_factory=dict)
    _projects: int = 0

    def project(self, features: int = 3, marks: dict[int, str] | None = None) -> BatchProject:
        self._projects += 1
        return BatchProject.make(self.folder / f"project{self._projects}", features, marks)

    def client(self, model: LoopbackModel, **env: str) -> Client:
        home = self.folder / f"home{self._projects}"
        home.mkdir(exist_ok=True)
        variables = {"BATCH_IMPLEMENT_HOME": str(self.plugin_home), **env}
        return Client(self.executable, home, model.base_url, (ROOT,), variables)

    @contextmanager
    def terminal(
        self, project: BatchProject, policy: Policy, mode: str = "acceptEdits"
    ) -> Iterator[Terminal]:
        allowed = ("--allowedTools", "Bash") if mode == "acceptEdits" else ()
        with (
            LoopbackModel(policy) as model,
            Terminal(
                self.client(model), project.root, *allowed, permission_mode=mode, size=_SIZE
            ) as terminal,
        ):
            yield terminal

    def take(self, title: str, screen: str, project: BatchProject, *typed: str) -> None:
        self.taken[title] = normal(screen, typed).replace(str(project.root), "PROJECT")


def _before(studio: Studio) -> None:
    project = studio.project()
    with studio.terminal(project, scripted_developer.answer) as terminal:
        steps = (
            ("/batch-status", "There was no batch"),
            ("/batch-implement", "No features were named"),
            ("/batch-implement none.txt", "none.txt is not there"),
            ("/batch-implement add a login form", "/auto-implement"),
            ("/batch-implement --resume", "batch_state.json"),
            ("/batch-implement --plan features.txt", "Settings:"),
        )
        _type(terminal, steps)
        studio.take("Before a batch", terminal.screen(), project, *(typed for typed, _ in steps))


def _whole(studio: Studio) -> None:
    project = studio.project()
    with studio.terminal(project, developers.slow(1.0)) as terminal:
        terminal.type(COMMAND)
        terminal.wait_for(lambda: project.status == "completed", 120)
        terminal.wait_for("3 of 3 done")
        terminal.type(COMMAND)
        terminal.wait_for("To do it all the same")
        studio.take("A batch, and the same file again", terminal.screen(), project, COMMAND, COMMAND)


def _failure(studio: Studio) -> None:
    project = studio.project(marks={3: "(requires 2)"})
    policy = developers.failing(2, "SyntaxError: invalid syntax in times_two.py")
    with studio.terminal(project, policy) as terminal:
        terminal.type(COMMAND)
        terminal.wait_for(lambda: project.status == "completed", 120)
        terminal.wait_for("1 of 3 done, 1 failed, 1 held")
        studio.take("A feature fails, and another needs it", terminal.screen(), project, COMMAND)


def _failing_check(studio: Studio) -> None:
    project = studio.project()
    project.set("BATCH_VERIFY_COMMAND", "false")
    with studio.terminal(project, scripted_developer.answer) as terminal:
        terminal.type(COMMAND)
        terminal.wait_for("fails before any feature has begun")
        studio.take("The checks fail before the first feature", terminal.screen(), project, COMMAND)


def _hands(studio: Studio) -> None:
    project = studio.project()
    with studio.terminal(project, developers.slow(6.0)) as terminal:
        terminal.type(COMMAND)
        terminal.wait_for(lambda: "agent" in project.events if project.status else False, 60)
        steps = (
            ("/batch-status", "▶ 1."),
            (COMMAND, "A batch is at work in this project already"),
            ("/batch-implement --stop", "End the batch all the same?"),
            ("/batch-implement --pause", "works on until it has ended"),
            ("/batch-status", "by the user"),
            ("/batch-implement --stop", "The batch is stopped"),
        )
        _type(terminal, steps)
        typed = (COMMAND, *(typed for typed, _ in steps))
        studio.take("Status, pause and stop while an agent works", terminal.screen(), project, *typed)


def _interrupted(studio: Studio) -> None:
    def policy(request: ModelRequest) -> Reply:
        if request.answers == 0:
            return bash("tail -f /dev/null")
        return say("I go on.") if "what now" in request.last_user_text else say("Shall I?")

    project = studio.project()
    with studio.terminal(project, policy) as terminal:
        terminal.type(COMMAND)
        terminal.wait_for("tail -f /dev/null")
        terminal.interrupt()
        terminal.wait_for("Interrupted")
        terminal.type("/batch-status")
        terminal.wait_for("Interrupted by Esc")
        terminal.type("what now")
        terminal.wait_for("The batch goes on (0 of 3 done)")
        terminal.interrupt()
        screen = terminal.screen().partition("● Ran 2 stop hooks")[0]
        studio.take("Interrupted, and a word after it", screen, project, COMMAND, "/batch-status")
    with studio.terminal(project, policy) as terminal:
        terminal.wait_for("There is an unfinished batch")
        terminal.type(stop := "/batch-implement --stop --yes")
        terminal.wait_for("The batch is stopped")
        studio.take("A new session beside an unfinished batch", terminal.screen(), project, stop)


def _asked(studio: Studio) -> None:
    project = studio.project()
    with studio.terminal(project, scripted_developer.answer, mode="default") as terminal:
        terminal.type(COMMAND)
        terminal.wait_for("Do you want to")
        said = project.run(
            "status", HOME=str(terminal.home), BATCH_IMPLEMENT_HOME=str(studio.plugin_home)
        ).stdout
    studio.take("A permission prompt waits: `batch-implement status` in another terminal", said, project)


SCENES = (_before, _whole, _failure, _failing_check, _hands, _interrupted, _asked)


def _type(terminal: Terminal, steps: Sequence[tuple[str, str]]) -> None:
    for typed, awaited in steps:
        terminal.type(typed)
        terminal.wait_for(awaited)


def page(executable: Path, plugin_home: Path, folder: Path) -> str:
    """The whole page, made anew."""
    studio = Studio(executable, plugin_home, folder)
    for scene in SCENES:
        scene(studio)
    parts = [f"## {title}\n\n```text\n{screen}\n```\n" for title, screen in studio.taken.items()]
    return "\n".join([_HEAD.format(version=installation.VERSION), *parts])


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        executable = installation.install(ROOT / ".cache", print)
        PAGE.write_text(page(executable, ROOT / ".cache" / "plugin-home", Path(name)), encoding="utf-8")
    print(f"Written: {PAGE}")


if __name__ == "__main__":
    main()
