"""``start``: plan and create a batch; prints the plan and the first assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.cli import sources
from batch_implement.engine.start import start_batch

if TYPE_CHECKING:
    from batch_implement.cli.command import Call
    from batch_implement.engine.outcome import Outcome

SUMMARY = "plan and create a batch; print the plan and the first assignment"

configure = sources.configure


def run(call: Call) -> Outcome:
    plan = sources.plan(call, sources.read_source(call))
    return start_batch(call.project, plan, wait=call.wait)
