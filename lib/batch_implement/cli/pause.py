"""``pause``: hold the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.control import pause_batch
from batch_implement.model.outcomes import Paused
from batch_implement.presentation.answer import Answer, told
from batch_implement.presentation.outcomes import answer_to
from batch_implement.presentation.pauses import paused_by_hand

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser

SUMMARY = "hold the batch; the feature at work keeps its place"


def configure(parser: Parser) -> None:
    """It takes no arguments."""


def run(call: Call) -> Answer:
    outcome = pause_batch(call.project)
    if isinstance(outcome, Paused):
        return told(paused_by_hand(call.project.state.read()))
    return answer_to(outcome)
