"""What is said of each outcome, of what has just happened, and of what is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.presentation.examples import a_batch, classes_of, kinds_in

from batch_implement.model import outcomes as came_to
from batch_implement.model.attempt import Attempt
from batch_implement.model.batch import Pause, Wait
from batch_implement.model.refusals import NothingChanged
from batch_implement.presentation.outcomes import answer_to, sentence_of_news
from batch_implement.presentation.prompts import assignment
from batch_implement.presentation.refusals import sentence_of
from batch_implement.presentation.report import render_report
from batch_implement.system.clock import local_time

if TYPE_CHECKING:
    from batch_implement.model.outcomes import Cause, News, Outcome

SHA = "0123456789abcdef0123456789abcdef01234567"
AT = "2026-01-31T08:05:00.000000Z"
LIMIT = Wait(at=AT, reason="a usage limit was reached")
AT_WORK = a_batch(open_attempts={0: Attempt(feature_index=0, number=1, started_at=AT)})
DONE = a_batch(completed_features=(0, 1, 2), status="completed")
CANCELLED = a_batch(completed_features=(0,), status="cancelled")

NEWS: tuple[tuple[News, str], ...] = (
    (came_to.FeatureDone(number=2, commit=SHA), "Feature 2 is done, committed as 0123456789."),
    (came_to.FeatureDone(number=2), "Feature 2 is done, not committed."),
    (came_to.AlreadyDone(number=2), "Feature 2 is completed already."),
    (
        came_to.CommitAdopted(number=2, commit=SHA),
        "Feature 2 was committed as 0123456789 before, and is recorded now.",
    ),
    (came_to.TriedAgain(number=2, reason="retry 1 of 3"), "Feature 2 failed; retry 1 of 3."),
    (came_to.GivenUp(number=2, reason="too hard"), "Feature 2 is recorded as failed (too hard)."),
    (
        came_to.GivenUp(number=2, reason="too hard", kept_on="batch-implement/kept"),
        "Feature 2 is recorded as failed (too hard). Its work is kept on batch-implement/kept.",
    ),
)
CAUSES: tuple[tuple[Cause, str], ...] = (
    (
        came_to.CheckRuns(command="make test", is_first=True),
        "make test is being run once before the first feature. Run again: batch-implement next",
    ),
    (
        came_to.CheckRuns(command="make test"),
        "make test is still running. Run the same batch-implement done command again.",
    ),
    (
        came_to.TimeRuns(wait=LIMIT),
        f"The batch waits until {local_time(AT)} (a usage limit was reached). "
        "Run again: batch-implement next",
    ),
    (
        came_to.TimeRuns(wait=LIMIT, is_woken=True),
        f"The batch waits until {local_time(AT)} (a usage limit was reached). "
        "End your turn now, without doing anything; you will be woken then.",
    ),
    (
        came_to.ReviewWanted(number=2),
        "Feature 2 passed its check. Start agent batch-implement:feature-reviewer, "
        'prompt "Feature 2"; it is given the details. When it has ended, run the same batch-implement '
        "done command again.",
    ),
    (
        came_to.WorkerRuns(number=2),
        "The agent of feature 2 is still at work. End your turn now, without doing anything; "
        "you are woken when it has ended. Then run the same command again.",
    ),
)
OUTCOMES: tuple[tuple[Outcome, str, str], ...] = (
    (came_to.Assigned(batch=AT_WORK), "assigned", assignment(AT_WORK)),
    (
        came_to.Assigned(
            batch=AT_WORK,
            news=(came_to.AlreadyDone(number=3), came_to.TriedAgain(number=1, reason="retry 1 of 3")),
        ),
        "assigned",
        assignment(AT_WORK, earlier="Feature 3 is completed already. Feature 1 failed; retry 1 of 3."),
    ),
    (
        came_to.Waiting(cause=came_to.CheckRuns(command="make test")),
        "waiting",
        "[batch-implement] make test is still running. Run the same batch-implement done command again.",
    ),
    (
        came_to.Paused(pause=Pause(kind="outage", about="Claude is not logged in")),
        "stopped",
        "[batch-implement] The batch is paused: Claude is not logged in. Stop here. "
        "The user goes on with /batch-implement --resume.",
    ),
    (
        came_to.Ended(batch=DONE, is_news=True),
        "ended",
        "[batch-implement] The batch has ended. Give the user this report and stop.\n\n"
        f"{render_report(DONE)}\n(This report is in .claude/batches/batch-1.md.)",
    ),
    (
        came_to.Ended(batch=DONE),
        "ended",
        "[batch-implement] The batch has ended: batch-implement status --report shows how.",
    ),
    (
        came_to.Ended(batch=CANCELLED, is_news=True),
        "ended",
        "The batch is stopped (1 of 3 done). Its report: .claude/batches/batch-1.md. "
        "To go on with it: /batch-implement --resume",
    ),
    (
        came_to.Ended(
            batch=a_batch(status="cancelled", open_attempts=AT_WORK.open_attempts),
            is_news=True,
        ),
        "ended",
        "The batch is stopped (0 of 3 done). Its report: .claude/batches/batch-1.md. "
        "What the feature at work has changed is still in the working tree. "
        "To go on with it: /batch-implement --resume",
    ),
    (
        came_to.Ended(batch=CANCELLED),
        "stopped",
        "[batch-implement] The batch was stopped. Nothing is left to do; stop here.",
    ),
    (
        came_to.Refused(refusal=NothingChanged(number=2)),
        "refused",
        sentence_of(NothingChanged(number=2)),
    ),
)


def test_there_is_a_row_for_everything_that_a_step_can_come_to() -> None:
    assert kinds_in(OUTCOMES) == classes_of(came_to.Outcome, came_to)
    assert kinds_in(NEWS) == classes_of(came_to.News, came_to)
    assert kinds_in(CAUSES) == classes_of(came_to.Cause, came_to)


@pytest.mark.parametrize(("news", "sentence"), NEWS, ids=[type(row[0]).__name__ for row in NEWS])
def test_what_has_happened_is_said_like_this(news: News, sentence: str) -> None:
    assert sentence_of_news(news) == sentence


@pytest.mark.parametrize(("cause", "sentence"), CAUSES, ids=[type(row[0]).__name__ for row in CAUSES])
def test_what_is_waited_for_is_said_like_this(cause: Cause, sentence: str) -> None:
    answer = answer_to(came_to.Waiting(cause=cause))
    assert (answer.kind, answer.text) == ("waiting", f"[batch-implement] {sentence}")


@pytest.mark.parametrize(
    ("outcome", "kind", "text"), OUTCOMES, ids=[f"{type(row[0]).__name__}-{row[1]}" for row in OUTCOMES]
)
def test_an_outcome_is_said_like_this(outcome: Outcome, kind: str, text: str) -> None:
    answer = answer_to(outcome)
    assert (answer.kind, answer.text) == (kind, text)


def test_what_a_person_reads_holds_nothing_that_is_for_claude() -> None:
    answers = [answer_to(outcome) for outcome, _, _ in OUTCOMES]
    answers += [answer_to(came_to.Waiting(cause=cause)) for cause, _ in CAUSES]
    shown = [answer.shown for answer in answers if answer.kind != "refused"]
    assert all(shown)
    for words in ("[batch-implement]", "Stop here", "stop here", "Don't", "End your turn", "Give the user"):
        assert [text for text in shown if words in text] == []
