"""Scripted models with a fault each; like the plain one, they know only what they are sent."""

from __future__ import annotations

import dataclasses
import random
import re
import threading
from typing import TYPE_CHECKING

from batch_implement.demo import scripted_developer
from batch_implement.demo.messages_api import ApiFailure, Reply, ToolCall, bash, delegate, say

if TYPE_CHECKING:
    from collections.abc import Collection

    from batch_implement.demo.messages_api import Answer, ModelRequest, Policy

LAZY_WORDS = "Would you like me to continue?"


def lazy(times: int) -> Policy:
    """Ends its turn without doing anything, twice at every feature until it has done so often."""

    def answer(request: ModelRequest) -> Reply:
        if request.from_subagent or "Give the user this report" in request.news:
            return scripted_developer.answer(request)
        said = request.conversation.count(LAZY_WORDS)
        since = request.conversation.rsplit("is done, committed", 1)[-1].count(LAZY_WORDS)
        if said < times and since < 2 and "[batch-implement] Feature" in request.news:
            return say(LAZY_WORDS)
        return scripted_developer.answer(request)

    return answer


def lying(number: int) -> Policy:
    """Its agent says that a feature is done and has changed nothing; asked again, it gives up."""

    def answer(request: ModelRequest) -> Reply:
        if request.from_subagent and f"Implement feature {number} of" in request.conversation:
            return say("Done. All tests pass.")
        if not request.from_subagent and "Nothing has changed since feature" in request.news:
            return bash(f"batch-implement fail {number} --error 'the agent changed nothing'")
        return scripted_developer.answer(request)

    return answer


def wrong_at_first(number: int) -> Policy:
    """Its agent's first version of a feature is wrong; told that the check failed, it mends it."""

    def answer(request: ModelRequest) -> Reply:
        if request.from_subagent and f"Implement feature {number} of" in request.conversation:
            return _mend(request) if "mend it" in request.conversation else _break(request)
        if not request.from_subagent and "is not done." in request.news:
            return delegate(
                "batch-implement:feature-implementer", f"Feature {number}: the check failed, mend it"
            )
        return scripted_developer.answer(request)

    return answer


def deleting_a_test(number: int, path: str) -> Policy:
    """While it implements a feature its agent removes the test of another one."""

    def answer(request: ModelRequest) -> Reply:
        if request.from_subagent and f"Implement feature {number} of" in request.conversation:
            done = not request.news_results or f"rm {path}" in request.conversation
            return scripted_developer.answer(request) if done else bash(f"rm {path}")
        if not request.from_subagent and "would say less than before" in request.news:
            return bash(f"batch-implement fail {number} --error 'a test is missing'")
        return scripted_developer.answer(request)

    return answer


def reviewed_harshly(number: int) -> Policy:
    """Its reviewer finds something in a feature until the module has a docstring, which its agent adds."""
    finding = (
        '{"verdict": "findings", "findings": [{"file": "x.py", "line": 1, "problem": "It says nothing."}]}'
    )

    def answer(request: ModelRequest) -> Reply:
        said = request.conversation
        if request.from_subagent and f"Review feature {number} of" in said:
            diff = re.search(r"What was done: (\S+), a diff", said)
            folder = re.search(r"[Ww]orking directory: (\S+)", request.system + said)
            if diff and folder and not request.news_results:
                return Reply(tool_calls=(ToolCall("Read", {"file_path": f"{folder[1]}/{diff[1]}"}),))
            return say('{"verdict": "fine"}' if "Says something" in request.news else finding)
        if request.from_subagent and "It says nothing" in said:
            done = bool(request.news_results)
            return say("Added it.") if done else bash('sed -i \'1i """Says something."""\' *.py')
        if not request.from_subagent and "a reviewer found" in request.news:
            return delegate(
                "batch-implement:feature-implementer", f"Feature {number}: It says nothing, mend it"
            )
        return scripted_developer.answer(request)

    return answer


