"""What is said of each reason for which a batch stands still."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from batch_implement.model import kinds
from batch_implement.model.batch import Pause
from batch_implement.presentation.pauses import reason_of

ROWS = (
    (Pause(kind="person"), "by the user"),
    (
        Pause(kind="failing-check", about="make test", output="1 failed"),
        "make test fails before any feature has begun, so nothing could be proven. Make it pass, or set "
        "BATCH_VERIFY_COMMAND in .env.\n1 failed\n",
    ),
    (
        Pause(kind="failure", feature=1, about="gh is not logged in"),
        "Feature 2 met what only a person can mend: gh is not logged in.",
    ),
    (
        Pause(kind="outage", about="Claude is not logged in: somebody has to act"),
        "Claude is not logged in: somebody has to act.",
    ),
    (
        Pause(kind="context-full", about="the conversation is too long"),
        "the conversation is too long. The batch needs nothing of this conversation: type /clear first.",
    ),
    (
        Pause(kind="no-progress", about="Shall I go on?"),
        "turn after turn ended without anything done; the last words were: Shall I go on?.",
    ),
    (
        Pause(kind="stalled", count=3, about="Shall I go on?"),
        "3 features in a row came to nothing; the last words were: Shall I go on?.",
    ),
    (Pause(kind="earlier", about="waiting for a person"), "waiting for a person"),
    (Pause(kind="earlier"), "paused"),
    (
        Pause(kind="earlier", about="A checkpoint.", question="Which one?", answers=("the first", "both")),
        "A checkpoint. Which one? (the first / both)",
    ),
    (Pause(kind="earlier", about="A checkpoint.", question="How?"), "A checkpoint. How?"),
)


def test_there_is_a_sentence_for_every_kind_of_pause() -> None:
    declared = Path(kinds.__file__).read_text().partition("PauseKind = Literal[")[2].partition("]")[0]
    assert {pause.kind for pause, _ in ROWS} == set(re.findall(r'"([^"]+)"', declared))


@pytest.mark.parametrize(("pause", "sentence"), ROWS, ids=[row[0].kind for row in ROWS])
def test_a_pause_is_said_like_this(pause: Pause, sentence: str) -> None:
    assert reason_of(pause) == sentence
