"""Text written by others, made fit for a line, a list, a terminal or a quotation.

What is removed: terminal sequences, control characters, and the invisible format characters by which a
text can be shown in another order than it has (bidirectional controls) or hide words (tag characters).
"""

from __future__ import annotations

import re
import unicodedata

from batch_implement.system.text.shortening import shorten

_TERMINAL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor movements
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles, links
    r"|\x1b[@-Z\\^_]?"
)
# Not "x * 2" nor "times_two"; an ampersand where it begins an entity, a tilde where it is one of two.
_MARKUP = re.compile(
    r"[\\`<\[\]]|\*(?=\S)|(?<=\S)\*|(?<![^\W_])_(?=\S)|(?<=\S)_(?![^\W_])|&(?=#?\w{1,30};)|~(?=~)|(?<=~)~"
)
# Zero-width joiner and non-joiner: without them emoji and Persian words fall apart.
_KEPT_FORMATS = {"\u200c", "\u200d"}
_REMOVED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def one_line(text: str, limit: int) -> str:
    """The text as one line of at most ``limit`` characters, ``…`` where something was cut off."""
    return shorten(" ".join(_visible(_TERMINAL.sub("", text), line_break=" ").split()), limit)


def clean_block(text: str) -> str:
    """The text with its lines and tabs kept, ``\\n`` at the end of each line."""
    lines = _TERMINAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_visible(line, line_break="\n").rstrip() for line in lines)


def code_span(text: str, limit: int) -> str:
    """The text as one line of Markdown code, in which no mention, reference or markup counts."""
    line = one_line(text, limit)
    fence = "`" * (longest_run(line, "`") + 1)
    # Beside a backtick a space is needed, and Markdown takes one off each side again.
    padding = " " if line[:1] == "`" or line[-1:] == "`" or not line else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def markdown_text(text: str, limit: int) -> str:
    """The text as a part of a line, not its beginning, that Markdown shows as it is written.

    It has as few backslashes as that takes.
    """
    return _MARKUP.sub(r"\\\g<0>", one_line(text, limit))


def longest_run(text: str, character: str) -> int:
    """The length of the longest unbroken run of ``character``."""
    return max((len(run) for run in re.findall(re.escape(character) + "+", text)), default=0)


def _visible(text: str, line_break: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character, line_break) for character in text)


def _shown(character: str, line_break: str) -> str:
    if character in "\t ":
        return character
    if character in "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029":
        return line_break
    if character in _KEPT_FORMATS:
        return character
    return "" if unicodedata.category(character) in _REMOVED else character
