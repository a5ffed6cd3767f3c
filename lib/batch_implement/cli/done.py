"""``done N``: prove a feature, commit it, and go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.lifecycle.done import finish_feature

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.lifecycle.outcome import Outcome

SUMMARY = "verify feature N, commit it, record it; then the next assignment"


def configure(parser: Parser) -> None:
    parser.add_argument("number", type=int, metavar="N", help="the feature's number, from 1")
    parser.add_argument("--message", default="", metavar="TEXT", help="the commit message")
    parser.add_argument("--no-change", default="", metavar="REASON", help="why nothing had to change")


def run(call: Call) -> Outcome:
    options = call.options
    return finish_feature(
        call.project, options.number, message=options.message, no_change=options.no_change, wait=call.wait
    )
