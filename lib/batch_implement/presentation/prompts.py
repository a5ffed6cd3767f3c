"""What Claude is told: the assignment for the main conversation, the work order for who implements.

The assignment is read once per feature in a conversation that may have to hold a hundred of them, so it
is as short as it can be and needs nothing that was said before it. The work order is read in a fresh
context and is complete.
"""

from __future__ import annotations

from batch_implement.model.progress import current_feature, failed_indices, held_indices
from batch_implement.oversight.workers import is_at_work, was_cut_off
from batch_implement.system.text.shortening import MAX_FEATURE_LENGTH, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from batch_implement.model.progress import Fields

AGENT = "batch-implement:feature-implementer"
MARK = "[batch-implement]"
_TITLE_LENGTH = 200
# A hook's answer is cut at 10,000 characters; the rest of a long work order is asked for.
_TEXT_LIMIT = 6_000
_ERROR_LIMIT = 600


def assignment(fields: Fields, *, earlier: str = "") -> str:
    """The current feature, how to work it, and the command that ends it.

    ``earlier`` is a sentence on the attempt before this one.
    """
    index = current_feature(fields)
    if index is None or not fields.get("attempt"):
        # Work that begins before the attempt is written down could not be told from what was there.
        return f"{MARK} To go on, run: batch-implement next"
    number = index + 1
    head = f"{MARK} Feature {number} of {fields['total_features']}: {_title(fields, index)}"
    said = (earlier or _last_failure(fields, index), _begun_already(fields, number))
    lines = [head, *(sentence for sentence in said if sentence)]
    if is_at_work(fields):
        lines.append("Then run:")
    elif fields.get("workflow_mode") == "direct":
        lines.append(work_order(fields))
        lines.append("When it works, run:")
    else:
        lines.append(
            f'Start agent {AGENT} with run_in_background false, prompt "Feature {number}"; it is given the '
            "details. When it has ended, run:"
        )
    lines.append(f"batch-implement done {number} --message 'type(scope): summary'")
    lines.append(f"or batch-implement fail {number} --error 'why'. Don't ask, go on.")
    return "\n".join(lines)


def work_order(fields: Fields, *, whole: bool = False) -> str:
    """Everything that who implements the current feature has to know; ``whole`` cuts nothing."""
    limit = MAX_FEATURE_LENGTH * 8 if whole else _TEXT_LIMIT
    index = current_feature(fields)
    if index is None:
        return f"{MARK} There is no feature to work on."
    text = fields["features"][index]
    parts = [
        f"{MARK} Implement feature {index + 1} of {fields['total_features']}:",
        shorten(text, limit),
    ]
    if len(text) > limit:
        parts.append("(Cut. The whole: batch-implement next --work-order)")
    if body := (fields.get("issue_bodies") or {}).get(str(index)):
        parts.append(_quoted(fields, index, body))
    parts += [_check_sentence(fields), *_earlier_attempts(fields, index)]
    parts.append(
        "Leave your changes uncommitted: don't commit, push or stash, and don't edit .claude/. "
        "What is unclear you decide as the project's conventions suggest, and say so in your summary."
    )
    return "\n".join(parts)


def _quoted(fields: Fields, index: int, body: str) -> str:
    from batch_implement.presentation.issue_quotation import quote_issue_body  # noqa: PLC0415 -- for issues only

    return quote_issue_body(body, fields["issue_numbers"][index])


def standing(fields: Fields) -> str:
    """``2 of 20 done, 1 failed, 1 held``."""
    counts = [
        (len(fields.get("completed_features", ())), f"of {fields['total_features']} done"),
        (len(failed_indices(fields)), "failed"),
        (len(held_indices(fields)), "held"),
    ]
    return ", ".join(f"{count} {word}" for count, word in counts if count or "of" in word)


def _begun_already(fields: Fields, number: int) -> str:
    """What keeps a conversation that has lost its context from doing work twice."""
    if not (fields.get("attempt") or {}).get("agents"):
        return ""
    if is_at_work(fields):
        return (
            f"An agent is at work on feature {number}. Don't start another: end your turn now, and you are "
            "woken when it has ended."
        )
    if was_cut_off(fields):
        return (
            f"The agent that was started for feature {number} was cut off. Start it again: it goes on from "
            "what is there."
        )
    return (
        f"An agent has finished its work on feature {number}. Don't start another: run batch-implement done "
        f"{number} first, which says what is missing."
    )


def resumed(fields: Fields) -> str:
    """What a conversation needs that has lost, or never had, all that was said before."""
    return (
        f"{MARK} A batch is being worked through unattended in this session ({standing(fields)}). "
        "Go on with it until it reports its end; don't ask whether to continue.\n" + assignment(fields)
    )


def _title(fields: Fields, index: int) -> str:
    return shorten(fields["features"][index], _TITLE_LENGTH)


def _check_sentence(fields: Fields) -> str:
    check: dict[str, Any] | None = fields.get("check")
    if not check:
        return "The project has no check command. Prove your work with a test where that is possible."
    tests = check.get("tests")
    now = f" ({tests} tests now, and not fewer afterwards)" if tests else ""
    return f"It is done when this passes: {check['command']}{now}. Write the test for it first."


def _last_failure(fields: Fields, index: int) -> str:
    attempts = (fields.get("attempts") or {}).get(str(index)) or []
    if not attempts:
        return ""
    return f"Attempt {len(attempts) + 1}; before: {shorten(attempts[-1].get('error', ''), 200)}"


def _earlier_attempts(fields: Fields, index: int) -> list[str]:
    attempts = (fields.get("attempts") or {}).get(str(index)) or []
    lines = [
        f"Attempt {attempt['number']} ended with: {shorten(attempt.get('error', ''), _ERROR_LIMIT)}"
        for attempt in attempts[-3:]
    ]
    if lines:
        lines.append("What it changed is still in the working tree: look at it, and try another way.")
    elif int((fields.get("attempt") or {}).get("agents", 0)) > 1:
        lines.append("It was begun before: look at what is there (git status, git diff), and go on from it.")
    return lines
