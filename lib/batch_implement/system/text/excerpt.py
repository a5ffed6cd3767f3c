"""What of a program's long output tells why it failed, for who has to read it."""

from __future__ import annotations

import re

from batch_implement.system.text.cleaning import clean_block

_TELLS = re.compile(
    r"(?i)\b(?:fail(?:ed|ures?|ing|s)?|errors?|\w*Error|\w*Exception|panicked|panic|assert\w*|expected|not ok"
    r"|undefined|cannot|traceback|refused|denied|missing)\b|^E\s{2}|[✗✕\u00d7✖]"
)
# A test that passed, whatever it is called; a summary without a failure.
_PASSED = re.compile(
    r"(?:\.\.\. ok|\bPASS(?:ED)?\b.{0,10}|\bok)$|^(?:[✓✔]|ok \d|PASS\b)|\b0 (?:failed|errors?)\b"
)
_LAST = 5
_GAP = "…"


def what_failed(output: str, limit: int) -> str:
    """The output without terminal sequences; of a long one the telling lines, each with the one below it, and
    the last ones. At most ``limit`` characters, of the end."""
    text = clean_block(output).strip()
    if len(text) <= limit:
        return text
    lines = text.split("\n")
    chosen = {at + more for at, line in enumerate(lines) if _is_telling(line) for more in (0, 1)}
    chosen |= set(range(len(lines) - _LAST, len(lines)))
    kept: list[str] = []
    length = 0
    last = len(lines)
    for at in sorted((at for at in chosen if 0 <= at < len(lines)), reverse=True):
        gap = [_GAP] if at < last - 1 else []
        line = lines[at][-limit:]
        length += len(line) + 1 + sum(map(len, gap)) + len(gap)
        if length + len(_GAP) > limit:
            break
        kept += [*gap, line]
        last = at
    return "\n".join([*([_GAP] if last else []), *reversed(kept)])[-limit:]


def last_words(output: str, limit: int) -> str:
    """One line of the last telling words, or of the last ones at all."""
    lines = clean_block(output).split("\n")
    told = " ".join(" ".join([line for line in lines if _is_telling(line)] or lines).split())
    return told if len(told) <= limit else f"…{told[-limit:].partition(' ')[2] or told[-limit:]}"


def _is_telling(line: str) -> bool:
    return bool(_TELLS.search(line)) and not _PASSED.search(line.strip())
