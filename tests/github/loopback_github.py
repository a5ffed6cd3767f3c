"""A small GitHub on 127.0.0.1 that the real gh speaks to, and that misbehaves when asked to.

gh is pointed at it as at a proxy (``http_proxy``) for ``api.github.localhost``, which it calls without
TLS. It keeps issues, comments and pull requests, records every write, and knows as much of REST and
GraphQL as gh and this project use.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.github.graphql import GraphQLError, execute

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOST = "github.localhost"
VIEWER = "robot"


@dataclass
class Fault:
    """How the next requests go wrong.

    ``after`` requests pass first, then ``times`` are hit. ``writes_only`` leaves reading alone. With
    ``applied`` the request takes effect and only the answer goes wrong. ``huge`` bytes are sent as the
    body; ``drip`` is the pause in seconds after each byte of it; ``hang_up`` closes without an answer;
    ``hold`` waits for :meth:`LoopbackGitHub.stop`.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    kind: str = "application/json; charset=utf-8"
    after: int = 0
    times: int = 1_000_000
    writes_only: bool = False
    applied: bool = False
    huge: int = 0
    drip: float = 0.0
    hang_up: bool = False
    hold: bool = False


@dataclass
class StoredIssue:
    number: int
    title: str
    body: str = ""
    state: str = "open"
    labels: tuple[str, ...] = ()
    milestone: str = ""
    comments: list[tuple[str, str]] = field(default_factory=list)
    transferred_to: str = ""


@dataclass
class StoredPull:
    number: int
    title: str
    body: str
    head: str
    base: str
    head_owner: str
    draft: bool = False
    state: str = "open"
    merged: bool = False


@dataclass(frozen=True)
class Write:
    """A request that was to change something: ``comment``, ``issue``, ``pull``, ``edit`` or ``ready``."""

    kind: str
    number: int
    fields: dict[str, Any]


