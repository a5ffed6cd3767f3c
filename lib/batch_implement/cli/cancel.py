"""``cancel``: end the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.control import cancel_batch
from batch_implement.engine.outcome import Outcome

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser

SUMMARY = "end the batch; its state is kept as history"


def configure(parser: Parser) -> None:
    """It takes no arguments."""


def run(call: Call) -> Outcome:
    return Outcome("told", cancel_batch(call.project))
