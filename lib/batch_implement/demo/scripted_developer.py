"""A scripted model that implements features, knowing nothing but what it is sent.

Each answer is a function of the request alone: no memory, no plan of its own. If a batch gets to its end
with it, then what the plugin puts into the conversation is enough. It understands features of one form:

    Add double(x) returning x * 2; double(4) is 8

and writes a module and a test for each.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from batch_implement.demo.messages_api import Reply, ToolCall, bash, delegate, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_implement.demo.messages_api import ModelRequest

_ASSIGNMENT = re.compile(r"\[batch-implement\] Feature (\d+) of (\d+): (.*)")
_AGENT = re.compile(r"[Ss]tart agent (\S+), prompt \"([^\"]+)\"")
_ORDER = re.compile(r"\[batch-implement\] Implement feature (\d+) of \d+:\n(.*)")
_FUNCTION = re.compile(r"Add (\w+)\((\w*)\) returning (.+?); (\w+)\((.*?)\) is (.+?)(?: \(|$)")
_FOLDER = re.compile(r"[Ww]orking directory: (\S+)")
# What the command itself says, for a client that tells no hook of it.
_UNASKED = re.compile(
    r"run `(batch-implement \w+)` with (?:these arguments, each|this text) in single\s+quotes,"
    r"\s+and\s+go on from what it prints: (.+)"
)
_ASK_FOR_ORDER = "batch-implement next --work-order"
_TOO_OLD = re.compile(r"batch-implement needs Claude Code \S+ or newer[^\"]*")
_AGAIN = re.compile(r"Run(?: again)?: batch-implement next")
_SAME_AGAIN = "Run the same batch-implement done command again."
_ENDED = "The batch has ended. Give the user this report and stop."
_FINISHED = "An agent has finished its work on feature"
_AT_WORK = "An agent is at work on feature"
_REVIEW = re.compile(r"passed its check\. Start agent")
_REVIEWED = "[batch-implement] Review feature"
# The words of newer clients, and of older ones.
_HAND_BACK = ("final report", "\nagentId: ")
REPORT = "Added the function and a test for it; the test passes."
# An interactive session starts every agent in the background, and is woken when it ends.
_LAUNCHED = "Async agent launched"
_NOTIFIED = "<status>completed</status>"
# The command was killed, or the session was, before its answer came.
_UNKNOWN_OUTCOME = ("Exit code 137", "its outcome is unknown")
_BROKEN_OFF = ("Agent terminated early", "<status>failed</status>")


def answer(request: ModelRequest) -> Reply:
    """The next step of any conversation."""
    if request.from_subagent and _REVIEWED in request.conversation:
        return say('{"verdict": "fine"}')
    return implement(request) if request.from_subagent else coordinate(request)


def coordinate(request: ModelRequest) -> Reply:
    """The main conversation: hand each feature to the agent, then say that it is done."""
    news = request.news
    if _ENDED in news:
        return say(news.split(_ENDED, 1)[1].strip())
    if "The batch is paused:" in news or "The batch was stopped." in news:
        return say("The batch does not go on: " + news.rsplit("[batch-implement] ", 1)[1])
    if _AGAIN.search(news) or _was_cut_off(request):
        return bash("batch-implement next")
    if "End your turn now" in news:
        return say("I wait to be woken.")
    if _FINISHED in news:
        return report_done(request)
    if _AT_WORK in news:
        return say("I wait for the agent.")
    if "Nothing has changed since feature" in news:
        return _hand_over(_newest_assignment(request))
    if handed := [*_ASSIGNMENT.finditer(news), *_REVIEW.finditer(news)]:
        return _hand_over(news[handed[-1].start() :])
    if any(words in news for words in _BROKEN_OFF):
        return _hand_over(_newest_assignment(request))
    if _LAUNCHED in news:
        return say("I wait for the agent.")
    if any(words in news for words in (*_HAND_BACK, _NOTIFIED, _SAME_AGAIN)):
        return report_done(request)
    if "is not done." in news:
        return _hand_over(_newest_assignment(request))
    return _begin(request)


def _begin(request: ModelRequest) -> Reply:
    """What the command's own text asks for, where no assignment came with it."""
    if unasked := _UNASKED.search(request.news):
        return bash(f"{unasked[1]} {shlex.quote(unasked[2].strip())}")
    if "batch-implement: command not found" in request.news and (
        old := _TOO_OLD.search(request.conversation)
    ):
        return say(old[0])
    return say("There is nothing for me to do.")


def implement(request: ModelRequest) -> Reply:
    """The agent's conversation: write the module and its test, then say so."""
    orders = list(_ORDER.finditer(request.conversation))
    if not orders:
        return say("I was given no work order.") if request.news_results else bash(_ASK_FOR_ORDER)
    if request.news_results and not _ORDER.search(request.news):
        return say(REPORT)
    folder = _FOLDER.search(request.system + request.conversation)
    files = write_function(orders[-1][2])
    if folder is None or not files:
        return say("I don't know what to write.")
    calls = [
        ToolCall("Write", {"file_path": f"{folder[1]}/{name}", "content": content})
        for name, content in files.items()
    ]
    return Reply(tool_calls=tuple(calls))


def write_function(feature: str) -> dict[str, str]:
    """The module and the test for a feature of the known form; empty for any other."""
    found = _FUNCTION.search(feature)
    if not found:
        return {}
    name, parameter, expression, _, argument, result = found.groups()
    imports = "".join(f"from {used} import {used}\n" for used in _used(expression, name, parameter))
    separator = "\n\n" if imports else ""
    title = "".join(word.capitalize() for word in name.split("_"))
    return {
        f"{name}.py": f"{imports}{separator}def {name}({parameter}):\n    return {expression}\n",
        f"tests/test_{name}.py": (
            f"import unittest\n\nfrom {name} import {name}\n\n\nclass {title}Test(unittest.TestCase):\n"
            f"    def test_{name}(self):\n        self.assertEqual({name}({argument}), {result})\n"
        ),
    }


def commit_message(feature: str) -> str:
    found = _FUNCTION.search(feature)
    return f"feat({found[1]}): add {found[1]}" if found else "feat: implement the feature"


def _hand_over(assignment: str) -> Reply:
    agent = _AGENT.search(assignment)
    return delegate(agent[1], agent[2]) if agent else say("The assignment names no agent.")


def _was_cut_off(request: ModelRequest) -> bool:
    results = [result.text for result in request.news_results]
    return any(words in text for text in results for words in _UNKNOWN_OUTCOME)


def report_done(request: ModelRequest) -> Reply:
    """Say that the feature of the newest assignment is done."""
    found = _ASSIGNMENT.search(_newest_assignment(request))
    if not found:
        return bash("batch-implement next")
    return bash(f"batch-implement done {found[1]} --message {shlex.quote(commit_message(found[3]))}")


def _newest_assignment(request: ModelRequest) -> str:
    conversation = request.conversation
    starts = [match.start() for match in _ASSIGNMENT.finditer(conversation)]
    return conversation[starts[-1] :] if starts else ""


def _used(expression: str, *own: str) -> Iterator[str]:
    """The functions that an expression calls, which are other features' modules."""
    return (name for name in sorted(set(re.findall(r"(\w+)\(", expression))) if name not in own)