class LoopbackGitHub:
    """The repository ``octo/app`` and what happens to it; use it in a ``with`` statement."""

    def __init__(self) -> None:
        self.owner, self.name = "octo", "app"
        self.moved_to = ""
        self.has_drafts = True
        self.issues: dict[int, StoredIssue] = {}
        self.pulls: dict[int, StoredPull] = {}
        self.labels: set[str] = set()
        self.milestones: list[str] = []
        self.writes: list[Write] = []
        self.requests: list[str] = []
        self.authorizations: list[str] = []
        self.fault: Fault | None = None
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> LoopbackGitHub:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Answer nothing more; what is held or dripping ends too."""
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        if self._server.crashes:
            raise AssertionError(f"The loopback GitHub itself failed: {self._server.crashes}")

    def environment(self, config: Path) -> dict[str, str]:
        """What makes gh speak to us, as the user ``robot``, with an empty configuration of its own."""
        proxy = f"http://127.0.0.1:{self._server.server_address[1]}"
        token = {"GH_TOKEN": "x", "GH_ENTERPRISE_TOKEN": "x"}
        lower = {"http_proxy": proxy, "HTTP_PROXY": proxy, "no_proxy": "", "NO_PROXY": ""}
        return {"GH_HOST": HOST, "GH_CONFIG_DIR": str(config), **token, **lower}

    def add_issue(self, number: int, title: str, body: str = "", **more: Any) -> StoredIssue:
        issue = StoredIssue(number, title, body, **more)
        self.issues[number] = issue
        self.labels |= set(issue.labels)
        if issue.milestone and issue.milestone not in self.milestones:
            self.milestones.append(issue.milestone)
        return issue

    def add_pull(self, number: int, head: str, *, base: str = "main", **more: Any) -> StoredPull:
        fields = {"title": "A change", "body": "", "head_owner": self.owner, **more}
        self.pulls[number] = StoredPull(number, head=head, base=base, **fields)
        return self.pulls[number]

    def written(self, kind: str) -> list[Write]:
        return [write for write in self.writes if write.kind == kind]

    # What the handler calls.

    def next_fault(self, *, writes: bool) -> Fault | None:
        with self._lock:
            fault = self.fault
            if fault is None or fault.times <= 0 or (fault.writes_only and not writes):
                return None
            if fault.after > 0:
                fault.after -= 1
                return None
            fault.times -= 1
            return fault

    def wait(self, seconds: float | None) -> bool:
        """False when we are stopping."""
        return not self._stopping.wait(seconds)

    def answer(self, method: str, target: str, sent: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        with self._lock:
            url = urlsplit(target)
            self.requests.append(f"{method} {url.path}")
            if url.path == "/graphql":
                roots = {"query": self._query_root(), "mutation": self._mutation_root()}
                return 200, {}, execute(sent["query"], sent.get("variables") or {}, roots)
            if self.moved_to and url.path.startswith(f"/repos/{self.owner}/"):
                code = 301 if method == "GET" else 307
                moved = target.replace(f"{self.owner}/{self.name}", self.moved_to, 1)
                return code, {"Location": moved}, {}
            return self._rest(method, url.path, parse_qs(url.query), sent)

    def _rest(
        self, method: str, path: str, asked: dict[str, list[str]], sent: dict[str, Any]
    ) -> tuple[int, dict[str, str], Any]:
        for name in {f"{self.owner}/{self.name}", self.moved_to} - {""}:
            inside = path.removeprefix(f"/repos/{name}")
            for route, function in _ROUTES.items():
                verb, _, pattern = route.partition(" ")
                match = re.fullmatch(pattern, inside)
                if inside != path and verb == method and match:
                    numbers = [int(unquote(group)) for group in match.groups()]
                    return function(self, *numbers, asked=asked, sent=sent)
        return 404, {}, {"message": "Not Found"}

    def _post_comment(
        self, number: int, *, sent: dict[str, Any], **_: Any
    ) -> tuple[int, dict[str, str], Any]:
        self.writes.append(Write("comment", number, sent))
        if number not in self.issues:
            return 404, {}, {"message": "Not Found"}
        self.issues[number].comments.append((VIEWER, sent["body"]))
        return 201, {}, {"id": 1, "body": sent["body"]}

    def _patch_issue(self, number: int, *, sent: dict[str, Any], **_: Any) -> tuple[int, dict[str, str], Any]:
        self.writes.append(Write("issue", number, sent))
        found = self.issues.get(number) or self.pulls.get(number)
        if found is None:
            return 404, {}, {"message": "Not Found"}
        found.state = sent["state"]
        return 200, {}, {"number": number, "state": found.state}

    def _list_pulls(self, *, asked: dict[str, list[str]], **_: Any) -> tuple[int, dict[str, str], Any]:
        owner, _, branch = asked["head"][0].partition(":")
        found = [
            self._pull(pull)
            for pull in self.pulls.values()
            if (pull.head_owner, pull.head, pull.state) == (owner, branch, asked["state"][0])
        ]
        return 200, {}, found

    def _post_pull(self, *, sent: dict[str, Any], **_: Any) -> tuple[int, dict[str, str], Any]:
        self.writes.append(Write("pull", 0, sent))
        owner, _, branch = sent["head"].rpartition(":")
        owner = owner or self.owner
        if sent["draft"] and not self.has_drafts:
            return 422, {}, {"message": "Draft pull requests are not supported in this repository."}
        if [pull for pull in self.pulls.values() if (pull.head, pull.state) == (branch, "open")]:
            detail = {"message": f"A pull request already exists for {owner}:{branch}."}
            return 422, {}, {"message": "Validation Failed", "errors": [detail]}
        number = max([0, *self.issues, *self.pulls]) + 1
        fields = {key: sent[key] for key in ("title", "body", "draft", "base")}
        return 201, {}, self._pull(self.add_pull(number, branch, head_owner=owner, **fields))

    def _get_pull(self, number: int, **_: Any) -> tuple[int, dict[str, str], Any]:
        if number not in self.pulls:
            return 404, {}, {"message": "Not Found"}
        return 200, {}, self._pull(self.pulls[number])

    def _patch_pull(self, number: int, *, sent: dict[str, Any], **_: Any) -> tuple[int, dict[str, str], Any]:
        self.writes.append(Write("edit", number, sent))
        self.pulls[number].title, self.pulls[number].body = sent["title"], sent["body"]
        return 200, {}, self._pull(self.pulls[number])

    def _pull(self, pull: StoredPull) -> dict[str, Any]:
        full_name = self.moved_to or f"{self.owner}/{self.name}"
        return {
            "number": pull.number,
            "html_url": f"https://{HOST}/{full_name}/pull/{pull.number}",
            "state": pull.state,
            "draft": pull.draft,
            "title": pull.title,
            "body": pull.body or None,
            "node_id": f"PR_{pull.number}",
            "merged_at": "2026-01-01T00:00:00Z" if pull.merged else None,
            "head": {"ref": pull.head},
            "base": {"ref": pull.base, "repo": {"full_name": full_name}},
        }

    def _query_root(self) -> dict[str, Any]:
        return {"__typename": "Query", "repository": self._repository}

    def _repository(self, owner: str, name: str) -> dict[str, Any]:
        if (owner.lower(), name.lower()) != (self.owner, self.name):
            raise GraphQLError(
                f"Could not resolve to a Repository with the name '{owner}/{name}'.", "NOT_FOUND"
            )
        return {
            "__typename": "Repository",
            "nameWithOwner": self.moved_to or f"{self.owner}/{self.name}",
            "issueOrPullRequest": self._either,
            "label": self._label,
            "milestones": self._milestones,
            "milestone": lambda number: {
                "__typename": "Milestone",
                "issues": lambda **asked: self._issue_page(self.milestones[number - 1], **asked),
            },
            "issues": lambda **asked: self._issue_page("", **asked),
        }

    def _label(self, name: str) -> dict[str, Any] | None:
        found = [label for label in self.labels if label.lower() == name.lower()]
        return {"__typename": "Label", "name": found[0]} if found else None

    def _milestones(self, first: int, query: str) -> dict[str, Any]:
        words = query.lower().split()
        nodes = [
            {"__typename": "Milestone", "number": index, "title": title}
            for index, title in enumerate(self.milestones, 1)
            if any(word in title.lower() for word in words)
        ]
        return {"__typename": "MilestoneConnection", "nodes": nodes[:first]}

    def _issue_page(self, milestone: str, **asked: Any) -> dict[str, Any]:
        wanted = {label.lower() for label in asked["labels"] or []}
        chosen = [
            self._issue(issue)
            for _, issue in sorted(self.issues.items())
            if issue.state.upper() in asked["states"]
            and (not milestone or issue.milestone == milestone)
            and wanted <= {label.lower() for label in issue.labels}
        ]
        start = int(asked["after"] or 0)
        end = start + asked["first"]
        page = {"__typename": "PageInfo", "hasNextPage": end < len(chosen), "endCursor": str(end)}
        return {"__typename": "IssueConnection", "nodes": chosen[start:end], "pageInfo": page}

    def _either(self, number: int) -> dict[str, Any]:
        if number in self.issues:
            return self._issue(self.issues[number])
        if number in self.pulls:
            pull = self.pulls[number]
            url = f"https://{HOST}/{self.owner}/{self.name}/pull/{number}"
            return {
                "__typename": "PullRequest",
                "number": number,
                "title": pull.title,
                "url": url,
                **self._home(),
            }
        raise GraphQLError(
            f"Could not resolve to an issue or pull request with the number of {number}.", "NOT_FOUND"
        )

    def _home(self, full_name: str = "") -> dict[str, Any]:
        name = full_name or f"{self.owner}/{self.name}"
        return {"repository": {"__typename": "Repository", "nameWithOwner": name}}

    def _issue(self, issue: StoredIssue) -> dict[str, Any]:
        labels = [{"__typename": "Label", "name": name} for name in issue.labels]
        return {
            "__typename": "Issue",
            "number": issue.number,
            "title": issue.title,
            "body": issue.body,
            "state": issue.state.upper(),
            "url": f"https://{HOST}/{self.owner}/{self.name}/issues/{issue.number}",
            "labels": lambda first: {"__typename": "LabelConnection", "nodes": labels[:first]},
            "comments": lambda **asked: self._comments(issue, **asked),
            **self._home(issue.transferred_to),
        }

    def _comments(self, issue: StoredIssue, last: int, before: str | None) -> dict[str, Any]:
        end = len(issue.comments) if before is None else int(before)
        start = max(0, end - last)
        nodes = [
            {"__typename": "IssueComment", "body": text, "viewerDidAuthor": author == VIEWER}
            for author, text in issue.comments[start:end]
        ]
        page = {"__typename": "PageInfo", "hasPreviousPage": start > 0, "startCursor": str(start)}
        return {"__typename": "IssueCommentConnection", "nodes": nodes, "pageInfo": page}

    def _mutation_root(self) -> dict[str, Any]:
        return {"__typename": "Mutation", "markPullRequestReadyForReview": self._ready}

    def _ready(self, input: dict[str, str]) -> dict[str, Any]:  # noqa: A002 -- GitHub's name
        number = int(input["pullRequestId"].removeprefix("PR_"))
        self.writes.append(Write("ready", number, dict(input)))
        self.pulls[number].draft = False
        return {"__typename": "Payload", "pullRequest": {"__typename": "PullRequest", "isDraft": False}}


_ROUTES: dict[str, Callable[..., tuple[int, dict[str, str], Any]]] = {
    r"POST /issues/(\d+)/comments": LoopbackGitHub._post_comment,
    r"PATCH /issues/(\d+)": LoopbackGitHub._patch_issue,
    r"GET /pulls": LoopbackGitHub._list_pulls,
    r"POST /pulls": LoopbackGitHub._post_pull,
    r"GET /pulls/(\d+)": LoopbackGitHub._get_pull,
    r"PATCH /pulls/(\d+)": LoopbackGitHub._patch_pull,
}


class _Server(ThreadingHTTPServer):
    """Keeps what went wrong in it, so that a test can't take our own bug for GitHub's misbehaviour."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.crashes: list[BaseException] = []

    def handle_error(self, *_: object) -> None:
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError):
            self.crashes.append(error)


