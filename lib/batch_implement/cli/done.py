"""``done N``: prove a feature, commit it, and go on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from batch_implement.engine.claim import Claim
from batch_implement.engine.done import finish_feature
from batch_implement.errors import UsageError
from batch_implement.presentation.outcomes import answer_to
from batch_implement.proof.second_look.claims import read_named
from batch_implement.system.process import identity

if TYPE_CHECKING:
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
    if (options.accept_weaker or options.allow) and _inside_claude_code(call):
        raise UsageError(
            "--accept-weaker and --allow are the user's to give, in a terminal outside of Claude Code. "
            "Without them: put back what is missing, or give the feature up with batch-implement fail."
        )
    named = tuple(map(read_named, options.changes))
    claim = Claim(options.message, options.no_change, options.accept_weaker, tuple(options.allow), named)
    return answer_to(finish_feature(call.project, options.number, claim, wait=call.wait))


def _inside_claude_code(call: Call) -> bool:
    """By the environment; and, as that is easily cleared, by the client that the batch belongs to."""
    if call.session.session_id or "CLAUDECODE" in os.environ:
        return True
    owner = call.project.state.read().owner
    return owner is not None and identity.runs_below(owner.client)
