"""Why something was refused, and what can be done about it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.model import refusals as why
from batch_implement.oversight.workers import AGENT
from batch_implement.presentation.git_refusals import about_git, listed
from batch_implement.presentation.pauses import reason_of
from batch_implement.presentation.proof_refusals import proof_refusal
from batch_implement.presentation.standing import MARK, word_of
from batch_implement.system.clock import duration
from batch_implement.workspace.changes import name_paths

if TYPE_CHECKING:
    from batch_implement.model.refusals import Refusal
    from batch_implement.presentation.git_refusals import GitRefusal

_BECAME = {"": "gone", "expected failure": "expected to fail", "unexpected pass": "expected to fail"}
_GOES_ON = "The user goes on with /batch-implement --resume."


def sentence_of(refusal: Refusal) -> str:
    """One refusal for who asked, Claude or a person."""
    match refusal:
        case why.PersonsOnly():
            return _persons_only(refusal)
        case why.StrangerSession():
            return (
                "The batch in this project belongs to another Claude Code session. Leave it alone; "
                "to take it over, type /batch-implement --resume."
            )
        case why.OwnerIsAlive():
            return (
                "The batch belongs to a Claude Code session that is still running. Go on there; or take it "
                "from that session: /batch-implement --resume --take-over"
            )
        case why.BatchAtWork():
            return (
                f"A batch is at work in this project already ({refusal.batch_id}, {word_of(refusal.status)})."
                " /batch-status shows it, /batch-implement --resume goes on with it, "
                "/batch-implement --stop ends it."
            )
        case why.OtherBatch():
            return f"The batch in this project is {refusal.current}, not {refusal.asked[:100]}."
        case why.NothingToResume():
            return (
                f"Nothing in batch {refusal.batch_id} is left to be done. "
                "/batch-implement --resume --failed tries what failed once more."
            )
        case why.NotGoing():
            return _not_going(refusal)
        case why.WorkGoesOn():
            return _asked_before_the_end(refusal)
        case why.CannotStart():
            return f"The batch was not started. {' '.join(refusal.reasons)}"
        case why.ChangedTests() | why.ShownByNoTest() | why.TreeFails() | why.WeakerChecks():
            return proof_refusal(refusal)
        case _:
            return _about_feature(refusal)


_TYPED = {
    "start": "/batch-implement FILE",
    "implement": '/auto-implement "what to implement"',
    "resume": "/batch-implement --resume",
    "stop": "/batch-implement --stop",
    "done": "/batch-implement --done N --accept-weaker 'why' (or --allow PATH)",
}


def _persons_only(refusal: why.PersonsOnly) -> str:
    typed = _TYPED.get(refusal.command)
    ways = f"types {typed} in the session, or " if typed else ""
    told = f"batch-implement {refusal.command} is the user's to call: the user {ways}calls it"
    match refusal.doubt:
        case "session" | "not-typed":
            return f"{told} in a terminal outside of Claude Code. Don't look for another way."
        case "no-terminal":
            return f"{told} in a terminal; this call has none."
        case "strange-terminal":
            return f"{told} in a terminal of theirs: who opened this one came after the session began."
        case "unattended":
            return (
                f"{told} in a terminal of theirs: nobody is at this session, and another works on the batch."
            )
        case "unconfirmed":
            return f"batch-implement {refusal.command} was not confirmed, so nothing was done."


def told_of(refusal: Refusal) -> str:
    """The same for the person who has typed what was refused, where :func:`sentence_of` speaks to Claude."""
    match refusal:
        case why.StrangerSession():
            return (
                "The batch in this project belongs to another Claude Code session. "
                "To take it over: /batch-implement --resume"
            )
        case why.NotGoing(status="paused"):
            return paused_for_the_person(_reason(refusal))
        case why.NotGoing():
            return ended_for_the_person(refusal.status)
        case _:
            return sentence_of(refusal)


def paused_sentence(reason: str) -> str:
    return f"{MARK} The batch is paused: {_ended(reason)} Stop here. {_GOES_ON}"


def paused_for_the_person(reason: str) -> str:
    return f"The batch is paused: {_ended(reason)} To go on: /batch-implement --resume"


def ended_sentence(status: str) -> str:
    if status == "cancelled":
        return f"{MARK} The batch was stopped. Nothing is left to do; stop here."
    return f"{MARK} The batch has ended: batch-implement status --report shows how."


def ended_for_the_person(status: str) -> str:
    if status == "cancelled":
        return "The batch was stopped. To go on with it: /batch-implement --resume"
    return "The batch has ended. How: /batch-status --report"


def _ended(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?", "\n")) else f"{reason}."


def _asked_before_the_end(refusal: why.WorkGoesOn) -> str:
    its_work = (
        "What it has changed"
        if not refusal.by_agent
        else ("Its agent works on until it has ended, or is ended in the list of agents; what it changes")
    )
    return (
        f"Feature {refusal.number} of {refusal.total} is being worked on. End the batch all the same? "
        f"Type /batch-implement --stop --yes. {its_work} stays in the working tree, uncommitted, and "
        "/batch-implement --resume goes on from there. To hold the batch instead: /batch-implement --pause"
    )


def _not_going(refusal: why.NotGoing) -> str:
    return paused_sentence(_reason(refusal)) if refusal.status == "paused" else ended_sentence(refusal.status)


def _reason(refusal: why.NotGoing) -> str:
    return reason_of(refusal.pause) if refusal.pause is not None else "paused"


def _about_feature(
    refusal: why.NoSuchFeature
    | why.NotAtWork
    | why.UnusableMessage
    | why.NothingChanged
    | why.UsersFilesTouched
    | why.ChangedMeanwhile
    | GitRefusal
    | why.CheckFailed
    | why.LostTests
    | why.SilentRunners
    | why.FewerTests
    | why.CommitRefused
    | why.FoundByReviewer,
) -> str:
    match refusal:
        case why.NoSuchFeature():
            return f"There is no feature {refusal.number}: the batch has {refusal.total}, counted from 1."
        case why.NotAtWork():
            turn = (
                f"Feature {refusal.current} is the one to work on"
                if refusal.current is not None
                else "No feature is left"
            )
            return (
                f"Feature {refusal.number} is not being worked on, so it can be neither done nor failed. "
                f"{turn}. Run: batch-implement next"
            )
        case why.UnusableMessage():
            form = "type(scope): summary" if refusal.style == "conventional" else "Summary"
            return (
                f"The commit message can't be used: {'; '.join(refusal.problems)}. "
                f"Call again with --message '{form}', or without --message."
            )
        case why.NothingChanged():
            what = (
                f"For feature {refusal.number} only white space, comments, empty files or file modes changed"
                if refusal.says_nothing
                else f"Nothing has changed since feature {refusal.number} began"
            )
            return (
                f"{what}, so it is not done. Implement it; "
                f"or, if nothing has to change: batch-implement done {refusal.number} --no-change 'why'"
            )
        case why.UsersFilesTouched():
            return (
                f"Feature {refusal.number} changed what the user had uncommitted before it began: "
                f"{name_paths(refusal.paths)}. The two can't be told apart. Put those files back as they "
                f"were, or run: batch-implement fail {refusal.number} "
                "--error 'needs files with uncommitted changes of the user'"
            )
        case why.ChangedMeanwhile():
            return (
                f"Files changed while feature {refusal.number} was being checked, so the check says nothing "
                "about them. Wait until nothing works on them any more, then run done again."
            )
        case why.FoundByReviewer():
            return (
                f"Feature {refusal.number} is not done: a reviewer found\n{listed(refusal.lines)}\n"
                "Mend what is right in that, then run done again; what is not stays as it is. Agent "
                f'{AGENT}, prompt "Feature {refusal.number}", is told of it and can do it for you.'
            )
        case (
            why.CheckFailed() | why.LostTests() | why.SilentRunners() | why.FewerTests() | why.CommitRefused()
        ):
            return f"Feature {refusal.number} is not done. {_problem(refusal)}\nMend it and run done again."
        case _:
            return about_git(refusal)


def _problem(
    refusal: why.CheckFailed | why.LostTests | why.SilentRunners | why.FewerTests | why.CommitRefused,
) -> str:
    match refusal:
        case why.CheckFailed():
            return _check_failed(refusal)
        case why.LostTests():
            lines = [f"{test.name} is {_BECAME.get(test.became, test.became)}" for test in refusal.tests]
            return (
                f"These tests passed before it, and don't any more:\n{listed(lines)}\n"
                f"{refusal.command} passes without them; they have to run and pass."
            )
        case why.SilentRunners():
            return (
                f"{refusal.command} passes, but {', '.join(refusal.runners)} no longer told which tests ran. "
                "Take back what keeps PYTHONPATH, NODE_OPTIONS or a plugin from it."
            )
        case why.FewerTests():
            if refusal.after is None:
                return (
                    f"{refusal.command} passes but no longer says how many tests it ran; there were "
                    f"{refusal.before}."
                )
            return (
                f"In {refusal.command} {_tests(refusal.after, 'pass')}, and before this feature "
                f"{refusal.before} did{_skipped(refusal.skipped)}. Put back the tests that are missing."
            )
        case why.CommitRefused():
            return refusal.why


def _check_failed(refusal: why.CheckFailed) -> str:
    if refusal.timed_out:
        how = f"was ended after {duration(refusal.seconds)}"
    elif refusal.exit_code:
        how = f"failed with exit status {refusal.exit_code}"
    elif refusal.cut_off:
        how = f"ended before its last test, though with exit status 0 ({refusal.cut_off})"
    else:
        how = f"hides with exit status 0 that {_tests(refusal.failures, 'fail')}"
    names = f"These tests fail:\n{listed(refusal.failed)}\n" if refusal.failed else ""
    return f"{names}{refusal.command} {how}:\n{refusal.output}"


def _tests(number: int, verb: str) -> str:
    return f"1 test {verb}{'es' if verb == 'pass' else 's'}" if number == 1 else f"{number} tests {verb}"


def _skipped(number: int) -> str:
    return f", {number} more skipped or expected to fail now" if number else ""