def impatient(later: int) -> Policy:
    """At its first assignment it reports a later feature as done."""

    def answer(request: ModelRequest) -> Reply:
        if not request.from_subagent and request.answers == 0:
            return bash(f"batch-implement done {later}")
        if not request.from_subagent and "is not being worked on" in request.news:
            return bash("batch-implement next")
        return scripted_developer.answer(request)

    return answer


def compacting(after_agents: Collection[int] = (), after_done: Collection[int] = ()) -> Policy:
    """Claims a full context when it hands a feature over, or when it reports one as done."""

    def answer(request: ModelRequest) -> Reply:
        reply = scripted_developer.answer(request)
        if request.from_subagent or not reply.tool_calls:
            return reply
        said = str(reply.tool_calls[0].input)
        handed = re.search(r"Feature (\d+)", said)
        reported = re.search(r"batch-implement done (\d+)", said)
        full = (handed and int(handed[1]) in after_agents) or (reported and int(reported[1]) in after_done)
        return dataclasses.replace(reply, input_tokens=120_000) if full else reply

    return answer


def always_full(request: ModelRequest) -> Reply:
    """Claims a full context at every step of the main conversation."""
    reply = scripted_developer.answer(request)
    return reply if request.from_subagent else dataclasses.replace(reply, input_tokens=120_000)


RESET_KNOWN = ApiFailure(429, "rate_limit_error", "Too many requests. Please try again in 5 seconds.")
OUTAGES = (
    RESET_KNOWN,
    ApiFailure(429, "rate_limit_error", "slow down"),
    ApiFailure(500, "api_error", "Internal server error"),
    ApiFailure(529, "overloaded_error", "Overloaded"),
    ApiFailure(529, "overloaded_error", "Overloaded, retry after 3 seconds"),
)


class Unreliable:
    """An API in front of a model that fails at random requests, never twice in a row."""

    def __init__(self, policy: Policy, seed: int, share: float) -> None:
        self._policy = policy
        self._random = random.Random(seed)  # noqa: S311 -- a test's randomness, to be repeated
        self.share = share
        self._lock = threading.Lock()
        self._failed_before = False
        self.failures = 0

    def __call__(self, request: ModelRequest) -> Answer:
        with self._lock:
            fails = not self._failed_before and self._random.random() < self.share
            self._failed_before = fails
            self.failures += fails
            return self._random.choice(OUTAGES) if fails else self._policy(request)


def failing(number: int, error: str, times: int = 1) -> Policy:
    """Says of a feature so often that it has failed, each time after its agent has ended."""

    def answer(request: ModelRequest) -> Reply:
        reply = scripted_developer.answer(request)
        reports = any(f"batch-implement done {number} " in str(call.input) for call in reply.tool_calls)
        command = f"batch-implement fail {number} --error '{error}'"
        if reports and request.conversation.count(command) < times:
            return bash(command)
        return reply

    return answer


def slow(seconds: float, policy: Policy = scripted_developer.answer) -> Policy:
    """Thinks for a while before each answer of its agent."""

    def answer(request: ModelRequest) -> Reply:
        reply = policy(request)
        return dataclasses.replace(reply, delay=seconds) if request.from_subagent else reply

    return answer


def hasty(request: ModelRequest) -> Reply:
    """Reports a feature as done when its agent was only started."""
    if not request.from_subagent and "Async agent launched" in request.news:
        return scripted_developer.report_done(request)
    return scripted_developer.answer(request)


def _break(request: ModelRequest) -> Reply:
    reply = scripted_developer.implement(request)
    calls = tuple(
        dataclasses.replace(
            call, input={**call.input, "content": call.input["content"].replace("return x", "return 1 + x")}
        )
        for call in reply.tool_calls
    )
    return dataclasses.replace(reply, tool_calls=calls)


def _mend(request: ModelRequest) -> Reply:
    if request.news_results:
        return say("Mended.")
    text = re.search(r"Implement feature \d+ of \d+:\n(.*)", request.conversation)
    assert text is not None
    name, content = next(iter(scripted_developer.write_function(text[1]).items()))
    return bash(f"printf '%b' '{content!r}' > {name}".replace("\"'", "'").replace("''", "'"))
