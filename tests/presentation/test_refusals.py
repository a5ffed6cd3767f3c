"""What is said of each refusal, word for word: this is where the words are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.presentation.examples import classes_of, kinds_in

from batch_implement.model import refusals as why
from batch_implement.model.batch import Pause
from batch_implement.presentation.refusals import sentence_of, told_of

if TYPE_CHECKING:
    from batch_implement.model.refusals import Refusal

NOT_DONE = "Feature 2 is not done."
MEND = "Mend it and run done again."
ALLOW = "--allow is for the user, in a terminal outside of Claude Code."
ASKED = "Feature 2 of 3 is being worked on. End the batch all the same? Type /batch-implement --stop --yes."
STAYS = (
    "stays in the working tree, uncommitted, and /batch-implement --resume goes on from there. "
    "To hold the batch instead: /batch-implement --pause"
)
ROWS: tuple[tuple[Refusal, str], ...] = (
    (
        why.StrangerSession(),
        "The batch in this project belongs to another Claude Code session. Leave it alone; to take it over, "
        "type /batch-implement --resume.",
    ),
    (
        why.OwnerIsAlive(),
        "The batch belongs to a Claude Code session that is still running. Go on there; or take it from that "
        "session: /batch-implement --resume --take-over",
    ),
    (
        why.BatchAtWork(batch_id="batch-1", status="paused"),
        "A batch is at work in this project already (batch-1, paused). /batch-status shows it, "
        "/batch-implement --resume goes on with it, /batch-implement --stop ends it.",
    ),
    (
        why.OtherBatch(current="batch-1", asked="x" * 200),
        f"The batch in this project is batch-1, not {'x' * 100}.",
    ),
    (
        why.NothingToResume(batch_id="batch-1", status="completed"),
        "Batch batch-1 is completed, and nothing in it is to be done again. "
        "/batch-implement --resume --failed tries what failed once more.",
    ),
    (
        why.NotGoing(status="paused", pause=Pause(kind="person")),
        "[batch-implement] The batch is paused: by the user. Stop here. "
        "The user goes on with /batch-implement --resume.",
    ),
    (
        why.NotGoing(status="paused"),
        "[batch-implement] The batch is paused: paused. Stop here. "
        "The user goes on with /batch-implement --resume.",
    ),
    (
        why.NotGoing(status="cancelled"),
        "[batch-implement] The batch was stopped. Nothing is left to do; stop here.",
    ),
    (
        why.NotGoing(status="completed"),
        "[batch-implement] The batch has ended: batch-implement status --report shows how.",
    ),
    (
        why.WorkGoesOn(number=2, total=3),
        f"{ASKED} What it has changed {STAYS}",
    ),
    (
        why.WorkGoesOn(number=2, total=3, by_agent=True),
        f"{ASKED} Its agent works on until it has ended, or is ended in the list of agents; what it changes "
        f"{STAYS}",
    ),
    (
        why.CannotStart(reasons=("A merge has begun.", "Commit first.")),
        "The batch was not started. A merge has begun. Commit first.",
    ),
    (
        why.NoSuchFeature(number=7, total=3),
        "There is no feature 7: the batch has 3, counted from 1.",
    ),
    (
        why.NotAtWork(number=2, current=1),
        "Feature 2 is not being worked on, so it can be neither done nor failed. "
        "Feature 1 is the one to work on. Run: batch-implement next",
    ),
    (
        why.NotAtWork(number=2),
        "Feature 2 is not being worked on, so it can be neither done nor failed. "
        "No feature is left. Run: batch-implement next",
    ),
    (
        why.UnusableMessage(problems=("it is empty", "it has a trailer")),
        "The commit message can't be used: it is empty; it has a trailer. "
        "Call again with --message 'type(scope): summary', or without --message.",
    ),
    (
        why.NothingChanged(number=2),
        "Nothing has changed since feature 2 began, so it is not done. Implement it; or, if nothing has to "
        "change: batch-implement done 2 --no-change 'why'",
    ),
    (
        why.UsersFilesTouched(number=2, paths=("app.py", "a\nb")),
        "Feature 2 changed what the user had uncommitted before it began: app.py, a\\nb. The two can't be "
        "told apart. Put those files back as they were, or run: batch-implement fail 2 --error 'needs files "
        "with uncommitted changes of the user'",
    ),
    (
        why.ChangedMeanwhile(number=2),
        "Files changed while feature 2 was being checked, so the check says nothing about them. "
        "Wait until nothing works on them any more, then run done again.",
    ),
    (
        why.SettingsChanged(number=2, lines=("core.hooksPath is new",), names=("core.hooksPath", "remote")),
        "Feature 2 changed the repository's own settings, which nobody asked for:\n- core.hooksPath is new\n"
        "Put them back, then run done again. If that is meant, the user allows it: "
        f"--allow 'core.hooksPath' --allow 'remote'. {ALLOW}",
    ),
    (
        why.PathsHeld(number=2, lines=("key.pem: a private key",)),
        f"Feature 2 can't be committed as it is:\n- key.pem: a private key\n{ALLOW}",
    ),
    (
        why.WeakerChecks(number=2, lines=("tests/a.py:3 a test is gone",)),
        "Feature 2 is not done: its checks would say less than before.\n- tests/a.py:3 a test is gone\n"
        "Put that back, then run done again. If it is meant, the user allows it in a terminal outside of "
        "Claude Code: batch-implement done 2 --accept-weaker 'why'",
    ),
    (
        why.CheckFailed(number=2, command="make test", exit_code=3, output="1 failed"),
        f"{NOT_DONE} make test failed with exit status 3:\n1 failed\n{MEND}",
    ),
    (
        why.CheckFailed(
            number=2, command="make test", exit_code=-9, timed_out=True, seconds=600.0, output="…"
        ),
        f"{NOT_DONE} make test was ended after 10m 00s:\n…\n{MEND}",
    ),
    (
        why.FewerTests(number=2, command="make test", before=5, after=4),
        f"{NOT_DONE} make test passes with 4 tests, and there were 5 before this feature. "
        f"Put back the tests that are missing.\n{MEND}",
    ),
    (
        why.FewerTests(number=2, command="make test", before=5),
        f"{NOT_DONE} make test passes but no longer says how many tests it ran; there were 5.\n{MEND}",
    ),
    (
        why.FoundByReviewer(number=2, lines=("a.py:3: Only 2 is handled.",)),
        "Feature 2 is not done: a reviewer found\n- a.py:3: Only 2 is handled.\n"
        "Mend what is right in that, then run done again; what is not stays as it is.",
    ),
    (
        why.CommitRefused(number=2, why="The hook says: no."),
        f"{NOT_DONE} The hook says: no.\n{MEND}",
    ),
)


def test_there_is_a_sentence_for_every_refusal() -> None:
    assert kinds_in(ROWS) == classes_of(why.Refusal, why)


@pytest.mark.parametrize(("refusal", "sentence"), ROWS, ids=[type(row[0]).__name__ for row in ROWS])
def test_a_refusal_is_said_like_this(refusal: Refusal, sentence: str) -> None:
    assert sentence_of(refusal) == sentence


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (
            why.StrangerSession(),
            "The batch in this project belongs to another Claude Code session. "
            "To take it over: /batch-implement --resume",
        ),
        (
            why.NotGoing(status="paused", pause=Pause(kind="person")),
            "The batch is paused: by the user. To go on: /batch-implement --resume",
        ),
        (
            why.NotGoing(status="cancelled"),
            "The batch was stopped. To go on with it: /batch-implement --resume",
        ),
        (why.NotGoing(status="completed"), "The batch has ended. How: /batch-status --report"),
    ],
)
def test_a_person_is_not_told_what_claude_is_to_do(refusal: Refusal, told: str) -> None:
    assert told_of(refusal) == told


def test_of_many_lines_a_dozen_is_shown_and_none_is_long() -> None:
    said = sentence_of(why.PathsHeld(number=2, lines=tuple("x" * 1_000 for _ in range(15)))).splitlines()
    assert len([line for line in said if line.startswith("- x")]) == 12
    assert "- and 3 more" in said
    assert max(map(len, said)) < 250
