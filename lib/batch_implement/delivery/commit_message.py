"""Commit messages: of the project's style, made from the feature when none is given, and without tricks.

The words come from a model, which had them from a feature's or an issue's text. What a terminal or a
host would obey in them is taken out: control sequences, text that runs backwards, trailers that only we
or a person may write, words that close an issue, and marks that switch off the project's CI.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import TYPE_CHECKING

from batch_implement.errors import BatchImplementError
from batch_implement.model.batch_id import RULE, is_batch_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.model.kinds import MessageStyle

TYPES = ("feat", "fix", "docs", "style", "refactor", "perf", "test", "build", "ci", "chore", "revert")
# commitlint's header-max-length; what we write ourselves stays within git's customary 72.
SUBJECT_LIMIT = 100
OWN_SUBJECT_LIMIT = 72
BODY_LIMIT = 20_000
# A log shorter than this tells no style; and one with a larger share than this that is conventional is.
_FEWEST = 8
_MOST_OTHERS = 0.25
CO_AUTHOR = "Claude <noreply@anthropic.com>"

_HEADER = re.compile(r"\A(?P<type>[A-Za-z]{1,20})(?P<scope>\([^()]{0,100}\))?(?P<mark>!?): ?(?P<text>.*)")
_SCOPE = re.compile(r"\([A-Za-z0-9@][A-Za-z0-9@ ._/,-]{0,39}\)")

# An escape and what belongs to it: CSI, OSC (to its end or to the line's), or one more character.
_ESCAPE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b\\]|\x9d)[^\x07\x1b\x9c\n]*[\x07\x9c]?|\x1b.?"
)
_REFERENCE = r"(?:(?:[\w.-]{1,100}/[\w.-]{1,100})?#\d|GH-\d|https?://)"
_CLOSING = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)[:\s]{1,5}"
    rf"(?={_REFERENCE})",
    re.IGNORECASE,
)
# 'fix' is a type of change too, and 'fix: #12' would close an issue as well.
_CLOSING_TYPE = re.compile(rf"\Afix:\s{{0,5}}(?={_REFERENCE})", re.IGNORECASE)
_CI_SWITCH = re.compile(
    r"\[(skip ci|ci skip|no ci|skip actions|actions skip)\]|\*\*\*NO_CI\*\*\*", re.IGNORECASE
)
_RESERVED_TRAILER = re.compile(
    r"\A\s*(?:batch|feature|co-authored-by|signed-off-by|reviewed-by|acked-by|tested-by|approved-by|skip-checks)"
    r"\s*:.*",
    re.IGNORECASE,
)
_ADVERTISEMENT = re.compile(r"\A\W*Generated with \[Claude Code\].*")
_ISSUE_TITLE = re.compile(r"Issue #(\d{1,9}): ?")
_PLAN_MARK = re.compile(r"\((?:after|before|requires|needs|independent)\b[^()]{0,200}\)", re.IGNORECASE)

# The words that a feature begins with, by the type they mean; any other beginning is a feat.
_TYPE_WORDS = {
    "fix": "fix fixes repair correct prevent",
    "docs": "document documentation docs readme explain describe",
    "test": "test tests",
    "refactor": "refactor rename extract simplify restructure reorganize reorganise",
    "perf": "optimize optimise speed accelerate",
    "build": "bump upgrade",
    "ci": "ci",
    "chore": "remove delete drop",
}
_TYPE_OF_WORD = {word: kind for kind, words in _TYPE_WORDS.items() for word in words.split()}


class CommitMessageError(BatchImplementError):
    """A message given for a commit is not a conventional one."""


def style_of(subjects: Sequence[str]) -> MessageStyle:
    """The style of a project's log, from the first lines of its commits; few of them tell nothing."""
    if len(subjects) < _FEWEST:
        return "conventional"
    conventional = sum(not problems_of(subject[:SUBJECT_LIMIT]) for subject in subjects)
    return "conventional" if conventional > len(subjects) * _MOST_OTHERS else "plain"


def problems_of(message: str, style: MessageStyle = "conventional") -> tuple[str, ...]:
    """What is wrong with a given message, one sentence each; empty when it can be used."""
    subject, body = _split(clean(message))
    found = [] if style == "plain" else _problems_of_header(subject)
    if not subject:
        found.append("The message is empty.")
    if len(subject) > SUBJECT_LIMIT:
        found.append(f"The first line has {len(subject)} characters; {SUBJECT_LIMIT} is the most.")
    if len(body) > BODY_LIMIT:
        found.append(f"The text has {len(body):,} characters; {BODY_LIMIT:,} is the most.")
    return tuple(found)


