"""``pause``: hold the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.control import pause_batch
from batch_implement.engine.outcome import Outcome

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser

SUMMARY = "hold the batch; the feature at work keeps its place"


def configure(parser: Parser) -> None:
    """It takes no arguments."""


def run(call: Call) -> Outcome:
    return Outcome("told", pause_batch(call.project))
