"""Which issue a feature's text says it closes, if any.

Closing the wrong issue is worse than leaving one open, so a mention next to a word like "see", "related
to" or "in" closes nothing, and neither does anything of another repository.
"""

from __future__ import annotations

import re

_READ = 10_000

_REFERENCE = r"(?:issue ?#?|gh-|#)(?P<number>[1-9][0-9]{0,8})(?![\w/-]|\.[0-9])"
_CLOSING = re.compile(
    rf"(?<![\w/.-])(?:close[sd]?|closing|fix(?:e[sd])?|fixing|resolve[sd]?|resolving):? {_REFERENCE}",
    re.IGNORECASE,
)
# "issue 72" and "GH-72" may stand anywhere.
_NAMED = re.compile(
    r"(?<![\w/.#-])(?:issue ?#?|gh-)(?P<number>[1-9][0-9]{0,8})(?![\w/-]|\.[0-9])", re.IGNORECASE
)
# "#72" only at the end, in parentheses or not, or as the whole text.
_AT_END = re.compile(r"(?<![\w/.#-])#(?P<number>[1-9][0-9]{0,8})$")

# Before a closing word: what takes it back.
_TAKES_BACK = """
not never no cannot can't won't don't doesn't didn't isn't without partially partly may might could would
should almost nearly unless before until
"""
# Before a plain reference: words after which it is a mention, or a part, and not the thing to be done.
_MENTIONS_ONLY = """
see also cf re ref refs reference references referencing related relates relating to part of from in on by
with like as than via per since after before until under within into toward towards about against around not
no unlike without and or between during despite due duplicate duplicates follow followup follows following
mention mentions mentioned requires require required needs need uses use using depends depend blocked blocks
supersedes reverts revert reopen reopens reopened
"""
_NEGATIONS = frozenset(_TAKES_BACK.split())
_MENTIONS = frozenset(_MENTIONS_ONLY.split())


def closing_issue(text: str) -> int | None:
    """The number of the issue that the text closes.

    "closes", "fixes", "resolves" (and their forms) before ``#72``, ``GH-72`` or ``issue 72`` count
    anywhere; ``issue 72`` and ``GH-72`` without such a word unless they are only mentioned; ``#72`` at the
    end, alone or in parentheses. The first that counts is taken.
    """
    line = " ".join(text[:_READ].replace("\u2019", "'").split())
    closing = list(_CLOSING.finditer(line))
    for match in closing:
        if not _NEGATIONS & set(_words_before(line, match.start(), 2)):
            return int(match["number"])
    if closing:
        return None
    for match in _NAMED.finditer(line):
        if _is_the_thing(line, match.start()):
            return int(match["number"])
    trimmed = line.rstrip(" .!;")
    inside = trimmed[:-1].rstrip() if trimmed.endswith((")", "]")) else trimmed
    last = _AT_END.search(inside)
    return int(last["number"]) if last and _is_the_thing(inside, last.start()) else None


def _is_the_thing(line: str, position: int) -> bool:
    """Whether a reference is what is to be done; in parentheses it has to stand alone."""
    before = line[:position].rstrip()
    if before.endswith((",", "&", "/", "+", "..", "-", "#")):
        return False
    return not _MENTIONS & set(_words_before(line, position, 1))


def _words_before(line: str, position: int, count: int) -> list[str]:
    """The words directly before a place, in lower case; punctuation that ends a clause ends the search."""
    before = line[max(0, position - 60) : position].replace("cf.", "cf").replace("ref.", "ref")
    clause = re.split(r"[.;!?()\[\]]", before)[-1]
    words = re.findall(r"[\w']+", clause.lower())
    return words[-count:]
