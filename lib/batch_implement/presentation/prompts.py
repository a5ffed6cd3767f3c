"""What Claude is told: the assignment for the main conversation, the work order for who implements.

The assignment is read once per feature in a conversation that may have to hold a hundred of them, so it
is as short as it can be and needs nothing that was said before it. The work order is read in a fresh
context and is complete.
"""

from __future__ import annotations

from batch_implement.model.feature import MAX_FEATURE_LENGTH
from batch_implement.oversight.workers import AGENT, is_at_work, was_cut_off
from batch_implement.presentation.standing import MARK, standing
from batch_implement.scheduling.ready import current_feature
from batch_implement.system.text.shortening import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.attempt import Attempt
    from batch_implement.model.batch import Batch
    from batch_implement.model.feature import Feature

_TITLE_LENGTH = 200
_ASK_FOR_IT = f"{MARK} To go on, run: batch-implement next"
# A hook's answer is cut at 10,000 characters; the rest of a long work order is asked for.
_TEXT_LIMIT = 6_000
_ERROR_LIMIT = 600
_SHOWN_ATTEMPTS = 3


def assignment(batch: Batch, *, earlier: str = "") -> str:
    """The feature at work, how to work it, and the command that ends it.

    ``earlier`` is a sentence on what happened just before.
    """
    attempt = next(iter(batch.open_attempts.values()), None)
    if attempt is None:
        # Work that begins before the attempt is written down could not be told from what was there.
        return _ASK_FOR_IT
    index, number = attempt.feature_index, attempt.feature_index + 1
    head = f"{MARK} Feature {number} of {len(batch.features)}: {_title(batch.features[index])}"
    said = (earlier or _last_failure(batch, index), _begun_already(batch, attempt))
    lines = [head, *(sentence for sentence in said if sentence)]
    if is_at_work(batch, attempt):
        lines.append("Then run:")
    elif attempt.workers and not was_cut_off(batch, attempt):
        lines.append(
            f'Run this first; start agent {AGENT}, prompt "Feature {number}", only for what it asks for:'
        )
    elif batch.workflow_mode == "direct":
        lines.append(work_order(batch, index))
        lines.append("When it works, run:")
    else:
        lines.append(
            f'Start agent {AGENT}, prompt "Feature {number}"; it is given the details. When it has ended, '
            "run:"
        )
    lines.append(f"batch-implement done {number} --message 'type(scope): summary'")
    lines.append(f"or batch-implement fail {number} --error 'why'. Don't ask, go on.")
    return "\n".join(lines)


def goes_on(batch: Batch) -> str:
    """For Claude at the end of a turn; the client shows it to the person too, so it is for both."""
    return f"{MARK} The batch goes on ({standing(batch)}). Run: batch-implement next"


def work_order(batch: Batch, index: int | None, *, whole: bool = False) -> str:
    """Everything that who implements a feature has to know; ``whole`` cuts nothing."""
    limit = MAX_FEATURE_LENGTH * 8 if whole else _TEXT_LIMIT
    if index is None:
        return f"{MARK} There is no feature to work on."
    feature = batch.features[index]
    parts = [
        f"{MARK} Implement feature {index + 1} of {len(batch.features)}:",
        shorten(feature.text, limit),
    ]
    if len(feature.text) > limit:
        parts.append("(Cut. The whole: batch-implement next --work-order)")
    if feature.body:
        parts.append(_quoted(feature))
    parts += [_check_sentence(batch), *_earlier_attempts(batch, index)]
    parts.append(
        "Leave your changes uncommitted: don't commit, push or stash, and don't edit .claude/. "
        "What is unclear you decide as the project's conventions suggest, and say so in your summary."
    )
    return "\n".join(parts)


def resumed(batch: Batch, *, is_sure: bool = True) -> str:
    """What a conversation needs that has lost, or never had, all that was said before.

    Where it is not sure that the work stands as the record says, the next step looks first.
    """
    return (
        f"{MARK} A batch is being worked through unattended in this session ({standing(batch)}). "
        "Go on with it until it reports its end; don't ask whether to continue.\n"
        + (assignment(batch) if is_sure else _ASK_FOR_IT)
    )


def current_work_order(batch: Batch, *, whole: bool = False) -> str:
    """That of the feature at work, or of the one that comes next."""
    return work_order(batch, current_feature(batch), whole=whole)


def _quoted(feature: Feature) -> str:
    from batch_implement.presentation import issue_quotation  # noqa: PLC0415 -- few features have any

    if feature.issue is None:
        return issue_quotation.quote_details(feature.body, feature.origin)
    return issue_quotation.quote_issue_body(feature.body, feature.issue)


def _begun_already(batch: Batch, attempt: Attempt) -> str:
    """What keeps a conversation that has lost its context from doing work twice."""
    number = attempt.feature_index + 1
    if not attempt.workers:
        return ""
    if is_at_work(batch, attempt):
        return (
            f"An agent is at work on feature {number}. Don't start another: end your turn now, and you are "
            "woken when it has ended."
        )
    if was_cut_off(batch, attempt):
        return (
            f"The agent that was started for feature {number} was cut off. Start it again: it goes on from "
            "what is there."
        )
    return f"An agent has finished its work on feature {number}."


def _title(feature: Feature) -> str:
    return shorten(feature.text, _TITLE_LENGTH)


def _check_sentence(batch: Batch) -> str:
    check = batch.check
    if check is None:
        return "The project has no check command. Prove your work with a test where that is possible."
    now = f" ({check.tests} tests now, and not fewer afterwards)" if check.tests else ""
    return f"It is done when this passes: {check.command}{now}. Write the test for it first."


def _last_failure(batch: Batch, index: int) -> str:
    attempts = batch.attempts.get(index, ())
    if not attempts:
        return ""
    return f"Attempt {len(attempts) + 1}; before: {shorten(attempts[-1].error, 200)}"


def _earlier_attempts(batch: Batch, index: int) -> list[str]:
    lines = [
        f"Attempt {attempt.number} ended with: {shorten(attempt.error, _ERROR_LIMIT)}"
        for attempt in batch.attempts.get(index, ())[-_SHOWN_ATTEMPTS:]
    ]
    attempt = batch.open_attempts.get(index)
    if lines:
        lines.append("What it changed is still in the working tree: look at it, and try another way.")
    elif attempt is not None and attempt.workers > 1:
        lines.append("It was begun before: look at what is there (git status, git diff), and go on from it.")
    return lines
