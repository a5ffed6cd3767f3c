"""``consent retry yes``: keep the answer to the first-run question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.presentation.answer import Answer, told
from batch_implement.system.settings.consent import RETRIES, store_answer
from batch_implement.system.settings.user_state import UserState

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser

SUMMARY = "keep your answer to the first-run question on retries"


def configure(parser: Parser) -> None:
    parser.add_argument("subject", choices=["retry"], help="what was asked about")
    parser.add_argument("answer", choices=["yes", "no"], help="the answer")


def run(call: Call) -> Answer:
    granted = call.options.answer == "yes"
    store_answer(RETRIES, UserState(Path.home()), granted=granted)
    said = "are tried again" if granted else "are not tried again"
    return told(f"Kept: features that fail for passing reasons {said}.")
