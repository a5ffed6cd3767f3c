"""``clean``: remove what batches left in this project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.cli.command import refuse_claude
from batch_implement.engine.cleaning import clean
from batch_implement.presentation.removal import clean_answer

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.presentation.answer import Answer

SUMMARY = (
    "remove what ended batches left in this project: history, reports, locks, lines in git's exclude file"
)


def configure(parser: Parser) -> None:
    parser.add_argument("--with-unfinished", action="store_true", help="a batch that has not ended, too")


def run(call: Call) -> Answer:
    refuse_claude(call)
    return clean_answer(clean(call.project, with_unfinished=call.options.with_unfinished))
