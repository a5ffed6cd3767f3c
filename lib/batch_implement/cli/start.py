"""``start``: plan and create a batch; prints the plan and the first assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.cli import sources
from batch_implement.lifecycle.batch_plan import plan_batch
from batch_implement.lifecycle.start import start_batch
from batch_implement.state.batch_state_manager import new_batch_id

if TYPE_CHECKING:
    from batch_implement.cli.command import Call
    from batch_implement.lifecycle.outcome import Outcome

SUMMARY = "plan and create a batch; print the plan and the first assignment"

configure = sources.configure


def run(call: Call) -> Outcome:
    plan = plan_batch(
        call.project,
        sources.read_source(call),
        batch_id=new_batch_id(),
        permission_mode=call.permission_mode,
        keep_dirty=call.options.keep_dirty,
    )
    return start_batch(call.project, plan, wait=call.wait)