def _problems_of_header(subject: str) -> list[str]:
    header = _HEADER.fullmatch(subject)
    if header is None:
        return [f"The first line, {subject[:100]!r}, is not of the form 'type(scope): what changes'."]
    found = []
    if header["type"] not in TYPES:
        found.append(f"{header['type']!r} is not a type of change; use one of {', '.join(TYPES)}.")
    if header["scope"] and not _SCOPE.fullmatch(header["scope"]):
        found.append(f"{header['scope']!r} is not a scope: one short word in parentheses, like (auth).")
    if not header["text"].strip():
        found.append(f"After {subject!r} there is no word on what changes.")
    return found


def build_message(
    feature: str, *, issue_number: int | None = None, style: MessageStyle = "conventional"
) -> str:
    """A message for a feature's one-line text; the whole text follows where it is cut."""
    text = clean(feature).replace("\n", " ").strip()
    title = _ISSUE_TITLE.match(text)
    if title is not None:
        text, issue_number = text[title.end() :], issue_number or int(title[1])
    text = " ".join(_PLAN_MARK.sub("", text).split()).rstrip(".") or "implement the feature"
    suffix = f" (#{issue_number})" if issue_number and f"#{issue_number}" not in text else ""
    given = _HEADER.fullmatch(text)
    if style == "plain":
        prefix, words = "", text[:1].upper() + text[1:]
    elif given is not None and not problems_of(text[:SUBJECT_LIMIT]):
        prefix, words = text[: given.start("text")].rstrip() + " ", given["text"]
    else:
        kind = _type_of(text)
        verb, _, rest = text.partition(" ")
        words = rest if verb.lower() == kind and rest else _lower_first(text)
        prefix = f"{kind}: "
    room = OWN_SUBJECT_LIMIT - len(prefix) - len(suffix)
    if len(words) <= room:
        return f"{prefix}{words}{suffix}"
    short = words[: room - 1].rsplit(" ", 1)[0].rstrip(" ,;:-") or words[: room - 1]
    return f"{prefix}{short}…{suffix}\n\n{textwrap.fill(text, 72, break_on_hyphens=False)}"


def finish_message(
    message: str,
    *,
    batch_id: str,
    feature_number: int,
    co_author: str = CO_AUTHOR,
    style: MessageStyle = "conventional",
) -> str:
    """The message as it is committed: cleaned, with our trailers as its last paragraph.

    Raises :class:`CommitMessageError` for one that is not of the style, and for a batch id that could
    forge a trailer.
    """
    problems = problems_of(message, style)
    if problems:
        raise CommitMessageError(f"The commit message can't be used. {' '.join(problems)}")
    if not is_batch_id(batch_id):
        raise CommitMessageError(f"{batch_id[:100]!r} is not a batch id. Use {RULE}.")
    subject, body = _split(clean(message))
    trailers = [f"Batch: {batch_id}", f"Feature: {feature_number}"]
    if co_author:
        trailers.append(f"Co-Authored-By: {' '.join(clean(co_author).split())}")
    return "\n\n".join(part for part in (subject, body, "\n".join(trailers)) if part) + "\n"


def clean(text: str) -> str:
    """``text`` without what a terminal or a host would obey; line breaks stay.

    ``Closes #1`` becomes ``refs #1``: an issue is closed by us, once the push has succeeded.
    """
    text = _ESCAPE.sub("", text.replace("\r\n", "\n").replace("\t", " "))
    text = "".join(character for character in text if character == "\n" or _harmless(character))
    text = _CLOSING.sub("refs ", _CLOSING_TYPE.sub("fix: issue ", text.lstrip()))
    text = _CI_SWITCH.sub(lambda match: f"({match[1] or 'no ci'})", text)
    first, *rest = (line.rstrip() for line in text.split("\n"))
    kept = [
        line for line in rest if not _RESERVED_TRAILER.fullmatch(line) and not _ADVERTISEMENT.fullmatch(line)
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join([first, *kept])).strip()


def trailers_of(message: str) -> dict[str, str]:
    """The ``Name: value`` lines of a message's last paragraph, names in lower case."""
    paragraph = message.strip().rpartition("\n\n")[2]
    pairs = (line.partition(":") for line in paragraph.splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _harmless(character: str) -> bool:
    """False for controls, invisible and bidirectional format characters, and halves of surrogate pairs.

    The joiners that scripts and emoji need stay.
    """
    return (
        unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} or character in "\u200c\u200d"
    )


def _split(message: str) -> tuple[str, str]:
    subject, _, body = message.partition("\n")
    return subject.strip(), body.strip("\n")


def _type_of(text: str) -> str:
    first = re.match(r"[A-Za-z]*", text)
    return _TYPE_OF_WORD.get(first[0].lower(), "feat") if first else "feat"


def _lower_first(text: str) -> str:
    """'Add a login' as 'add a login', but 'JWT tokens' as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
