"""A consent that was given in answer to a question of Claude's."""

from __future__ import annotations

from pathlib import Path

from batch_implement.presentation.consents import FIRST_RUN
from batch_implement.system.process.origin import is_ancestor, maker_of_input
from batch_implement.system.settings.consent import RETRIES, store_answer
from batch_implement.system.settings.user_state import UserState


def keep(question: str, *, granted: bool) -> None:
    """Nothing is kept of another question, or where it was not the client that told of the answer."""
    maker = maker_of_input()
    told_by_client = maker is None or (maker > 0 and is_ancestor(maker))
    if told_by_client and question.strip() == FIRST_RUN[RETRIES].question:
        store_answer(RETRIES, UserState(Path.home()), granted=granted)
