"""Who watches a batch from inside the program: the report is kept current, and somebody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.happenings import BatchEnded, BatchPaused, BatchWaits
from batch_implement.presentation.notification import notify
from batch_implement.presentation.pauses import reason_of
from batch_implement.presentation.report import write_report

if TYPE_CHECKING:
    from batch_implement.engine.happenings import Happening
    from batch_implement.engine.project import Project


def observe(project: Project, happening: Happening) -> None:
    """Write the report of a batch that has ended; run the user's command for what they want to hear of."""
    match happening:
        case BatchEnded():
            write_report(project.home, happening.batch)
            if happening.batch.status != "cancelled":
                notify(project, "ended", happening.batch)
        case BatchPaused():
            notify(project, "paused", happening.batch, reason_of(happening.pause, in_short=True))
        case BatchWaits():
            notify(project, "waiting", happening.batch, happening.wait.reason)
