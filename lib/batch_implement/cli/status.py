"""``status``: where the batch is, or was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.issue_closing import BREAKER
from batch_implement.engine.retries import retry_manager
from batch_implement.model.breaker import from_json
from batch_implement.oversight.signs import sign_of
from batch_implement.presentation.answer import Answer, told
from batch_implement.presentation.report import render_report
from batch_implement.presentation.standing import standing
from batch_implement.presentation.status import batch_line, history_line, status_data, status_text
from batch_implement.state.past_batches import past_batches

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch

SUMMARY = "where the batch is, per feature"


def configure(parser: Parser) -> None:
    parser.add_argument("--report", action="store_true", help="the whole account, as Markdown")
    parser.add_argument("--history", action="store_true", help="what happened, a line each")
    parser.add_argument("--all", action="store_true", help="the past batches too")


def run(call: Call) -> Answer:
    project, options = call.project, call.options
    if options.all:
        return _all(project)
    if not project.state.exists():
        return _last(project, report=options.report)
    if options.history:
        records = project.state.history()
        return told("\n".join(map(history_line, records)), {"history": records})
    batch = project.state.read()
    text = render_report(batch) if options.report else _text(project, batch)
    return told(text, status_data(batch))


def _text(project: Project, batch: Batch) -> str:
    now = project.now().timestamp()
    retries, closings = (
        0 if breaker.allows(now) else breaker.consecutive_failures
        for breaker in (
            retry_manager(project, batch.batch_id).state().breaker,
            from_json(batch.github_breaker, BREAKER),
        )
    )
    sign = sign_of(project.home, batch)
    return status_text(batch, sign=sign, refused_retries=retries, refused_closings=closings)


def _all(project: Project) -> Answer:
    batches = past_batches(project.home)
    if project.state.exists():
        batches.append(project.state.read())
    text = "\n".join(map(batch_line, batches)) or "There was no batch in this project yet."
    return told(text, {"batches": [status_data(batch) for batch in batches]})


def _last(project: Project, *, report: bool) -> Answer:
    past = past_batches(project.home)
    if not past:
        return told("No batch is at work in this project.", {"status": None})
    last = past[-1]
    text = f"No batch is at work. The last one: {last.batch_id}, {last.status}, {standing(last)}."
    return told(render_report(last) if report else text, status_data(last))
