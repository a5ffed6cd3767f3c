"""``status``: where the batch is, or was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.issue_closing import BREAKER
from batch_implement.engine.retries import retry_manager
from batch_implement.errors import UsageError
from batch_implement.model.breaker import from_json
from batch_implement.oversight.seen import look
from batch_implement.presentation.answer import Answer, screened, told
from batch_implement.presentation.history import history_line
from batch_implement.presentation.report import render_report
from batch_implement.presentation.status import batch_line, status_data, status_screen
from batch_implement.state.past_batches import past_batches, past_history

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch
    from batch_implement.oversight.seen import Seen

SUMMARY = "where the batch is, per feature"

_NONE = "There was no batch in this project yet. To begin one: /batch-implement FILE"


def configure(parser: Parser) -> None:
    parser.add_argument(
        "batch_id", nargs="?", default="", metavar="ID", help="another batch than the last one"
    )
    parser.add_argument("--report", action="store_true", help="the whole account, as Markdown")
    parser.add_argument("--history", action="store_true", help="what happened, a line each")
    parser.add_argument("--all", action="store_true", help="every batch of the project, a line each")


def run(call: Call) -> Answer:
    project, options = call.project, call.options
    current = project.state.read() if project.state.exists() else None
    batches = [*past_batches(project.home), *([current] if current is not None else [])]
    if options.all:
        text = "\n".join(map(batch_line, batches)) or _NONE
        return told(text, {"batches": [status_data(batch) for batch in batches]})
    chosen = [batch for batch in batches if options.batch_id in {"", batch.batch_id}]
    if not chosen:
        if not options.batch_id:
            return told(_NONE, {"status": None})
        raise UsageError(f"There is no batch {options.batch_id[:100]!r}. All of them: /batch-status --all")
    batch = chosen[-1]
    if options.history:
        is_current = batch is current
        records = project.state.history() if is_current else past_history(project.home, batch.batch_id)
        return told("\n".join(map(history_line, records)), {"history": records})
    seen = _seen(project, batch)
    data = status_data(batch, seen)
    if options.report:
        return Answer("told", render_report(batch), data, is_markdown=True)
    return screened(status_screen(batch, seen), data)


def _seen(project: Project, batch: Batch) -> Seen:
    seen = look(project.home, batch)
    if not batch.is_over:
        now = project.now().timestamp()
        seen.refused_retries, seen.refused_closings = (
            0 if breaker.allows(now) else breaker.consecutive_failures
            for breaker in (
                retry_manager(project, batch.batch_id).state().breaker,
                from_json(batch.github_breaker, BREAKER),
            )
        )
    return seen
