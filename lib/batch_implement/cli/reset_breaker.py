"""``reset-breaker``: close the circuit breakers after a look at what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.control import reset_breakers
from batch_implement.engine.outcome import Outcome

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser

SUMMARY = "close the circuit breakers after a look at what failed"


def configure(parser: Parser) -> None:
    parser.add_argument("batch_id", nargs="?", default="", metavar="ID", help="the batch, when you know it")


def run(call: Call) -> Outcome:
    return Outcome("told", reset_breakers(call.project, call.options.batch_id))
