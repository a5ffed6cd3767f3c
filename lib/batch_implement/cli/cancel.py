"""``cancel``: end the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.control import cancel_batch
from batch_implement.presentation.outcomes import answer_to

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.presentation.answer import Answer

SUMMARY = "end the batch; its state is kept as history"


def configure(parser: Parser) -> None:
    """It takes no arguments."""


def run(call: Call) -> Answer:
    return answer_to(cancel_batch(call.project))
