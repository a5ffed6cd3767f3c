"""Why something was refused, and what can be done about it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.model import refusals as why
from batch_implement.presentation.pauses import reason_of
from batch_implement.presentation.standing import MARK
from batch_implement.system.clock import duration
from batch_implement.system.text.shortening import shorten
from batch_implement.workspace.changes import name_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.model.refusals import Refusal

_SHOWN = 12
_LINE = 200
_GOES_ON = "The user goes on with /batch-implement --resume."
_OUTSIDE = "--allow is for the user, in a terminal outside of Claude Code."


def sentence_of(refusal: Refusal) -> str:
    """One refusal for who asked, Claude or a person."""
    match refusal:
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
                f"A batch is at work in this project already ({refusal.batch_id}, {refusal.status}). "
                "/batch-status shows it, /batch-implement --resume goes on with it, "
                "/batch-implement --stop ends it."
            )
        case why.OtherBatch():
            return f"The batch in this project is {refusal.current}, not {refusal.asked[:100]}."
        case why.NothingToResume():
            return (
                f"Batch {refusal.batch_id} is {refusal.status}, and nothing in it is to be done again. "
                "/batch-implement --resume --failed tries what failed once more."
            )
        case why.NotGoing():
            return _not_going(refusal)
        case why.WorkGoesOn():
            return _asked_before_the_end(refusal)
        case why.CannotStart():
            return f"The batch was not started. {' '.join(refusal.reasons)}"
        case _:
            return _about_feature(refusal)


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
    | why.SettingsChanged
    | why.PathsHeld
    | why.WeakerChecks
    | why.CheckFailed
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
            return (
                f"Nothing has changed since feature {refusal.number} began, so it is not done. Implement it; "
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
        case why.SettingsChanged():
            allow = " ".join(f"--allow '{name}'" for name in refusal.names)
            return (
                f"Feature {refusal.number} changed the repository's own settings, which nobody asked for:\n"
                f"{_listed(refusal.lines)}\nPut them back, then run done again. If that is meant, the user "
                f"allows it: {allow}. {_OUTSIDE}"
            )
        case why.PathsHeld():
            return (
                f"Feature {refusal.number} can't be committed as it is:\n{_listed(refusal.lines)}\n{_OUTSIDE}"
            )
        case why.FoundByReviewer():
            return (
                f"Feature {refusal.number} is not done: a reviewer found\n{_listed(refusal.lines)}\n"
                "Mend what is right in that, then run done again; what is not stays as it is."
            )
        case why.WeakerChecks():
            return (
                f"Feature {refusal.number} is not done: its checks would say less than before.\n"
                f"{_listed(refusal.lines)}\nPut that back, then run done again. If it is meant, the user "
                "allows it in a terminal outside of Claude Code: "
                f"batch-implement done {refusal.number} --accept-weaker 'why'"
            )
        case why.CheckFailed() | why.FewerTests() | why.CommitRefused():
            return f"Feature {refusal.number} is not done. {_problem(refusal)}\nMend it and run done again."


def _problem(refusal: why.CheckFailed | why.FewerTests | why.CommitRefused) -> str:
    match refusal:
        case why.CheckFailed():
            how = (
                f"was ended after {duration(refusal.seconds)}"
                if refusal.timed_out
                else f"failed with exit status {refusal.exit_code}"
            )
            return f"{refusal.command} {how}:\n{refusal.output}"
        case why.FewerTests():
            if refusal.after is None:
                return (
                    f"{refusal.command} passes but no longer says how many tests it ran; there were "
                    f"{refusal.before}."
                )
            return (
                f"{refusal.command} passes with {refusal.after} tests, and there were {refusal.before} "
                "before this feature. Put back the tests that are missing."
            )
        case why.CommitRefused():
            return refusal.why


def _listed(lines: Sequence[str]) -> str:
    shown = [f"- {shorten(line, _LINE)}" for line in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        shown.append(f"- and {len(lines) - _SHOWN} more")
    return "\n".join(shown)
