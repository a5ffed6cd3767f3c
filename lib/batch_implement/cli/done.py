"""``done N``: prove a feature, commit it, and go on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from batch_implement.engine.claim import Claim
from batch_implement.engine.done import finish_feature
from batch_implement.presentation.outcomes import answer_to
from batch_implement.proof.second_look.claims import read_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.cli.command import Call, Parser
    from batch_implement.presentation.answer import Answer

SUMMARY = "verify feature N, commit it, record it; then the next assignment"


def configure(parser: Parser) -> None:
    parser.add_argument("number", type=int, metavar="N", help="the feature's number, from 1")
    parser.add_argument("--message", default="", metavar="TEXT", help="the commit message")
    parser.add_argument("--no-change", default="", metavar="REASON", help="why nothing had to change")
    parser.add_argument(
        "--changes",
        action="append",
        default=[],
        metavar="TEST: WHY",
        help="a test or a file of the check that the feature itself contradicts",
    )
    parser.add_argument("--accept-weaker", default="", metavar="REASON", help="why the checks may say less")
    parser.add_argument("--allow", action="append", default=[], metavar="PATH", help="commit a held path")


def run(call: Call) -> Answer:
    options = call.options
    if not (options.accept_weaker or options.allow):
        _take_the_clients_environment(call.project.environment)
    named = tuple(map(read_named, options.changes))
    claim = Claim(options.message, options.no_change, options.accept_weaker, tuple(options.allow), named)
    return answer_to(finish_feature(call.project, options.number, claim, wait=call.wait))


def _take_the_clients_environment(started: Mapping[str, str]) -> None:
    """What is set for this call alone would switch the user's hooks off, or lead git elsewhere."""
    if started is not os.environ:
        ours = {name: value for name, value in os.environ.items() if name.startswith("CLAUDE")}
        os.environ.clear()
        os.environ.update({**started, **ours})
