"""What an edit of a configuration file takes from the checks: lines that went, new ones that narrow.

Each judgement is a list of line numbers and phrases. Blank lines, comments and layout don't count.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batch_implement.proof.stricter import does_more, is_stricter, numbers_are_stricter

if TYPE_CHECKING:
    from collections.abc import Callable

Judgement = list[tuple[int, str]]
QUOTED = 120

# Words by which a line makes a check look at less or forgive more.
NARROWING = re.compile(
    r"ignore|exclude|deselect|skip|xfail|testpaths|norecurse|python_(?:files|classes|functions)|maxfail"
    r"|\bbail\b|passWithNoTests|pass_with_no_tests|testMatch|testRegex|continue-on-error|allow_failure"
    r"|\|\| *(?:true|:|exit 0)|\bset \+e|\bexit 0|if: *false|\s-k[ =]|(?:pytest|addopts)\b.*\s-m[ =]"
    r"|\.only\b|\bonly:|only-?changed|pytest_collection_modify|test *= *false|\bgrep|retries|no-verify",
    re.IGNORECASE,
)
# Settings of pytest that add no leniency, whatever their value.
_HARMLESS = re.compile(
    r"markers|pythonpath|minversion|required_plugins|asyncio_\w+|log_\w+|junit_\w+|cache_dir|console_output_style"
)
_COMMENT = ("#", ";", "//")
# As words of their own: "checkout" is no check, and "latest" no test.
_CI_CHECK = re.compile(
    r"(?<![a-z])(?:py|unit|vi|c|doc|go)?tests?(?![a-z])|jest|phpunit|(?<![a-z])(?:type)?check(?:s|er)?(?![a-z])"
    r"|lint|(?<![a-z])r?spec(?![a-z])|verify|tox|nox|mypy|ruff|clippy|\bvet\b|\.ci/|(?:\A|\s)id:",
    re.IGNORECASE,
)
_THRESHOLD = re.compile(r"fail_under|threshold", re.IGNORECASE)
_TEXT_BLOCK = re.compile(r"(\"{3}|'{3})")
_PAIR = re.compile(r"\A([\w.-]{1,100}|\"[^\"]{1,100}\") ?[=:](.*)")


def any_edit(before: str, after: str) -> Judgement:
    """Every line that is gone, and the new ones that narrow."""
    return _gone(before, after, lambda _: True) + narrowing_edit(before, after)


def ci_edit(before: str, after: str) -> Judgement:
    """Lines with a check that are gone, and new ones that narrow; a new job is neither."""
    return _gone(before, after, lambda line: bool(_CI_CHECK.search(line))) + narrowing_edit(before, after)


def narrowing_edit(before: str, after: str) -> Judgement:
    """The new lines that narrow, and thresholds that ask for less."""
    known, kept = set(_lines(before).values()), set(_lines(after).values())
    thresholds = [line for line in known - kept if _THRESHOLD.search(line)]
    return [
        (number, f"a new line makes the checks look at less: {line[:QUOTED]}")
        for number, line in _lines(after).items()
        if line not in known and (NARROWING.search(line) or _asks_for_less(line, thresholds))
    ]


def _asks_for_less(line: str, thresholds: list[str]) -> bool:
    """Whether it takes the place of one of the lines with a threshold that went, and is not stricter."""
    return (
        _THRESHOLD.search(line) is not None
        and bool(thresholds)
        and not any(numbers_are_stricter(gone, line) for gone in thresholds)
    )


def without_docstrings(text: str) -> str:
    """Python's texts of several lines are words for people; lines stay where they are."""
    kept, closer = [], ""
    for part in _TEXT_BLOCK.split(text):
        if _TEXT_BLOCK.fullmatch(part) and closer in {"", part}:
            closer = "" if closer else part
        else:
            kept.append("\n" * part.count("\n") if closer else part)
    return "".join(kept)


def _gone(before: str, after: str, counts: Callable[[str], bool]) -> Judgement:
    kept = set(_lines(after).values())
    return [
        (number, f"a line of the checks was changed or removed: {line[:QUOTED]}")
        for number, line in _lines(before).items()
        if line not in kept and counts(line) and not any(_is_better(line, new) for new in kept)
    ]


def _is_better(line: str, new: str) -> bool:
    return numbers_are_stricter(line, new) or does_more(line, new)


def by_section(before: str, after: str, relevant: Callable[[str], bool]) -> Judgement:
    """Settings of the relevant sections that changed or went, and new ones that narrow."""
    old, new = (_settings(text, relevant) for text in (before, after))
    found = []
    for key, (number, value) in old.items():
        now = new.get(key)
        is_kept = now is not None and (now[1] == value or is_stricter(key[1], value, now[1]))
        if not _HARMLESS.fullmatch(key[1]) and not is_kept:
            change = "removed" if now is None else "changed"
            found.append((now[0] if now else number, f"[{key[0]}] {key[1]} was {change}: {value[:QUOTED]}"))
    for key, (number, value) in new.items():
        if key not in old and not _HARMLESS.fullmatch(key[1]) and NARROWING.search(f"{key[1]} = {value}"):
            found.append((number, f"[{key[0]}] {key[1]} makes the checks look at less: {value[:QUOTED]}"))
    return found


def _settings(text: str, relevant: Callable[[str], bool]) -> dict[tuple[str, str], tuple[int, str]]:
    """``(section, key)`` to line and value, of TOML and INI alike; values in words, layout ignored."""
    settings: dict[tuple[str, str], tuple[int, str]] = {}
    section, key = "", None
    indented = {number for number, line in enumerate(text.splitlines(), 1) if line[:1].isspace()}
    for number, line in _lines(text).items():
        header = re.fullmatch(r"\[([^=]{1,200})\]\s*", line)
        if header:
            section, key = header[1].strip(), None
            continue
        if not relevant(section):
            continue
        pair = _PAIR.match(line)
        if pair and (key is None or number not in indented):
            key = (section, pair[1])
            settings[key] = (number, " ".join(pair[2].split()))
        elif key is not None:
            first, value = settings[key]
            settings[key] = (first, f"{value} {' '.join(line.split())}".strip())
    return settings


def _lines(text: str) -> dict[int, str]:
    """Numbered lines without blank ones and comments, stripped."""
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return {number: line for number, line in lines if line and not line.startswith(_COMMENT)}