def _handler(github: LoopbackGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing: what a test wants to know is in ``requests`` and ``writes``."""

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = self.rfile.read(length) if length else self._chunks()
            sent = json.loads(content) if content else {}
            github.authorizations.append(self.headers.get("Authorization", ""))
            writes = self.command != "GET" and (
                not self.path.endswith("/graphql") or sent.get("query", "").lstrip().startswith("mutation")
            )
            fault = github.next_fault(writes=writes)
            if fault is None or fault.applied:
                status, headers, body = github.answer(self.command, self.path, sent)
            if fault is None:
                self._send(status, headers, json.dumps(body).encode(), "application/json; charset=utf-8")
            else:
                self._misbehave(fault)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 -- the base class's names

        def _chunks(self) -> bytes:
            """gh sends its standard input in chunks, as it doesn't know its length."""
            data = b""
            if self.headers.get("Transfer-Encoding") != "chunked":
                return data
            while size := int(self.rfile.readline(), 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return data

        def _send(
            self, status: int, headers: dict[str, str], body: bytes, kind: str, length: int = -1
        ) -> None:
            self.send_response_only(status)
            for name, value in {"Date": self.date_time_string(), "Content-Type": kind, **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if length < 0 else length))
            self.end_headers()
            self.wfile.write(body)

        def _misbehave(self, fault: Fault) -> None:
            self.close_connection = True
            if fault.hold:
                github.wait(None)
            if fault.hang_up or fault.hold:
                return
            try:
                if fault.huge:
                    self._flood(fault)
                elif fault.drip:
                    self._drip(fault)
                else:
                    self._send(fault.status, fault.headers, fault.body, fault.kind)
            except ConnectionError:
                return  # gh was ended while it was being answered

        def _flood(self, fault: Fault) -> None:
            self._send(fault.status, fault.headers, b"", fault.kind, fault.huge)
            piece = b'["' + b"x" * 65_532 + b'",'
            for _ in range(fault.huge // len(piece)):
                self.wfile.write(piece)

        def _drip(self, fault: Fault) -> None:
            self._send(fault.status, fault.headers, b"", fault.kind, len(fault.body))
            for byte in fault.body:
                if not github.wait(fault.drip):
                    return
                self.wfile.write(bytes([byte]))
                self.wfile.flush()

    return Handler
