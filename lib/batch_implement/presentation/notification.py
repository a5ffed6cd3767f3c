"""Somebody is told when a batch has ended, has paused, or needs a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from batch_implement.errors import BatchImplementError
from batch_implement.model.record import replace
from batch_implement.model.transition import Transition
from batch_implement.presentation.standing import standing
from batch_implement.proof.check_command import parse_command
from batch_implement.system.process import program

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch

_TIMEOUT = 30.0
SETTING = "BATCH_NOTIFY_COMMAND"


def notify(project: Project, event: str, batch: Batch, reason: str = "") -> None:
    """Run the user's command with the event as JSON on its standard input; its failure is recorded.

    ``event`` is ``ended``, ``paused`` or ``waiting``.
    """
    try:
        command = project.config.text(SETTING)
        if not command.strip():
            return
        message = {
            "event": event,
            "batch_id": batch.batch_id,
            "project": str(project.home),
            "standing": standing(batch),
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
        lambda batch: Transition(
            "notify_failed", replace(batch, notices=(*batch.notices, notice)), error=error
        )
    )
