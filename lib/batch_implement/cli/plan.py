"""``plan``: what ``start`` would do, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.cli import sources
from batch_implement.presentation.answer import Answer, told
from batch_implement.presentation.plan import describe, nothing_left

if TYPE_CHECKING:
    from batch_implement.cli.command import Call

SUMMARY = "what start would do; nothing is changed; exit status 5 where start would be refused"
WOULD_BE_REFUSED = 5

configure = sources.configure


def run(call: Call) -> Answer:
    plan = sources.plan(call, sources.read_source(call))
    text = describe(plan, call.project.config) if plan.texts else nothing_left(plan)
    answer = told(text, {**sources.data(plan), "refused": list(plan.refusals)})
    return replace(answer, status=WOULD_BE_REFUSED) if plan.texts and plan.refusals else answer
