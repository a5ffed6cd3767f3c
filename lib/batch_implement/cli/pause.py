"""``pause``: hold the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.control import pause_batch
from batch_implement.model.outcomes import Paused
from batch_implement.presentation.answer import Answer, told
from batch_implement.presentation.outcomes import answer_to

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser

SUMMARY = "hold the batch; the feature at work keeps its place"


def configure(parser: Parser) -> None:
    """It takes no arguments."""


def run(call: Call) -> Answer:
    outcome = pause_batch(call.project)
    if isinstance(outcome, Paused):
        return told("The batch is paused. /batch-implement --resume goes on with it.")
    return answer_to(outcome)
