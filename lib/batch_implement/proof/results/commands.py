"""The commands that a step of a check leads to: through wrappers, package scripts, Makefiles, shell scripts.

Read, not run, so it is a guess; it decides which runners are expected to report, never what a test came to.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

from batch_implement.proof.results.base import program_of
from batch_implement.proof.results.wrappers import unwrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from batch_implement.proof.results.base import Command

_DEPTH = 5
_MOST = 300
_LARGEST = 256 * 1024
_SEPARATORS = re.compile(r"\A[|&;()<>]+\Z")
_VARIABLE = re.compile(r"\$[({]([A-Za-z_][A-Za-z0-9_]{0,60})[)}]")
_DEFINITION = re.compile(r"^([A-Za-z_][A-Za-z0-9_]{0,60})[ \t]{0,9}[:?]?=(.{0,500})$")
_RULE = re.compile(r"^([A-Za-z0-9_.][^:=#\t]{0,200}):(?![:=])(.{0,500})$")
_NPM_OWN = frozenset({"install", "i", "ci", "exec", "dlx", "add", "publish", "pack", "audit"})
_INCLUDED = re.compile(r"^[-s]?include[ \t]{1,9}(\S.{0,500})$", re.MULTILINE)
_QUOTED = re.compile(r"[\"']([^\"'\n]{1,200})[\"']")


def commands_of(argv: tuple[str, ...], root: Path) -> tuple[Command, ...]:
    """Every command that is seen to be started, without what wraps it; the step's own is the first."""
    found: dict[Command, None] = {}
    _follow(argv, root, _DEPTH, found)
    return tuple(found)


def _follow(argv: Command, root: Path, depth: int, found: dict[Command, None]) -> None:
    command = unwrapped(argv)
    if not command or command in found or len(found) >= _MOST:
        return
    found[command] = None
    if depth:
        for line in _lines_behind(command, root):
            for words in _split(line):
                _follow(words, root, depth - 1, found)


def _lines_behind(command: Command, root: Path) -> Iterator[str]:
    program = program_of(command)
    if reader := _READERS.get(program):
        yield from reader(command, root)
    elif command[0].startswith(("./", "../")) or command[0].endswith(".sh"):
        yield from _shell_script(command[0], root)


def _split(line: str) -> Iterator[Command]:
    """The commands of a line of shell; nothing of one that is not closed."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split = True
    words: list[str] = []
    try:
        for word in lexer:
            if _SEPARATORS.match(word):
                yield tuple(words)
                words = []
            else:
                words.append(word)
    except ValueError:
        return
    yield tuple(words)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""


def _package_scripts(command: Command, root: Path) -> Iterator[str]:
    try:
        scripts = json.loads(_text(root / "package.json")).get("scripts", {})
    except (ValueError, AttributeError, RecursionError):
        return
    words = [word for word in command[1:] if not word.startswith("-") and word not in {"run", "run-script"}]
    if not words or words[0] in _NPM_OWN or not isinstance(scripts, dict):
        return
    name = {"t": "test", "tst": "test"}.get(words[0], words[0])
    if name not in scripts and program_of(command) != "npm":
        # The others take the name of an installed program as well.
        yield shlex.join(command[command.index(words[0]) :])
    for script in (f"pre{name}", name, f"post{name}"):
        if isinstance(line := scripts.get(script), str):
            yield line


def _makefile(command: Command, root: Path) -> Iterator[str]:
    names = (
        ("GNUmakefile", "makefile", "Makefile") if program_of(command) != "just" else ("justfile", "Justfile")
    )
    text = next((text for name in names if (text := _text(root / name))), "").replace("\\\n", " ")
    included = [name for names in _INCLUDED.findall(text) for name in names.split()][:_MOST]
    yield from (f"include {shlex.quote(name)}" for name in included)
    text += "".join("\n" + _text(root / name).replace("\\\n", " ") for name in included)
    variables = {"MAKE": "make"}
    variables |= {
        match[1]: match[2].strip() for line in text.splitlines() if (match := _DEFINITION.match(line))
    }
    rules = _rules(text)
    wanted = [word for word in command[1:] if word in rules] or list(rules)[:1]
    seen: set[str] = set()
    while wanted:
        target = wanted.pop()
        if target in seen or target not in rules:
            continue
        seen.add(target)
        needed, lines = rules[target]
        wanted += needed
        for line in lines:
            yield _VARIABLE.sub(lambda match: variables.get(match[1], match[0]), line)


def _rules(text: str) -> dict[str, tuple[list[str], list[str]]]:
    """What each target needs, and the lines of its recipe."""
    rules: dict[str, tuple[list[str], list[str]]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(("\t", " ")):
            lines.append(line.strip().lstrip("@-+"))
        elif match := _RULE.match(line):
            lines = []
            for target in match[1].split():
                if not target.startswith("."):
                    rules[target] = (match[2].split(), lines)
    return rules


def _shell(command: Command, root: Path) -> Iterator[str]:
    words = command[1:]
    if words[:1] and words[0].startswith("-") and "c" in words[0]:
        yield from words[1:2]
    elif script := next((word for word in words if not word.startswith("-")), ""):
        yield from _shell_script(script, root)


def _shell_script(name: str, root: Path) -> Iterator[str]:
    text = _text(root / name).replace("\\\n", " ")
    first = text.partition("\n")[0]
    if not first.startswith("#!") or first.rstrip().endswith("sh"):
        yield from (line.strip() for line in text.splitlines() if not line.startswith("#"))


def _tox(_: Command, root: Path) -> Iterator[str]:
    """Every command of every environment: which of them run is not followed up."""
    for name in ("tox.ini", "setup.cfg"):
        for line in _text(root / name).splitlines():
            yield line.removeprefix("commands").lstrip(" \t=").removeprefix("-").strip()


def _nox(_: Command, root: Path) -> Iterator[str]:
    for line in _text(root / "noxfile.py").splitlines():
        if "run(" in line:
            yield " ".join(_QUOTED.findall(line))


_READERS: dict[str, Callable[[Command, Path], Iterator[str]]] = {
    **dict.fromkeys(("npm", "pnpm", "yarn", "bun"), _package_scripts),
    **dict.fromkeys(("make", "gmake", "just"), _makefile),
    **dict.fromkeys(("sh", "bash", "dash", "zsh"), _shell),
    "tox": _tox,
    "nox": _nox,
}
