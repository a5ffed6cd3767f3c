"""The scripted model on loopback, asked directly."""

from __future__ import annotations

import contextlib
import json
import threading
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from batch_implement.demo.loopback_model import LoopbackModel
from batch_implement.demo.messages_api import ApiFailure, Reply, ToolCall, say

if TYPE_CHECKING:
    from batch_implement.demo.messages_api import Answer, ModelRequest


def _ask(url: str, document: object = None, method: str = "POST") -> Any:
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(url, data=body, method=method)  # noqa: S310 -- our own loopback server
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 -- as above
        return response.read()


_QUESTION = {"model": "m", "tools": [{"name": "Bash"}], "messages": [{"role": "user", "content": "hi"}]}


def test_it_listens_on_loopback_only() -> None:
    with LoopbackModel(lambda _: say("hello")) as model:
        assert model.base_url.startswith("http://127.0.0.1:")
        assert _ask(model.base_url, method="HEAD") == b""


def test_an_answer_that_is_not_streamed_is_one_document() -> None:
    with LoopbackModel(lambda _: say("hello")) as model:
        answer = json.loads(_ask(model.base_url + "/v1/messages", _QUESTION))
    assert answer["content"] == [{"type": "text", "text": "hello"}]
    assert answer["stop_reason"] == "end_turn"


def test_words_and_calls_of_one_answer_are_streamed_in_order() -> None:
    reply = Reply("two calls", (ToolCall("Bash", {"command": "ls"}), ToolCall("Read", {"file_path": "/a"})))
    with LoopbackModel(lambda _: reply) as model:
        stream = _ask(model.base_url + "/v1/messages?beta=true", {**_QUESTION, "stream": True}).decode()
    events = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]
    starts = [event["content_block"] for event in events if event["type"] == "content_block_start"]
    assert [block["type"] for block in starts] == ["text", "tool_use", "tool_use"]
    assert len({block["id"] for block in starts[1:]}) == 2
    deltas = [event["delta"] for event in events if event["type"] == "content_block_delta"]
    assert json.loads(deltas[2]["partial_json"]) == {"file_path": "/a"}
    assert (events[-2]["delta"]["stop_reason"], events[-1]["type"]) == ("tool_use", "message_stop")


def test_tokens_are_counted_without_asking_the_policy() -> None:
    with LoopbackModel(lambda _: pytest.fail("asked")) as model:
        counted = json.loads(_ask(model.base_url + "/v1/messages/count_tokens", _QUESTION))
        assert counted["input_tokens"] > 0
        assert model.requests == ()


def test_an_error_of_the_api_comes_with_its_headers() -> None:
    failure = ApiFailure(429, "rate_limit_error", "slow down", {"retry-after": "7"})
    with LoopbackModel(lambda _: failure) as model:
        with pytest.raises(urllib.error.HTTPError) as refused:
            _ask(model.base_url + "/v1/messages", _QUESTION)
        with refused.value as response:
            assert (response.code, response.headers["retry-after"]) == (429, "7")
            assert json.loads(response.read())["error"]["type"] == "rate_limit_error"


@pytest.mark.parametrize("body", [[], {"messages": "no list"}, "text"])
def test_a_body_that_is_no_question_is_refused(body: object) -> None:
    with (
        LoopbackModel(lambda _: say("hello")) as model,
        pytest.raises(urllib.error.HTTPError, match="400") as refused,
    ):
        _ask(model.base_url + "/v1/messages", body)
    refused.value.close()


def _ask_a_failing_model(model: LoopbackModel) -> None:
    with model, contextlib.suppress(OSError):
        _ask(model.base_url + "/v1/messages", _QUESTION)


def test_what_a_policy_raises_is_raised_where_the_test_sees_it() -> None:
    def policy(_: ModelRequest) -> Answer:
        raise KeyError("not scripted")

    with pytest.raises(KeyError, match="not scripted"):
        _ask_a_failing_model(LoopbackModel(policy))


def test_a_failed_assertion_in_a_policy_is_raised_too() -> None:
    with pytest.raises(pytest.fail.Exception, match="as pytest does"):
        _ask_a_failing_model(LoopbackModel(lambda _: pytest.fail("as pytest does")))


def test_a_policy_that_answers_nothing_is_reported() -> None:
    with pytest.raises(AttributeError, match="delay"):
        _ask_a_failing_model(LoopbackModel(lambda _: None))  # type: ignore[arg-type,return-value]


def test_leaving_the_block_does_not_wait_for_a_delayed_answer() -> None:
    def ask(url: str) -> None:
        with contextlib.suppress(OSError):
            _ask(url, _QUESTION)

    with LoopbackModel(lambda _: Reply("late", delay=3600)) as model:
        asking = threading.Thread(target=ask, args=(model.base_url + "/v1/messages",))
        asking.start()
        while not model.requests:
            asking.join(0.01)
    asking.join(30)
    assert not asking.is_alive()
