"""The part of the Messages API that the client uses: what it asks, and what can be answered.

A request is read into frozen values, so that a scripted model can decide from nothing but what it was
sent. In this API instructions of the harness stand between the turns as messages of role ``system``;
what a hook injects is in one of these, after the user's message it belongs to.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from batch_implement.json_types import JsonMapping

# The client asks for a summary in the main conversation, with every tool listed: its words tell.
_SUMMARY_REQUEST = "Your task is to create a detailed summary of"
_SUBAGENT_HEADER = "x-claude-code-agent-id"
_SUBAGENT_MARK = "cc_is_subagent=true"
_DELEGATE = "Agent"
_DELEGATES = {_DELEGATE, "Task"}  # its name in older clients


@dataclass(frozen=True)
class ToolCall:
    """A call the model makes."""

    name: str
    input: JsonMapping


@dataclass(frozen=True)
class ToolResult:
    text: str


@dataclass(frozen=True)
class Message:
    """One message; ``text`` is its text blocks, joined by line ends."""

    role: str
    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_results: tuple[ToolResult, ...] = ()

    @property
    def everything(self) -> str:
        """The text, the calls' inputs and the results: what to search."""
        calls = [json.dumps(dict(call.input), ensure_ascii=False) for call in self.tool_calls]
        return "\n".join([self.text, *calls, *(result.text for result in self.tool_results)])


@dataclass(frozen=True)
class ModelRequest:
    """What the client sent, and nothing else. ``size`` is the body's length in bytes."""

    model: str
    system: str
    tools: tuple[str, ...]
    messages: tuple[Message, ...]
    size: int
    session_id: str = ""
    agent_id: str = ""

    @property
    def from_subagent(self) -> bool:
        """By what newer clients send with it; with older ones by what only a main conversation can do."""
        if self.agent_id or _SUBAGENT_MARK in self.system:
            return True
        return bool(self.tools) and _DELEGATES.isdisjoint(self.tools)

    @property
    def asks_for_summary(self) -> bool:
        """True for a compaction, which a tool call would fail."""
        return _SUMMARY_REQUEST in self.last_user_text

    @property
    def is_side_request(self) -> bool:
        """True for what is no turn of a conversation: a title, a compaction's summary."""
        return not self.tools or self.asks_for_summary

    @property
    def last_user_text(self) -> str:
        """The newest user message, with the tool results in it."""
        users = [message for message in self.messages if message.role == "user"]
        return users[-1].everything if users else ""

    @property
    def news(self) -> str:
        """Everything said since the model last answered: results, prompts, what hooks injected."""
        answered = [index for index, message in enumerate(self.messages) if message.role == "assistant"]
        first = answered[-1] + 1 if answered else 0
        return "\n".join(message.everything for message in self.messages[first:])

    @property
    def news_results(self) -> tuple[ToolResult, ...]:
        """The results of the model's last calls; empty when a turn begins."""
        users = [message for message in self.messages if message.role == "user"]
        return users[-1].tool_results if users else ()

    @property
    def conversation(self) -> str:
        """The whole conversation as text, oldest first."""
        return "\n".join(message.everything for message in self.messages)

    @property
    def answers(self) -> int:
        """How many times the model has answered in what is left of the conversation."""
        return sum(message.role == "assistant" for message in self.messages)


@dataclass(frozen=True)
class Reply:
    """A model's answer: words, calls, or both; without a call its turn ends.

    ``input_tokens`` is what the reply claims was used (the body's size by four where None): over the
    client's window it compacts, once an earlier answer is there to summarise. ``delay`` is in seconds.
    """

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    input_tokens: int | None = None
    delay: float = 0.0


@dataclass(frozen=True)
class ApiFailure:
    """An error of the API's own; ``kind`` is its name there.

    429 ``rate_limit_error``, 500 ``api_error``, 529 ``overloaded_error``, 401 ``authentication_error``,
    400 ``invalid_request_error``, 404 ``not_found_error``.
    """

    status: int
    kind: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


if TYPE_CHECKING:
    Answer = Reply | ApiFailure
    Policy = Callable[[ModelRequest], Answer]


def say(text: str) -> Reply:
    """Words only: the turn ends with them."""
    return Reply(text=text)


def call(name: str, /, **tool_input: Any) -> Reply:
    return Reply(tool_calls=(ToolCall(name, tool_input),))


def bash(command: str, **options: Any) -> Reply:
    return call("Bash", command=command, description="scripted", **options)


def delegate(agent: str, prompt: str, **options: Any) -> Reply:
    """Start a subagent (``plugin:agent``); it is waited for with ``run_in_background=False``."""
    return call(_DELEGATE, subagent_type=agent, description="scripted", prompt=prompt, **options)


def parse_request(body: bytes, headers: Mapping[str, str]) -> ModelRequest:
    """Read a request's body. Raises :class:`ValueError` for what is no JSON object with messages."""
    sent = json.loads(body)
    if not isinstance(sent, dict) or not isinstance(sent.get("messages"), list):
        raise ValueError("The request has no list of messages.")
    lowered = {key.lower(): value for key, value in headers.items()}
    return ModelRequest(
        model=str(sent.get("model", "")),
        system=_text(sent.get("system", "")),
        tools=tuple(str(tool.get("name", "")) for tool in sent.get("tools") or ()),
        messages=tuple(_message(message) for message in sent["messages"]),
        size=len(body),
        session_id=lowered.get("x-claude-code-session-id", ""),
        agent_id=lowered.get(_SUBAGENT_HEADER, ""),
    )


def _message(sent: JsonMapping) -> Message:
    content = sent.get("content", "")
    blocks: Sequence[JsonMapping] = content if isinstance(content, list) else ()
    return Message(
        role=str(sent.get("role", "")),
        text=_text(content),
        tool_calls=tuple(
            ToolCall(str(block["name"]), block.get("input") or {})
            for block in blocks
            if block.get("type") == "tool_use"
        ),
        tool_results=tuple(
            ToolResult(_text(block.get("content", "")))
            for block in blocks
            if block.get("type") == "tool_result"
        ),
    )


def _text(content: str | Sequence[JsonMapping]) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(str(block["text"]) for block in content if block.get("type") == "text")
