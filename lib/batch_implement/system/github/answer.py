"""What gh printed for one API call, read into an answer or into the error it means.

Everything here is pure: the input is the finished program, the output a value or an exception.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from batch_implement.system.github.errors import Failure, GitHubCallError
from batch_implement.system.text.cleaning import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.json_types import JsonMapping, JsonObject
    from batch_implement.system.process.program import Finished

_SAID = 200
_HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"
_UNKNOWN_REPOSITORY = (
    "has no such repository, or this login can't see it. Check `git remote -v` and `gh auth status`"
)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: status, header fields in lower case, and the parsed JSON body."""

    status: int
    headers: Mapping[str, str]
    body: Any


def read_answer(finished: Finished, call: str) -> Answer:
    """The answer to ``gh api --include``; ``call`` says what was asked, for the error's sentence.

    Raises :class:`GitHubCallError` for everything that is not a success with a JSON body.
    """
    if finished.timed_out:
        raise GitHubCallError(
            Failure.TIMED_OUT,
            f"GitHub did not finish answering in {finished.seconds:.0f} seconds ({call}). Try again later.",
        )
    if finished.truncated:
        raise GitHubCallError(
            Failure.INVALID_ANSWER,
            f"GitHub's answer is larger than we take in ({call}). "
            "Ask for fewer issues at once, and check what answers for GitHub here (a proxy?).",
        )
    status, headers, content = _split(finished.stdout)
    if status == 0:
        raise _no_answer(finished, call)
    body, is_json = _parse(content)
    if status >= 300:
        raise _http_error(status, headers, _message(body), call)
    if not is_json:
        raise _not_json(status, headers, content, call)
    return Answer(status, headers, body)


def read_graphql(finished: Finished, call: str) -> JsonObject:
    """The ``data`` of a GraphQL answer; a thing that was not found in it is None, not an error."""
    answer = read_answer(finished, call)
    body = answer.body if isinstance(answer.body, dict) else {}
    data, errors = body.get("data"), body.get("errors")
    serious = [error for error in _dicts(errors) if error.get("type") != "NOT_FOUND"]
    if serious:
        raise _graphql_error(serious[0], answer, call)
    if not isinstance(data, dict):
        raise GitHubCallError(
            Failure.INVALID_ANSWER, f"GitHub's answer holds no data ({call}). Try again later."
        )
    if "repository" in data and data["repository"] is None:
        raise GitHubCallError(Failure.NO_REPOSITORY, f"GitHub {_UNKNOWN_REPOSITORY} ({call}).")
    return data


