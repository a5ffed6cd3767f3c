"""``next``: the current assignment again, or the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.advance import next_feature
from batch_implement.presentation.answer import Answer, told
from batch_implement.presentation.outcomes import answer_to
from batch_implement.presentation.prompts import current_work_order

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser

SUMMARY = "the current assignment again, or the next one"


def configure(parser: Parser) -> None:
    parser.add_argument("--work-order", action="store_true", help="the details, for who implements it")


def run(call: Call) -> Answer:
    if call.options.work_order:
        return told(current_work_order(call.project.state.read(), whole=True))
    return answer_to(next_feature(call.project, wait=call.wait))
