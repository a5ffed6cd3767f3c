"""Interactive sessions of the real client, typed into under tmux."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from batch_implement.demo.loopback_model import LoopbackModel
from batch_implement.demo.messages_api import Reply, bash, say
from tests.client.terminal import ScreenTimeoutError, Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.demo.messages_api import Answer, ModelRequest
    from tests.client.conftest import ClientFactory, PluginFactory

pytestmark = pytest.mark.client


def test_a_typed_prompt_is_answered_on_the_screen(make_client: ClientFactory, project: Path) -> None:
    with (
        LoopbackModel(lambda request: say(f"{len(request.last_user_text[-5:])} letters")) as model,
        Terminal(make_client(model), project) as terminal,
    ):
        terminal.type("hello")
        terminal.wait_for("5 letters")
        terminal.wait_for(lambda: "5 letters" in terminal.transcript())
    assert _gone(terminal)


def test_a_slash_command_typed_bare_reaches_the_plugin(
    make_client: ClientFactory, make_plugin: PluginFactory, project: Path
) -> None:
    plugin = make_plugin(
        {"commands/start.md": "---\nname: start\ndescription: Starts.\n---\nWith $ARGUMENTS."}
    )
    with (
        LoopbackModel(lambda request: say("seen" if "With a 'b'." in request.news else "unseen")) as model,
        Terminal(make_client(model, plugin), project) as terminal,
    ):
        terminal.type("/start a 'b'")
        terminal.wait_for("seen")


def test_an_interrupted_command_ends_the_turn(make_client: ClientFactory, project: Path) -> None:
    def policy(request: ModelRequest) -> Answer:
        return say("went on") if "go on" in request.news else bash("touch started; tail -f /dev/null")

    with (
        LoopbackModel(policy) as model,
        Terminal(make_client(model), project, "--allowedTools", "Bash") as terminal,
    ):
        terminal.type("work")
        terminal.wait_for((project / "started").exists)
        terminal.interrupt()
        terminal.wait_for("Interrupted")
        terminal.type("go on")
        terminal.wait_for("went on")


def test_what_does_not_come_is_reported_with_the_screen(make_client: ClientFactory, project: Path) -> None:
    with (
        LoopbackModel(lambda _: Reply("too late", delay=60)) as model,
        Terminal(make_client(model), project) as terminal,
    ):
        terminal.type("are you there")
        with pytest.raises(ScreenTimeoutError, match="are you there"):
            terminal.wait_for("too late", timeout=0.5)


def _gone(terminal: Terminal) -> bool:
    return not terminal.pid or not os.path.exists(f"/proc/{terminal.pid}")  # noqa: PTH110 -- not a file
