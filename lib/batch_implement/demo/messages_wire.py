"""A reply as the bytes the client reads: one JSON document, or a stream of server-sent events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batch_implement.demo.messages_api import ApiFailure, ModelRequest, Reply
    from batch_implement.json_types import JsonObject

# The service counts in tokens; four bytes a token is the usual estimate for English and code.
BYTES_PER_TOKEN = 4


def message_document(reply: Reply, request: ModelRequest, new_id: Callable[[str], str]) -> JsonObject:
    """The message as the API names it; ``new_id`` makes an identifier from a prefix."""
    blocks: list[JsonObject] = [{"type": "text", "text": reply.text}] if reply.text else []
    blocks += [
        {"type": "tool_use", "id": new_id("toolu"), "name": call.name, "input": dict(call.input)}
        for call in reply.tool_calls
    ]
    claimed = reply.input_tokens
    return {
        "id": new_id("msg"),
        "type": "message",
        "role": "assistant",
        "model": request.model,
        "content": blocks,
        "stop_reason": "tool_use" if reply.tool_calls else "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": request.size // BYTES_PER_TOKEN if claimed is None else claimed,
            "output_tokens": max(1, len(json.dumps(blocks)) // BYTES_PER_TOKEN),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
        },
    }


def event_stream(message: JsonObject) -> bytes:
    """The same message as the events of a streamed answer."""
    return b"".join(
        f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in _events(message)
    )


def failure_document(failure: ApiFailure) -> JsonObject:
    return {"type": "error", "error": {"type": failure.kind, "message": failure.message}}


def _events(message: JsonObject) -> Iterator[JsonObject]:
    yield {"type": "message_start", "message": {**message, "content": [], "stop_reason": None}}
    for index, block in enumerate(message["content"]):
        if block["type"] == "text":
            empty, delta = {**block, "text": ""}, {"type": "text_delta", "text": block["text"]}
        else:
            empty = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    ending = {key: message[key] for key in ("stop_reason", "stop_sequence")}
    yield {"type": "message_delta", "delta": ending, "usage": message["usage"]}
    yield {"type": "message_stop"}
