"""``fail N``: record why a feature can't be done, and go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.fail import fail_feature
from batch_implement.presentation.outcomes import answer_to

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.presentation.answer import Answer

SUMMARY = "record why feature N can't be done; then what is to be done next"


def configure(parser: Parser) -> None:
    parser.add_argument("number", type=int, metavar="N", help="the feature's number, from 1")
    parser.add_argument("--error", required=True, metavar="TEXT", help="what went wrong")


def run(call: Call) -> Answer:
    # argparse takes the two dashes of "--error=--" for the end of the options, and gives a list.
    error = call.options.error or "--"
    return answer_to(fail_feature(call.project, call.options.number, error=error, wait=call.wait))
