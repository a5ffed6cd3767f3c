"""``resume``: go on with a batch after a pause, a crash, or in another session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.resume import resume_batch
from batch_implement.presentation.outcomes import answer_to

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.presentation.answer import Answer

SUMMARY = "go on with the batch after a pause or a crash, or in another session"


def configure(parser: Parser) -> None:
    parser.add_argument("batch_id", nargs="?", default="", metavar="ID", help="the batch, when you know it")
    parser.add_argument(
        "--failed", action="store_true", help="try what failed, and what was held for it, again"
    )
    parser.add_argument("--held", action="store_true", help="work what was held all the same")
    parser.add_argument(
        "--migrate", action="store_true", help="take over a state of the first version, which had no checksum"
    )
    parser.add_argument("--take-over", action="store_true", help="also from a session that is still running")


def run(call: Call) -> Answer:
    options = call.options
    outcome = resume_batch(
        call.project,
        options.batch_id,
        take_over=options.take_over,
        again=options.failed,
        held=options.held,
        migrate=options.migrate,
        wait=call.wait,
    )
    return answer_to(outcome)
