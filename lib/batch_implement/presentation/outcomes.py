"""What a step of the engine came to, in words for who called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.model import outcomes as came_to
from batch_implement.oversight.workers import REVIEWER
from batch_implement.presentation.answer import Answer
from batch_implement.presentation.pauses import reason_of
from batch_implement.presentation.prompts import assignment, start_agent
from batch_implement.presentation.refusals import (
    ended_for_the_person,
    ended_sentence,
    paused_for_the_person,
    paused_sentence,
    sentence_of,
    told_of,
)
from batch_implement.presentation.report import spoken_report
from batch_implement.presentation.standing import MARK, standing
from batch_implement.state.home import report_path
from batch_implement.system.clock import local_time

if TYPE_CHECKING:
    from batch_implement.model.outcomes import Cause, News, Outcome
    from batch_implement.presentation.answer import Kind

_SHORT_SHA = 10
_GOES_ON = "The batch goes on"


def answer_to(outcome: Outcome) -> Answer:
    """The answer that an outcome is."""
    match outcome:
        case came_to.Assigned():
            earlier = " ".join(map(sentence_of_news, outcome.news))
            batch = outcome.batch
            return Answer(
                "assigned", assignment(batch, earlier=earlier), shown=f"{_GOES_ON}: {standing(batch)}."
            )
        case came_to.Waiting():
            return Answer(
                "waiting", f"{MARK} {_waiting_for(outcome.cause)}", shown=waited_for_the_person(outcome.cause)
            )
        case came_to.Paused():
            reason = reason_of(outcome.pause)
            return Answer("stopped", paused_sentence(reason), shown=paused_for_the_person(reason))
        case came_to.Ended():
            return Answer(_end_kind(outcome), _ended(outcome), shown=_ended_for_the_person(outcome))
        case came_to.Refused():
            refusal = outcome.refusal
            return Answer("refused", sentence_of(refusal), shown=told_of(refusal))


def sentence_of_news(news: News) -> str:
    """What has just happened to a feature."""
    match news:
        case came_to.FeatureDone():
            where = f"committed as {news.commit[:_SHORT_SHA]}" if news.commit else "not committed"
            return f"Feature {news.number} is done, {where}."
        case came_to.AlreadyDone():
            return f"Feature {news.number} is completed already."
        case came_to.CommitAdopted():
            commit = news.commit[:_SHORT_SHA]
            return f"Feature {news.number} was committed as {commit} before, and is recorded now."
        case came_to.TriedAgain():
            return f"Feature {news.number} failed; {news.reason}."
        case came_to.GivenUp():
            where = f" Its work is kept on {news.kept_on}." if news.kept_on else ""
            return f"Feature {news.number} is recorded as failed ({news.reason}).{where}"


def waited_for_the_person(cause: Cause) -> str:
    """What the batch waits for, without what Claude is to do meanwhile."""
    match cause:
        case came_to.CheckRuns() if cause.is_first:
            return f"{cause.command} is being run once before the first feature."
        case came_to.CheckRuns():
            return f"{cause.command} is still running."
        case came_to.TimeRuns():
            return f"The batch waits until {local_time(cause.wait.at)} ({cause.wait.reason})."
        case came_to.WorkerRuns():
            return f"The agent of feature {cause.number} is still at work."
        case came_to.ReviewWanted():
            return f"Feature {cause.number} passed its check, and another agent looks at it."


def _waiting_for(cause: Cause) -> str:
    match cause:
        case came_to.CheckRuns() if cause.is_first:
            return (
                f"{cause.command} is being run once before the first feature. Run again: batch-implement next"
            )
        case came_to.CheckRuns():
            return f"{cause.command} is still running. Run the same batch-implement done command again."
        case came_to.TimeRuns():
            until = f"The batch waits until {local_time(cause.wait.at)} ({cause.wait.reason})."
            if cause.is_woken:
                return f"{until} End your turn now, without doing anything; you will be woken then."
            return f"{until} Run again: batch-implement next"
        case came_to.ReviewWanted():
            return (
                f"Feature {cause.number} passed its check. {start_agent(REVIEWER, cause.number)}; it is "
                "given the details. When it has ended, run the same batch-implement done command again."
            )
        case came_to.WorkerRuns():
            return (
                f"The agent of feature {cause.number} is still at work. End your turn now, without doing "
                "anything; you are woken when it has ended. Then run the same command again."
            )


def _end_kind(outcome: came_to.Ended) -> Kind:
    return "stopped" if outcome.batch.status == "cancelled" and not outcome.is_news else "ended"


def _ended(outcome: came_to.Ended) -> str:
    batch = outcome.batch
    if not outcome.is_news:
        return ended_sentence(batch.status)
    if batch.status != "cancelled":
        report = spoken_report(batch)
        return f"{MARK} The batch has ended. Give the user this report and stop.\n\n{report}"
    left = (
        " What the feature at work has changed is still in the working tree." if batch.open_attempts else ""
    )
    return (
        f"The batch is stopped ({standing(batch)}). Its report: {report_path(batch.batch_id)}.{left} "
        "To go on with it: /batch-implement --resume"
    )


def _ended_for_the_person(outcome: came_to.Ended) -> str:
    batch = outcome.batch
    if not outcome.is_news:
        return ended_for_the_person(batch.status)
    return _ended(outcome) if batch.status == "cancelled" else spoken_report(batch)
