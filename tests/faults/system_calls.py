"""A program run under strace: which system calls it makes, and what it does when one of them fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.batch_projects import program

if TYPE_CHECKING:
    from pathlib import Path

# What touches files; the rest of a program's calls are Python's own.
CALLS = (
    "openat,read,pread64,write,writev,pwrite64,fsync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,"
    "mkdirat,flock,fstat,newfstatat,close,getdents64"
)
_MARKER = "/the-change-begins-here"
_LINE = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)")

# The state is opened first, so that only the change itself comes after the marker.
CHANGES = {
    "create": """
        from batch_implement.model.batch import Batch
        from batch_implement.model.feature import Feature
        features = tuple(Feature(id=text, text=text) for text in "abc")
        batch = Batch(batch_id="batch-1", features_file="", features=features, context_token_estimate=2)
        begin()
        state.create(batch)
        """,
    "update": """
        begin()
        state.update(completed(1, tokens=1))
        """,
    "recovery": """
        sys.path += [PACKAGES]
        from batch_implement.state import schema
        schema.validate(state.document(), "")  # what it loads belongs to no change
        begin()
        state.update(completed(1, tokens=1))
        """,
    "save": """
        fields = {**state.document(), "context_token_estimate": 2}
        begin()
        state.save(fields)
        """,
    "archive": """
        from batch_implement.state import past_batches  # what it loads belongs to no change
        begin()
        state.archive()
        """,
    "restore": """
        begin()
        state.restore("batch-1")
        """,
    "remove": """
        begin()
        state.remove()
        """,
}


@dataclass(frozen=True)
class Call:
    """``number`` counts the calls of that name from the program's start, as strace's ``when`` does."""

    name: str
    number: int
    arguments: str
    result: int


def require_strace() -> None:
    """Skip where strace can't be used, but never in the continuous integration."""
    found = shutil.which("strace")
    if found is not None:
        tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False, capture_output=True)
        if tried.returncode == 0:
            return
    reason = "strace is missing or not allowed here, so NO FAILING SYSTEM CALL IS TRIED. Install strace."
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _program(change: str, path: Path) -> list[str]:
    packages = os.path.dirname(os.path.dirname(pytest.__file__))  # noqa: PTH120 -- a text for the program
    code = f"""
def begin():
    try:
        os.stat({_MARKER!r})
    except FileNotFoundError:
        pass

PACKAGES = {packages!r}
try:
"""
    body = CHANGES[change].replace("\n        ", "\n    ")
    code += body + "\nexcept BatchImplementError as error:\n    sys.exit(str(error))\n"
    return program(code + 'os.write(1, b"ok")\n', path)


def trace(change: str, path: Path, log: Path) -> list[Call]:
    """The calls of one change, up to the word that it is done."""
    command = ["strace", "-f", "-qq", "-y", "-s", "1000000", "-o", str(log), "-e", f"trace={CALLS}"]
    finished = subprocess.run([*command, *_program(change, path)], check=False, capture_output=True)
    assert finished.stdout == b"ok", finished.stderr
    counts: dict[str, int] = {}
    calls: list[Call] = []
    begun = False
    for line in log.read_text(errors="replace").splitlines():
        matched = _LINE.match(line)
        if matched is None:
            continue
        name, arguments, result = matched.groups()
        counts[name] = counts.get(name, 0) + 1
        if begun:
            calls.append(Call(name, counts[name], arguments, int(result)))
        begun = begun or _MARKER in arguments
        if name == "write" and '"ok"' in arguments:
            return calls
    raise AssertionError(f"the change did not end: {line}")


def run_with(change: str, path: Path, injection: str) -> subprocess.CompletedProcess[str]:
    """Make a change while strace does something to one of its calls, such as ``fsync:error=EIO:when=2``."""
    name = injection.partition(":")[0]
    # With seccomp it is several times as fast, but then sends no signals.
    fast = [] if "signal=" in injection else ["--seccomp-bpf"]
    command = ["strace", "-f", *fast, "-qq", "-o", os.devnull]
    options = ["-e", f"trace={name}", "-e", f"inject={injection}"]
    return subprocess.run(
        [*command, *options, *_program(change, path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
