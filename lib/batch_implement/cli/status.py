"""``status``: where the batch is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.lifecycle.control import status_text
from batch_implement.lifecycle.outcome import Outcome
from batch_implement.lifecycle.report import render_report
from batch_implement.state.progress import current_feature, failed_indices

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.state.progress import Fields

SUMMARY = "where the batch is, per feature"


def configure(parser: Parser) -> None:
    parser.add_argument("--report", action="store_true", help="the whole account, as Markdown")


def run(call: Call) -> Outcome:
    if not call.project.state.exists():
        return Outcome("told", "No batch is at work in this project.", {"status": None})
    fields = call.project.state.read()
    text = render_report(fields) if call.options.report else status_text(fields)
    return Outcome("told", text, _data(fields))


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
        "evidence": {str(int(index) + 1): proof for index, proof in (fields.get("evidence") or {}).items()},
    }