def _split(stdout: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, content = stdout.partition(b"\r\n\r\n")
    first, *lines = head.decode("utf-8", "replace").splitlines() or [""]
    words = first.split()
    if len(words) < 2 or not words[0].startswith("HTTP/") or not _is_number(words[1]):
        return 0, {}, stdout
    fields = (line.partition(":") for line in lines)
    return int(words[1]), {name.strip().lower(): value.strip() for name, _, value in fields}, content


def _parse(content: bytes) -> tuple[Any, bool]:
    """The JSON value and whether it is one. Numbers too long for Python and deep nesting are none."""
    if not content.strip():
        return None, False
    try:
        return json.loads(content), True
    except (ValueError, RecursionError):
        return None, False


def _http_error(status: int, headers: Mapping[str, str], said: str, call: str) -> GitHubCallError:
    quoted = f": “{said}”" if said else ""
    if status == 401:
        return _logged_out(f"GitHub does not accept gh's login ({call}){quoted}.", status)
    if status in {403, 429} and _is_limit(status, headers, said):
        return _rate_limited(status, headers, said, call)
    if status in {403, 451}:
        return GitHubCallError(
            Failure.FORBIDDEN,
            f"GitHub refused access ({call}){quoted}. "
            "Check that the account of `gh auth status` may write to the repository.",
            status=status,
        )
    if status in {404, 410}:
        return GitHubCallError(
            Failure.NOT_FOUND, f"GitHub has nothing there ({call}){quoted}.", status=status
        )
    if status >= 500:
        return GitHubCallError(
            Failure.SERVER,
            f"GitHub failed with HTTP {status} ({call}){quoted}. Try again later.",
            status=status,
        )
    return GitHubCallError(
        Failure.REFUSED, f"GitHub refused with HTTP {status} ({call}){quoted}.", status=status
    )


def _is_limit(status: int, headers: Mapping[str, str], said: str) -> bool:
    return (
        status == 429
        or "retry-after" in headers
        or headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in said.lower()
    )


def _rate_limited(status: int, headers: Mapping[str, str], said: str, call: str) -> GitHubCallError:
    retry_after = _limit_ends_in(headers)
    which = (
        "a secondary limit for too many calls in a short time" if "secondary" in said.lower() else "its limit"
    )
    when = (
        f"in {retry_after:.0f} seconds" if retry_after is not None else "later; `gh api rate_limit` says when"
    )
    return GitHubCallError(
        Failure.RATE_LIMITED,
        f"GitHub is answering no more calls for now, by {which} ({call}). Try again {when}.",
        status=status,
        retry_after=retry_after,
    )


def _limit_ends_in(headers: Mapping[str, str]) -> float | None:
    """Seconds until the limit ends, by GitHub's clock and not by ours."""
    if _is_number(headers.get("retry-after", "")):
        return float(headers["retry-after"])
    now = _date(headers.get("date", ""))
    resets = headers.get("x-ratelimit-remaining") == "0" and _is_number(headers.get("x-ratelimit-reset", ""))
    return max(0.0, float(headers["x-ratelimit-reset"]) - now) if resets and now is not None else None


def _date(value: str) -> float | None:
    try:
        return datetime.strptime(value, _HTTP_DATE).replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12


def _graphql_error(error: JsonMapping, answer: Answer, call: str) -> GitHubCallError:
    kind, said = str(error.get("type", "")), one_line(str(error.get("message", "")), _SAID)
    if kind in {"RATE_LIMITED", "RATE_LIMIT"} or "rate limit" in said.lower():
        return _rate_limited(answer.status, answer.headers, said, call)
    if kind in {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        return _http_error(403, {}, said, call)
    return GitHubCallError(Failure.REFUSED, f"GitHub refused ({call}): “{said}”.", status=answer.status)


def _no_answer(finished: Finished, call: str) -> GitHubCallError:
    said = one_line(finished.error_text[-2000:], _SAID)
    # gh's exit status 4 is documented: a login is needed.
    if finished.returncode == 4 or "gh auth login" in said:
        return _logged_out(f"gh is not logged in ({call}).", 0)
    return GitHubCallError(
        Failure.NETWORK, f"GitHub can't be reached ({call}): {said or 'gh said nothing'}. Check the network."
    )


def _logged_out(what: str, status: int) -> GitHubCallError:
    return GitHubCallError(Failure.LOGGED_OUT, f"{what} Run `gh auth login`, then try again.", status=status)


def _not_json(status: int, headers: Mapping[str, str], content: bytes, call: str) -> GitHubCallError:
    kind = one_line(headers.get("content-type", "").partition(";")[0], 40)
    what = (
        f"“{kind}” instead of JSON" if kind and "json" not in kind else "JSON that breaks off or is damaged"
    )
    if not content.strip() and "json" not in kind:
        what = "an empty page"
    return GitHubCallError(
        Failure.INVALID_ANSWER,
        f"What answers for GitHub sent {what} ({call}). "
        "Check for a proxy or a sign-in page of the network, then try again.",
        status=status,
    )


def _message(body: Any) -> str:
    """GitHub's own words for a refusal, with the first of its details."""
    if not isinstance(body, dict):
        return ""
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else ""
    detail = first.get("message", "") if isinstance(first, dict) else first
    return one_line(f"{body.get('message', '')} {detail or ''}", _SAID)


def _dicts(value: Any) -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
