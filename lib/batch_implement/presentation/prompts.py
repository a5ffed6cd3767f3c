"""What Claude is told: the assignment for the main conversation, the work order for who implements.

The assignment is read once per feature in a conversation that may have to hold a hundred of them, so it
is as short as it can be and needs nothing that was said before it. The work order is read in a fresh
context and is complete.
"""

from __future__ import annotations

from batch_implement.model.feature import MAX_FEATURE_LENGTH
from batch_implement.oversight.workers import AGENT, is_at_work, was_cut_off
from batch_implement.presentation.standing import MARK, standing
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
_SHOWN_FILES = 20
_LIMITS = (
    "Nothing leaves this machine: don't publish, deploy, send or buy. What needs that, or access you don't "
    "have, you leave undone; end with a line: Needs a person: what they have to do.\n"
    "Leave your changes uncommitted: don't commit, push or stash, and don't edit .claude/. If you give up, "
    "they are kept on a branch of their own, and the next feature begins without them. What is unclear you "
    "decide as the project's conventions suggest, and say so in your summary."
)


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
        lines.append(f"Run this first; {start_agent(AGENT, number, 'start')}, only for what it asks for:")
    elif batch.workflow_mode == "direct":
        lines.append(work_order(batch, index))
        lines.append("When it works, run:")
    else:
        lines.append(f"{start_agent(AGENT, number)}; it is given the details. When it has ended, run:")
    lines.append(f"batch-implement done {number} --message '{_form(batch)}'")
    lines.append(f"or batch-implement fail {number} --error 'why'. Don't ask, go on.")
    return "\n".join(lines)


def start_agent(agent: str, number: int, start: str = "Start") -> str:
    return f'{start} agent {agent}, prompt "Feature {number}"'


def goes_on(batch: Batch) -> str:
    """For Claude at the end of a turn; the client shows it to the person too, so it is for both."""
    return f"{MARK} The batch goes on ({standing(batch)}). Run: batch-implement next"


def work_order(batch: Batch, index: int | None, *, whole: bool = False) -> str:
    """Everything that who implements a feature has to know; ``whole`` cuts nothing."""
    if index is None:
        return f"{MARK} There is no feature to work on."
    parts = [
        f"{MARK} Implement feature {index + 1} of {len(batch.features)}:",
        *asked_for(batch.features[index], whole=whole),
    ]
    parts += [*_earlier_attempts(batch, index), *_findings(batch, index)]
    parts += [_proof(batch), *_users_files(batch, index), _LIMITS]
    return "\n".join(parts)


def asked_for(feature: Feature, *, whole: bool = False) -> list[str]:
    """The feature's text, and the longer material that belongs to it, quoted."""
    limit = MAX_FEATURE_LENGTH * 8 if whole else _TEXT_LIMIT
    cut = len(feature.text) > limit
    return [
        shorten(feature.text, limit),
        *(["(Cut. The whole: batch-implement next --work-order)"] if cut else []),
        *([_quoted(feature)] if feature.body else []),
    ]


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
    from batch_implement.scheduling.ready import current_feature  # noqa: PLC0415 -- hooks know which it is

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


def _form(batch: Batch) -> str:
    """Of a commit's message."""
    plain = batch.delivery is not None and batch.delivery.message_style == "plain"
    return "Summary in the style of git log" if plain else "type(scope): summary"


def _title(feature: Feature) -> str:
    return shorten(feature.text, _TITLE_LENGTH)


def _findings(batch: Batch, index: int) -> list[str]:
    """What a reviewer found in it, for who mends it."""
    attempt = batch.open_attempts.get(index)
    if attempt is None or attempt.review is None or not attempt.review.returned:
        return []
    from batch_implement.proof.review import findings_in  # noqa: PLC0415 -- few features come back

    found = findings_in(attempt.review.said)
    if not found:
        return []
    return ["A reviewer found this; mend what is right in it, and say why the rest is not:", *found]


def _proof(batch: Batch) -> str:
    check = batch.check
    if check is None:
        return "The project has no check command. Show your work by a test where that is possible."
    before = f" ({check.tests} tests before)" if check.tests else ""
    return (
        f"Afterwards this has to pass: {check.command}{before}. And a new test has to show the feature: one "
        "that fails without it. (A refactoring needs none; old and new tests have to agree.)\n"
        "Where an existing test contradicts the feature, or tests what it removes, changing or removing it "
        "is part of your work: name it in your summary, a line each: Changed: FILE::TEST: why. Every other "
        "test and check stays as strict as it is."
    )


def _users_files(batch: Batch, index: int) -> list[str]:
    """What would hold the feature at its end is told before its work."""
    attempt = batch.open_attempts.get(index)
    names = sorted(attempt.baseline.users) if attempt is not None and attempt.baseline is not None else []
    names = [name for name in names if name not in batch.features_files]
    if not names:
        return []
    more = f" and {len(names) - _SHOWN_FILES} more (git status)" if len(names) > _SHOWN_FILES else ""
    return [f"Uncommitted work of the user, not to be touched: {', '.join(names[:_SHOWN_FILES])}{more}."]


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
        if attempt.said:
            lines.append(f"Your summary takes the place of this one: {attempt.said}")
    return lines
