"""What stands before a program on a command line and starts it: ``uv run``, ``npx``, ``timeout 60``."""

from __future__ import annotations

import re

from batch_implement.proof.results.base import program_of

_ASSIGNMENT = re.compile(r"\A[A-Za-z_][A-Za-z0-9_]*=")

# The words that a wrapper is called by, and its options that are followed by a value.
_WITH_VALUE: dict[tuple[str, ...], set[str]] = {
    ("env",): {"-u", "-C", "--unset", "--chdir"},
    ("uv", "run"): {
        "--with",
        "--extra",
        "--group",
        "-p",
        "--python",
        "--project",
        "--directory",
        "--env-file",
    },
    ("poetry", "run"): set(),
    ("pipenv", "run"): set(),
    ("pdm", "run"): {"-p", "--project"},
    ("rye", "run"): set(),
    ("hatch", "run"): set(),
    ("uvx",): {"--with", "--from", "-p", "--python"},
    ("pipx", "run"): {"--spec"},
    ("npx",): {"-p", "--package", "-w", "--workspace"},
    ("npm", "exec"): {"-p", "--package", "-w", "--workspace"},
    ("pnpm", "exec"): {"-C", "--dir", "--filter", "-F"},
    ("pnpm", "dlx"): set(),
    ("yarn", "exec"): set(),
    ("yarn", "dlx"): set(),
    ("bunx",): set(),
    ("c8",): {"-r", "--reporter", "-o", "--reports-dir", "-x", "--exclude", "-n", "--include"},
    ("nyc",): {"--reporter", "--report-dir", "--exclude", "--include"},
    ("cross-env",): set(),
    ("bundle", "exec"): set(),
    ("xvfb-run",): {"-s", "--server-args", "-n"},
    ("nice",): {"-n"},
    ("ionice",): {"-c", "-n"},
    ("time",): set(),
    ("exec",): set(),
    ("command",): set(),
    ("timeout",): {"-k", "-s", "--kill-after", "--signal"},
}
_AS_MODULES = frozenset({"coverage", "uv", "poetry", "pipenv", "pdm", "hatch", "tox", "nox"})
_ARGUMENTS: dict[tuple[str, ...], int] = {("timeout",): 1}


def unwrapped(command: tuple[str, ...]) -> tuple[str, ...]:
    """The command that is started in the end, as far as the words alone tell."""
    for _ in range(10):
        shorter = _without_one(command)
        if shorter == command:
            break
        command = shorter
    return command


def _without_one(command: tuple[str, ...]) -> tuple[str, ...]:
    if command and _ASSIGNMENT.match(command[0]):
        return command[1:]
    if program_of(command).startswith("python") and command[1:2] == ("-m",):
        return command[2:] if command[2:3] and command[2] in _AS_MODULES else command
    for length in (2, 1):
        called = (program_of(command), *command[1:length])
        if len(called) == length and called in _WITH_VALUE:
            return _after_options(command[length:], _WITH_VALUE[called])[_ARGUMENTS.get(called, 0) :]
    return command


def _after_options(words: tuple[str, ...], with_value: set[str]) -> tuple[str, ...]:
    while words and words[0].startswith("-"):
        if words[0] == "--":
            return words[1:]
        words = words[2 if words[0] in with_value else 1 :]
    return words
