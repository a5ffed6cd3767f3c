"""Somebody is told when a batch has ended, has paused, or needs a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from batch_implement.errors import BatchImplementError
from batch_implement.presentation.prompts import standing
from batch_implement.proof.check_command import parse_command
from batch_implement.state.journal import Transition
from batch_implement.system.process import program

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.state.document import Document

_TIMEOUT = 30.0
SETTING = "BATCH_NOTIFY_COMMAND"


def notify(project: Project, event: str, fields: Document, reason: str = "") -> None:
    """Run the user's command with the event as JSON on its standard input; its failure is recorded.

    ``event`` is ``ended``, ``paused`` or ``waiting``.
    """
    try:
        command = project.config.text(SETTING)
        if not command.strip():
            return
        message = {
            "event": event,
            "batch_id": fields["batch_id"],
            "project": str(project.home),
            "standing": standing(fields),
            "reason": reason,
        }
        for step in parse_command(command, SETTING).steps:
            finished = program.run(
                step.argv,
                cwd=project.home,
                timeout=_TIMEOUT,
                stdin=json.dumps(message).encode(),
                env=dict(step.variables),
            )
            if not finished.ok:
                _record(project, f"{step.argv[0]} ended with status {finished.returncode}")
    except BatchImplementError as error:
        _record(project, str(error))


def _record(project: Project, error: str) -> None:
    notice = f"{SETTING} failed: {error}"
    project.state.update(
        lambda fields: Transition(
            "notify_failed", {"notices": [*fields["notices"], notice]}, {"error": error}
        )
    )
