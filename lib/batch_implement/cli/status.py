"""``status``: where the batch is, or was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.engine.control import status_text
from batch_implement.engine.outcome import Outcome
from batch_implement.model.progress import current_feature, failed_indices
from batch_implement.presentation.prompts import standing
from batch_implement.presentation.report import render_report
from batch_implement.state.past_batches import past_batches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.cli.command import Call, Parser
    from batch_implement.engine.project import Project
    from batch_implement.model.progress import Fields

SUMMARY = "where the batch is, per feature"


def configure(parser: Parser) -> None:
    parser.add_argument("--report", action="store_true", help="the whole account, as Markdown")
    parser.add_argument("--history", action="store_true", help="what happened, a line each")
    parser.add_argument("--all", action="store_true", help="the past batches too")


def run(call: Call) -> Outcome:
    project, options = call.project, call.options
    if options.all:
        return _all(project)
    if not project.state.exists():
        return _last(project, report=options.report)
    fields = project.state.read()
    if options.history:
        records = project.state.history()
        return Outcome("told", "\n".join(map(_line, records)), {"history": records})
    text = render_report(fields) if options.report else status_text(project, fields)
    return Outcome("told", text, _data(fields))


def _all(project: Project) -> Outcome:
    batches = past_batches(project.home)
    if project.state.exists():
        batches.append(project.state.read())
    lines = [f"{batch['batch_id']}: {batch['status']}, {standing(batch)}" for batch in batches]
    data = {"batches": [_data(batch) for batch in batches]}
    return Outcome("told", "\n".join(lines) or "There was no batch in this project yet.", data)


def _last(project: Project, *, report: bool) -> Outcome:
    past = past_batches(project.home)
    if not past:
        return Outcome("told", "No batch is at work in this project.", {"status": None})
    last = past[-1]
    text = f"No batch is at work. The last one: {last['batch_id']}, {last['status']}, {standing(last)}."
    return Outcome("told", render_report(last) if report else text, _data(last))


def _line(record: Mapping[str, Any]) -> str:
    about = {key: value for key, value in record.items() if key not in {"sequence", "at", "event", "changes"}}
    return " ".join(
        [str(record["at"]), str(record["event"]), *(f"{key}={value}" for key, value in about.items())]
    )


def _data(fields: Fields) -> dict[str, Any]:
    current = current_feature(fields)
    return {
        "batch_id": fields["batch_id"],
        "status": fields["status"],
        "total": fields["total_features"],
        "completed": [index + 1 for index in fields["completed_features"]],
        "failed": sorted(index + 1 for index in failed_indices(fields)),
        "held": sorted(int(index) + 1 for index in fields.get("held") or {}),
        "current": None if current is None else current + 1,
        "pause": fields.get("pause"),
        "wake": fields.get("wake"),
        "evidence": {str(int(index) + 1): proof for index, proof in (fields.get("evidence") or {}).items()},
    }
