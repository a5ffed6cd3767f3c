"""What a push came to, read from what git, ssh and the host said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from batch_implement.system.git.git import excerpt

if TYPE_CHECKING:
    from batch_implement.system.process.program import Finished

PushOutcome = Literal[
    "pushed",
    "up-to-date",
    "no-remote",
    "rejected",
    "conflict",
    "checks-failed",
    "denied",
    "offline",
    "timed-out",
    "refused",
    "failed",
]

_REJECTED = ("non-fast-forward", "fetch first", "stale info", "cannot lock ref", "incorrect old value")
_DENIED = (
    "permission denied",
    "permission to",
    "access denied",
    "authentication failed",
    "could not read username",
    "could not read password",
    "terminal prompts disabled",
    "host key verification failed",
    "repository not found",
    "returned error: 401",
    "returned error: 403",
    "returned error: 404",
    "protected branch",
    "hook declined",
    "deny updating",
    "not allowed to push",
    "insufficient permission",
)
_OFFLINE = (
    "could not resolve host",
    "name resolution",
    "name or service not known",
    "connection refused",
    "connection timed out",
    "connection reset",
    "connection closed",
    "network is unreachable",
    "no route to host",
    "failed to connect",
    "operation timed out",
    "operation too slow",
    "hung up",
    "early eof",
    "returned error: 429",
    "returned error: 5",
    "does not appear to be a git repository",
    "could not read from remote repository",
)


@dataclass(frozen=True)
class PushResult:
    """``sentence`` is for the report. ``sha`` is the commit that the remote has now, ``""`` without one.

    ``rebased`` pairs the commits before a rebase with those after it, in order.
    """

    outcome: PushOutcome
    remote: str
    branch: str
    sentence: str
    sha: str = ""
    rebased: tuple[tuple[str, str], ...] = ()

    @property
    def ok(self) -> bool:
        return self.outcome in {"pushed", "up-to-date"}


def outcome_of(finished: Finished) -> PushOutcome:
    """Classify a ``git push --porcelain`` (or a fetch) that has ended."""
    if finished.ok:
        updated = [line for line in finished.text.splitlines() if line[:2] in {"*\t", " \t", "+\t"}]
        return "pushed" if updated else "up-to-date"
    said = f"{finished.text}\n{finished.error_text}".lower()
    # The branch's own line comes first: what a host's hook prints may hold any word.
    groups: tuple[tuple[PushOutcome, tuple[str, ...]], ...] = (
        ("rejected", _REJECTED),
        ("denied", _DENIED),
        ("offline", _OFFLINE),
    )
    for outcome, words in groups:
        if any(word in said for word in words):
            return outcome
    # A pre-push hook of the user's ends the push before a word is exchanged with the remote.
    return "refused" if "failed to push some refs" in said and "!\t" not in finished.text else "failed"


def _reason(finished: Finished) -> str:
    """The end of what was said, without the advice that git puts below every refusal of ssh's."""
    advice = (
        "fatal: Could not read from remote repository.",
        "Please make sure you have the correct access rights",
        "and the repository exists.",
    )
    said = excerpt(finished, 8).splitlines()
    telling = [line for line in said if line.strip() and line not in advice]
    return "\n".join((telling or said)[-4:])


def sentence_for(outcome: PushOutcome, remote: str, branch: str, finished: Finished) -> str:
    """The outcome for the report, with the end of what was said where it failed."""
    said = _reason(finished)
    sentences: dict[PushOutcome, str] = {
        "pushed": f"Pushed {branch} to {remote}.",
        "up-to-date": f"{remote} has all of {branch} already.",
        "rejected": f"{remote} has commits on {branch} that are not here, so the push was rejected.",
        "denied": f"{remote} did not allow the push of {branch}. Check access and branch protection: {said}",
        "offline": f"{remote} could not be reached; the next push of {branch} tries again: {said}",
        "refused": f"The pre-push hook refused the push of {branch}: {said}",
        "failed": f"The push of {branch} to {remote} failed: {said}",
    }
    return sentences.get(outcome, said)
