"""``uninstall``: remove what the plugin made outside of projects."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.cli.command import refuse_claude
from batch_implement.presentation.removal import uninstall_answer
from batch_implement.system.uninstaller import uninstall

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.presentation.answer import Answer

SUMMARY = (
    "remove what the plugin made outside of projects: its Python packages, the demo's client, your answers"
)


def configure(parser: Parser) -> None:
    """It takes no arguments."""


def run(call: Call) -> Answer:
    refuse_claude(call)
    return uninstall_answer(uninstall(os.environ, Path.home()))
