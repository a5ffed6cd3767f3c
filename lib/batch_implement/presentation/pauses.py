"""Why a batch stands still, in words."""

from __future__ import annotations

from batch_implement.oversight.workers import at_work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.batch import Batch, Pause


def paused_by_hand(batch: Batch) -> str:
    """For the person who has just paused it: what becomes of the agent that runs."""
    running = ", ".join(str(attempt.feature_index + 1) for attempt in at_work(batch))
    works_on = (
        f" The agent of feature {running} works on until it has ended; its work is kept." if running else ""
    )
    return f"The batch is paused.{works_on} To go on: /batch-implement --resume"


_LAST_WORDS = 200


def reason_of(pause: Pause, *, in_short: bool = False) -> str:
    """What happened, and what to do before the batch is resumed; ``in_short`` with the last words of a
    program's output only."""
    match pause.kind:
        case "person":
            said = "by the user"
        case "failing-check":
            said = (
                f"{pause.about} fails before any feature has begun, so nothing could be proven. Make it "
                f"pass, or set BATCH_VERIFY_COMMAND in .env."
            )
            return f"{said} It ends with: {_last_words(pause)}" if in_short else f"{said}\n{pause.output}\n"
        case "failure":
            number = 0 if pause.feature is None else pause.feature + 1
            said = f"Feature {number} met what only a person can mend: {pause.about}."
        case "outage":
            said = f"{pause.about}."
        case "context-full":
            said = f"{pause.about}. The batch needs nothing of this conversation: type /clear first."
        case "no-progress":
            said = f"turn after turn ended without anything done; the last words were: {pause.about}."
        case "stalled":
            said = f"{pause.count} features in a row came to nothing; the last words were: {pause.about}."
        case "earlier":
            said = pause.about or "paused"
    return f"{said} {_question(pause)}" if pause.question else said


def _last_words(pause: Pause) -> str:
    return " ".join(pause.output.split())[-_LAST_WORDS:]


def _question(pause: Pause) -> str:
    answers = f" ({' / '.join(pause.answers)})" if pause.answers else ""
    return f"{pause.question}{answers}"
