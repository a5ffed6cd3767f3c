"""``stop``: end the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.control import cancel_batch
from batch_implement.presentation.outcomes import answer_to

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.presentation.answer import Answer

SUMMARY = "end the batch; what is committed stays, and resume goes on with the rest"


def configure(parser: Parser) -> None:
    parser.add_argument("--yes", action="store_true", help="also while a feature is being worked on")


def run(call: Call) -> Answer:
    return answer_to(cancel_batch(call.project, sure=call.options.yes or not call.session.attended))
