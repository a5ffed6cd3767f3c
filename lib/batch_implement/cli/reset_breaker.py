"""``reset-breaker``: close the circuit breakers after a look at what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.control import reset_breakers
from batch_implement.presentation.answer import Answer, told

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser

SUMMARY = "close the circuit breakers after a look at what failed"

_CLOSED = "The circuit breakers are closed: retries and GitHub calls are made again."


def configure(parser: Parser) -> None:
    parser.add_argument("batch_id", nargs="?", default="", metavar="ID", help="the batch, when you know it")


def run(call: Call) -> Answer:
    return told("\n".join([_CLOSED, *reset_breakers(call.project, call.options.batch_id)]))
