"""A model on 127.0.0.1 whose every answer comes from a function of the request.

    with LoopbackModel(policy) as model:
        ...run the client against model.base_url...
    model.requests  # what it was asked, in order

It listens on loopback only, asks nobody, and ends with the ``with`` block. What a policy raises is
raised again there: the client itself would only report an error of the API.
"""

from __future__ import annotations

import itertools
import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from batch_implement.demo.messages_api import ApiFailure, parse_request, say
from batch_implement.demo.messages_wire import (
    BYTES_PER_TOKEN,
    event_stream,
    failure_document,
    message_document,
)

if TYPE_CHECKING:
    from types import TracebackType

    from batch_implement.demo.messages_api import Answer, ModelRequest, Policy


def answer_side_request(request: ModelRequest) -> Answer:
    """What any model would say when asked for a summary or a title."""
    if request.asks_for_summary:
        return say("<analysis>short</analysis>\n<summary>The work went on as asked.</summary>")
    return say("A scripted session")


class LoopbackModel:
    """The server. ``policy`` answers the turns, ``side_policy`` titles and summaries."""

    def __init__(self, policy: Policy, *, side_policy: Policy = answer_side_request) -> None:
        self._policy = policy
        self._side_policy = side_policy
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._received: list[ModelRequest] = []
        self._failure: BaseException | None = None
        self._ending = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def requests(self) -> tuple[ModelRequest, ...]:
        """Every request for a message so far, in the order they came."""
        with self._lock:
            return tuple(self._received)

    def __enter__(self) -> LoopbackModel:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def answer(self, body: bytes, headers: dict[str, str]) -> tuple[ModelRequest, Answer]:
        """Record a request and decide; a policy that raises ends the client's turn at once."""
        request = parse_request(body, headers)
        with self._lock:
            self._received.append(request)
        policy = self._side_policy if request.is_side_request else self._policy
        try:
            answer = policy(request)
        except BaseException as error:  # noqa: BLE001 -- a failed assertion of pytest's is no Exception
            self.fail(error)
            # The one status the client does not try again.
            answer = ApiFailure(400, "invalid_request_error", f"The scripted model failed: {error!r}")
        self._ending.wait(answer.delay)
        return request, answer

    def fail(self, error: BaseException) -> None:
        """Keep the first error, to raise it when the block ends."""
        self._failure = self._failure or error

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):024d}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, model: LoopbackModel) -> None:
        self.model = model
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """The client keeps its connections; without this their threads would wait for it."""
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed by the other side in this moment

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 -- as inherited
        """A client that was killed in the middle of an answer is no error; anything else is ours."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError):
            self.model.fail(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_HEAD(self) -> None:
        self._send(200, b"")

    def do_GET(self) -> None:
        self._send_json(404, {"type": "error", "error": {"type": "not_found_error", "message": self.path}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        if path == "/v1/messages/count_tokens":
            self._send_json(200, {"input_tokens": len(body) // BYTES_PER_TOKEN})
        elif path == "/v1/messages":
            self._answer(body)
        else:
            self.do_GET()

    def _answer(self, body: bytes) -> None:
        model = self.server.model
        try:
            request, answer = model.answer(body, dict(self.headers.items()))
        except ValueError as error:
            refusal = ApiFailure(400, "invalid_request_error", str(error))
            self._send_json(400, failure_document(refusal))
            return
        if isinstance(answer, ApiFailure):
            self._send_json(answer.status, failure_document(answer), dict(answer.headers))
            return
        message = message_document(answer, request, model.new_id)
        if json.loads(body).get("stream"):
            self._send(200, event_stream(message), {"Content-Type": "text/event-stream"})
        else:
            self._send_json(200, message)

    def _send_json(self, status: int, document: object, headers: dict[str, str] | None = None) -> None:
        kind = {"Content-Type": "application/json"}
        self._send(status, json.dumps(document).encode(), {**kind, **(headers or {})})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the inherited name
        """Say nothing: the requests are recorded."""
