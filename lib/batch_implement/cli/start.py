"""``start``: plan and create a batch; prints the plan and the first assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.cli import sources

if TYPE_CHECKING:
    from batch_implement.cli.command import Call
    from batch_implement.presentation.answer import Answer

SUMMARY = "plan and create a batch; print the plan and the first assignment"

configure = sources.configure


def run(call: Call) -> Answer:
    return sources.start(call, sources.read_source(call))
