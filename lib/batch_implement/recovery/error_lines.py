"""The lines of an output that tell why it failed, apart from all else that a program printed.

A test may be named for a time-out, print one while it runs, or show the code around it; only the lines
by which pytest, cargo, go, node, jest, mocha and vitest report a failure are looked at. Of other output,
every line that is not plainly something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

TAIL_LIMIT = 64 * 1024
LINE_LIMIT = 1000
LINES_LIMIT = 200
_REPORTED_LINES = 8  # after the heading of one failure

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CHAINED = ("During handling of the above exception", "The above exception was the direct cause")

_PYTEST = re.compile(r"^(?:E {3,}|FAILED \S|ERROR \S+(?: - |$)|={3,} (?:short test summary|FAILURES|ERRORS))")
_PYTEST_HEADING = re.compile(r"^_{3,} .{1,300} _{3,}$")
_PYTEST_ERROR = re.compile(r"^E\s{1,200}(\S.*)$")
_PYTEST_SUMMARY = re.compile(r"^(?:FAILED|ERROR) [^\n]{1,600}? - (.*)$")
_PYTEST_USAGE = re.compile(r"^ERROR: ")
_PANIC = re.compile(r"^thread '[^']{0,300}' (?:\(\d{1,20}\) )?panicked at ")
_GO_FAILED = re.compile(r"^\s{0,40}--- FAIL: ")
_GO_PLACE = re.compile(r"^\s{1,40}\w[\w.-]{0,200}\.go:\d{1,9}: (.*)$")
_TAP = re.compile(r"^\s{0,40}not ok \d")
_TAP_DETAIL = re.compile(r"^\s{1,40}(?:error|code|failureType|message): ")
_JS_HEADING = re.compile(r"^\s{0,20}(?:\u25cf |FAIL {1,4}\S|\d{1,5}\) )")
_JS_CODE = re.compile(r"^\s{0,10}>?\s{0,10}\d{1,6} \||^\s{0,20}at |^\s{0,20}\u276f ")
_JS_NAME = re.compile(r":\s{0,3}$")

_NOISE = re.compile(
    r"^\s{0,40}(?:"
    r"File \"|at \S|\u276f |\^|~~|-->|\d{0,6} \||\+ |hint: |PASS|\u2713|\u2714|ok \d|test .{1,300} \.\.\. "
    r"|=== RUN|--- (?:PASS|SKIP)"
    r"|npm (?:ERR!|error) "
    r"(?:network (?:This is a problem|In most cases|If you are|'proxy')|A complete log|\s{2,}at )"
    r"|[\w./-]{1,300}\.\w{1,4}::\S{1,300} (?:PASSED|FAILED|SKIPPED|ERROR)\b"
    r")"
)
_TEST_ID = re.compile(r"[\w./-]{1,300}\.\w{1,4}::\S{1,300}")  # and not Net::ReadTimeout
_PLACE = re.compile(
    r"^\s{0,40}[\w@.~+/-]{1,400}(?::\d{1,9}){1,2}(?::| -)? |^\s{0,40}[\w@.~+/-]{1,400}\(\d{1,9},\d{1,9}\): "
)


def before_the_last_exception(message: str) -> str:
    """What a traceback shows that led to its last exception, or nothing: a program's own may hide it."""
    return message[: max(message.rfind(words) for words in _CHAINED) + 1]


def error_lines(message: str) -> tuple[str, ...]:
    """The telling lines of the last 64 KB, in order, without test names and places in files."""
    lines = [
        line[:LINE_LIMIT] for line in _ESCAPE.sub("", message[-TAIL_LIMIT:]).splitlines() if line.strip()
    ]
    for reporter in _REPORTERS:
        found = [_cleaned(line) for line in reporter(lines)]
        if found:
            return tuple(found[-LINES_LIMIT:])
    return tuple(_cleaned(line) for line in _other(lines))[-LINES_LIMIT:]


def _pytest(lines: Sequence[str]) -> Iterator[str]:
    if not any(_PYTEST.match(line) for line in lines):
        return
    section: list[str] = []
    for line in lines:
        if _PYTEST_HEADING.match(line):
            yield from section
            section = []
        elif line.startswith(_CHAINED):
            section = []  # what follows is what the test failed with
        elif found := _PYTEST_ERROR.match(line) or _PYTEST_SUMMARY.match(line):
            section.append(found[1])
        elif _PYTEST_USAGE.match(line):
            section.append(line)
    yield from section


def _cargo_test(lines: Sequence[str]) -> Iterator[str]:
    for index, line in enumerate(lines):
        if found := _PANIC.match(line):
            yield "panicked at " + line[found.end() :]
            yield from (
                following for following in lines[index + 1 : index + 4] if not _PANIC.match(following)
            )


def _go_test(lines: Sequence[str]) -> Iterator[str]:
    if not any(_GO_FAILED.match(line) for line in lines):
        return
    yield "a go test failed"
    for line in lines:
        if found := _GO_PLACE.match(line):
            yield found[1]
        elif line.startswith("panic: "):
            yield line


def _tap(lines: Sequence[str]) -> Iterator[str]:
    if any(_TAP.match(line) for line in lines):
        yield from (line for line in lines if _TAP_DETAIL.match(line))


def _javascript(lines: Sequence[str]) -> Iterator[str]:
    """jest, vitest and mocha: what stands below the heading of a failure."""
    left = 0
    for line in lines:
        if _JS_HEADING.match(line):
            left = _REPORTED_LINES
            if "Test suite failed to run" in line:
                yield "test suite failed to run"
        elif left and not _JS_CODE.match(line) and not _JS_NAME.search(line):
            left -= 1
            yield line


def _other(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if line.startswith(_CHAINED):
            kept = []
        elif not _NOISE.match(line):
            kept.append(line)
    return kept


_REPORTERS: tuple[Callable[[Sequence[str]], Iterator[str]], ...] = (
    _pytest,
    _cargo_test,
    _go_test,
    _tap,
    _javascript,
)


def _cleaned(line: str) -> str:
    told = _TEST_ID.sub("", line)
    bare = _PLACE.sub("", told).strip()
    at_a_place = bare.startswith(("error", "fatal error")) and bare != told.strip()
    return f"in a source file: {bare}" if at_a_place else bare
