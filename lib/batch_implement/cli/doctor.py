"""``doctor``: what is missing on this machine and how to get it, and what is in force."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.engine.diagnosis import diagnose, look_at_tools, without_project
from batch_implement.execution.client.installation import OLDEST
from batch_implement.presentation.answer import Answer, told
from batch_implement.presentation.doctor import doctor_text

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser

SUMMARY = "what is missing on this machine, and what is in force; exit status 4 where something is in the way"
NOT_WELL = 4


def configure(parser: Parser) -> None:
    """It takes no arguments."""


def run(call: Call) -> Answer:
    tools = look_at_tools(call.cwd, OLDEST)
    try:
        found = diagnose(call.project, tools)
    except FileNotFoundError as error:
        found = without_project(tools, str(error))
    answer = told(doctor_text(found), {"ready": found.is_well})
    return answer if found.is_well else replace(answer, status=NOT_WELL)
