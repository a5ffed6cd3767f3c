"""``plan``: what ``start`` would do, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.cli import sources
from batch_implement.engine.retries import retry_consent
from batch_implement.presentation.answer import Answer, screened, told
from batch_implement.presentation.consents import RETRIES_UNANSWERED
from batch_implement.presentation.plan import describe, describe_fully, nothing_left
from batch_implement.state.past_batches import past_batches
from batch_implement.system.settings.consent import Consent

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser

SUMMARY = "what start would do; nothing is changed; exit status 5 where start would be refused"
WOULD_BE_REFUSED = 5


def configure(parser: Parser) -> None:
    sources.configure(parser)
    parser.add_argument("--full", action="store_true", help="every reason, every setting, whole titles")


def run(call: Call) -> Answer:
    plan, config = sources.plan(call, sources.read_source(call)), call.project.config
    data = {**sources.data(plan), "refused": list(plan.refusals)}
    if not plan.texts:
        return told(nothing_left(plan), data)
    if call.options.full:
        answer = screened(describe_fully(plan, config), data)
    else:
        questions = [RETRIES_UNANSWERED] if retry_consent(call.project) is Consent.ASK else []
        past = past_batches(call.project.home)
        answer = screened(describe(plan, config, past, questions=questions), data)
    return replace(answer, status=WOULD_BE_REFUSED) if plan.refusals else answer
