"""What gh printed for one API call, read into an answer or into the error it means.

Everything here is pure: the input is the finished program, the output a value or an exception.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from batch_implement.json_types import JsonObject
from batch_implement.system.github.errors import Failure, GitHubCallError
from batch_implement.system.process.program import Finished
from batch_implement.system.text.cleaning import one_line

_SAID = 200
_HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"
_LATER = "Try again later."
_LOGIN = "Run `gh auth login`, then try again."
_NO_ACCESS = (
    Failure.FORBIDDEN,
    "GitHub refused access",
    "Check that the account of `gh auth status` may write to the repository.",
)
_NOTHING = (Failure.NOT_FOUND, "GitHub has nothing there", "")
_BY_STATUS = {
    401: (Failure.LOGGED_OUT, "GitHub does not accept gh's login", _LOGIN),
    403: _NO_ACCESS,
    451: _NO_ACCESS,
    404: _NOTHING,
    410: _NOTHING,
}


def read_answer(finished: Finished, call: str) -> Any:
    """The JSON that ``gh api --include`` was answered with; ``call`` says what was asked, for the error.

    Raises :class:`GitHubCallError` for everything that is not a success with a JSON body.
    """
    return _answer(finished, call)[0]


def read_graphql(finished: Finished, call: str) -> JsonObject:
    """The ``data`` of a GraphQL answer; a thing that was not found in it is None, not an error."""
    body, headers = _answer(finished, call)
    found = body if isinstance(body, dict) else {}
    errors = [error for error in _list(found.get("errors")) if isinstance(error, dict)]
    for error in errors:
        if error.get("type") != "NOT_FOUND":
            raise _graphql_error(error, headers, call)
    data = found.get("data")
    if not isinstance(data, dict):
        raise _error(Failure.INVALID_ANSWER, "GitHub's answer holds no data", call, advice=_LATER)
    if "repository" in data and data["repository"] is None:
        what = "GitHub has no such repository, or this login can't see it"
        advice = "Check `git remote -v` and `gh auth status`."
        raise _error(Failure.NO_REPOSITORY, what, call, advice=advice)
    return data


def _answer(finished: Finished, call: str) -> tuple[Any, Mapping[str, str]]:
    if finished.timed_out:
        what = f"GitHub did not finish answering in {finished.seconds:.0f} seconds"
        raise _error(Failure.TIMED_OUT, what, call, advice=_LATER)
    if finished.truncated:
        advice = "Ask for fewer issues at once, and check what answers for GitHub here (a proxy?)."
        what = "GitHub's answer is larger than we take in"
        raise _error(Failure.INVALID_ANSWER, what, call, advice=advice)
    status, headers, content = _split(finished.stdout)
    if status == 0:
        raise _no_answer(finished, call)
    try:
        body, is_json = json.loads(content), True
    except (ValueError, RecursionError):  # numbers too long for Python, deep nesting
        body, is_json = None, False
    if status >= 300:
        raise _http_error(status, headers, _message(body), call)
    if not is_json:
        raise _not_json(headers, content, call)
    return body, headers


def _error(failure: Failure, what: str, call: str, said: str = "", advice: str = "") -> GitHubCallError:
    quoted = f": “{said}”" if said else ""
    return GitHubCallError(failure, f"{what} ({call}){quoted}. {advice}".rstrip())


def _split(stdout: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, header fields in lower case, content; status 0 where it is no HTTP."""
    head, _, content = stdout.partition(b"\r\n\r\n")
    first, *lines = head.decode("utf-8", "replace").splitlines() or [""]
    words = first.split()
    if len(words) < 2 or not words[0].startswith("HTTP/") or not _is_number(words[1]):
        return 0, {}, stdout
    fields = (line.partition(":") for line in lines)
    return int(words[1]), {name.strip().lower(): value.strip() for name, _, value in fields}, content


def _http_error(status: int, headers: Mapping[str, str], said: str, call: str) -> GitHubCallError:
    if status == 429 or (status == 403 and _is_limit(headers, said)):
        return _rate_limited(headers, said, call)
    if status in _BY_STATUS:
        failure, what, advice = _BY_STATUS[status]
        return _error(failure, what, call, said, advice)
    if status >= 500:
        return _error(Failure.SERVER, f"GitHub failed with HTTP {status}", call, said, _LATER)
    return _error(Failure.REFUSED, f"GitHub refused with HTTP {status}", call, said)


def _is_limit(headers: Mapping[str, str], said: str) -> bool:
    used_up = headers.get("x-ratelimit-remaining") == "0"
    return used_up or "retry-after" in headers or "rate limit" in said.lower()


def _rate_limited(headers: Mapping[str, str], said: str, call: str) -> GitHubCallError:
    seconds = _limit_ends_in(headers)
    secondary = "secondary" in said.lower()
    which = "a secondary limit for too many calls in a short time" if secondary else "its limit"
    when = "later; `gh api rate_limit` says when" if seconds is None else f"in {seconds:.0f} seconds"
    what = f"GitHub is answering no more calls for now, by {which}"
    return _error(Failure.RATE_LIMITED, what, call, advice=f"Try again {when}.")


def _limit_ends_in(headers: Mapping[str, str]) -> float | None:
    """Seconds until the limit ends, by GitHub's clock and not by ours."""
    if _is_number(headers.get("retry-after", "")):
        return float(headers["retry-after"])
    resets = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") != "0" or not _is_number(resets):
        return None
    try:
        now = datetime.strptime(headers.get("date", ""), _HTTP_DATE).replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    return max(0.0, float(resets) - now.timestamp())


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12


def _graphql_error(error: JsonObject, headers: Mapping[str, str], call: str) -> GitHubCallError:
    kind, said = str(error.get("type", "")), one_line(str(error.get("message", "")), _SAID)
    if kind in {"RATE_LIMITED", "RATE_LIMIT"} or "rate limit" in said.lower():
        return _rate_limited(headers, said, call)
    if kind in {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        return _http_error(403, {}, said, call)
    return _error(Failure.REFUSED, "GitHub refused", call, said)


def _no_answer(finished: Finished, call: str) -> GitHubCallError:
    said = one_line(finished.error_text[-2000:], _SAID)
    # gh's exit status 4 is documented: a login is needed.
    if finished.returncode == 4 or "gh auth login" in said:
        return _error(Failure.LOGGED_OUT, "gh is not logged in", call, advice=_LOGIN)
    said = said or "gh said nothing"
    return _error(Failure.NETWORK, "GitHub can't be reached", call, said, "Check the network.")


def _not_json(headers: Mapping[str, str], content: bytes, call: str) -> GitHubCallError:
    kind = one_line(headers.get("content-type", "").partition(";")[0], 40)
    what = "JSON that breaks off or is damaged"
    if "json" not in kind and not content.strip():
        what = "an empty page"
    elif "json" not in kind and kind:
        what = f"“{kind}” instead of JSON"
    advice = "Check for a proxy or a sign-in page of the network, then try again."
    return _error(Failure.INVALID_ANSWER, f"What answers for GitHub sent {what}", call, advice=advice)


def _message(body: Any) -> str:
    """GitHub's own words for a refusal, with the first of its details."""
    if not isinstance(body, dict):
        return ""
    first = next(iter(_list(body.get("errors"))), "")
    detail = first.get("message", "") if isinstance(first, dict) else first
    return one_line(f"{body.get('message', '')} {detail or ''}", _SAID)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
