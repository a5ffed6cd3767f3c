"""A list of features in Markdown: a bullet is a feature, what is below it belongs to it, the rest is none.

Read line by line, as a person sees it rendered: where the blocks begin and end is all that has to be known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import dedent

from batch_implement.errors import PlanError
from batch_implement.sources.list_item import BULLET, ListItem, list_item
from batch_implement.sources.markdown_line import FENCE, HEADING, from_column, is_rule, kind_of
from batch_implement.system.text.cleaning import clean_block, one_line

_PHASE = re.compile(
    r"(?:phase|stage|milestone|sprint|iteration|step|part)[ \t]+(?:\d|[ivx]+\b)", re.IGNORECASE
)
_TASK = re.compile(r"\d{1,4}(?:\.\d{1,4}){1,4}[.)]?[ \t]")
_DELIMITER = frozenset("-:| \t")
_FRONT_MATTER = 100
_PHASE_LENGTH = 120
# How far something has to be indented to belong to the item above it.
_BELOW = 2
_CODE = 4


@dataclass(frozen=True)
class MarkdownList:
    """``passed_over`` has, by kind, the lines where what is no feature begins; ``phases`` the headings of a
    plan's phases that have items, with their lines."""

    items: tuple[ListItem, ...]
    passed_over: dict[str, list[int]]
    phases: tuple[tuple[str, int], ...]

    @property
    def is_plan(self) -> bool:
        return len(self.phases) > 1

    @property
    def is_only_prose(self) -> bool:
        """No Markdown at all: whoever wrote it wrote lines."""
        return not self.items and self.passed_over.keys() == {"paragraph"}


@dataclass
class _Open:
    """An item that may still grow."""

    line: int
    indent: int
    content: int
    phase: str
    text: list[str]
    body: list[str] = field(default_factory=list)


def read_markdown(lines: Sequence[str], name: str) -> MarkdownList:
    """Raises :class:`PlanError` for a code block or a comment that has no end: it would hide what follows."""
    reader = _Reader()
    for number, raw in enumerate(lines[_front_matter(lines) :], start=_front_matter(lines) + 1):
        reader.read(number, raw.expandtabs(4).rstrip())
    what, opened = ("comment", reader.comment) if reader.comment else ("code block", reader.fenced)
    if opened:
        end = "-->" if what == "comment" else reader.fence
        raise PlanError(
            f"{name}, line {opened}: the {what} that begins here has no end, so nothing below it would be "
            f"read. Write {end} where it ends."
        )
    items = tuple(item for item in map(_closed, reader.items) if item.says_something)
    used = {item.phase for item in items}
    return MarkdownList(
        items, reader.passed_over, tuple(phase for phase in reader.phases.items() if phase[0] in used)
    )


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines of settings stand before the text, between two lines of ``---``."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    ends = (number for number, line in enumerate(lines[1:_FRONT_MATTER], 2) if line.rstrip() == "---")
    return next(ends, 0)


def _closed(item: _Open) -> ListItem:
    body = dedent(clean_block("\n".join(item.body))).strip("\n")
    return list_item(item.line, " ".join(item.text), body=body, phase=item.phase)


class _Reader:
    """Line after line; ``fenced`` and ``comment`` are the lines where what is open now began, or 0."""

    def __init__(self) -> None:
        self.items: list[_Open] = []
        self.passed_over: dict[str, list[int]] = {}
        self.phases: dict[str, int] = {}
        self.fence = ""
        self.fenced = self.comment = 0
        self._item: _Open | None = None
        self._block = ""
        """What the line above belongs to, outside of an item; "" after a blank line."""
        self._after_blank = True
        self._phase, self._phase_level = "", 0

    def read(self, number: int, raw: str) -> None:
        if self.fenced:
            self._in_fence(raw)
            return
        line = self._without_comments(number, raw)
        stripped = line.strip()
        if not stripped:
            self._blank(is_blank=not raw.strip())
            return
        indent = len(line) - len(line.lstrip())
        item = self._item
        if item is not None and indent >= item.indent + _BELOW:
            self._below(item, number, line, stripped, indent)
        elif item is not None and self._goes_on(stripped):
            (item.body or item.text).append(stripped)
        else:
            self._item = None
            self._beside(number, stripped, indent)
        self._after_blank = False

    def _blank(self, *, is_blank: bool) -> None:
        if not is_blank:
            return  # a comment, also between the lines of one feature
        if self._item is not None and self._item.body:
            self._item.body.append("")
        self._after_blank, self._block = True, ""

    def _in_fence(self, raw: str) -> None:
        if self._item is not None:
            self._item.body.append(from_column(raw, self._item.content))
        closing = raw.strip()
        if len(closing) >= len(self.fence) and not closing.strip(self.fence[0]):
            self.fenced = 0

    def _without_comments(self, number: int, raw: str) -> str:
        kept, rest = "", raw
        while rest:
            if self.comment:
                _, end, rest = rest.partition("-->")
                self.comment = 0 if end else self.comment
                continue
            before, begin, rest = rest.partition("<!--")
            kept += before
            if begin and kept.count("`") % 2:  # in code, where it is none
                kept += begin
            elif begin:
                self.comment = number
        return kept

    def _goes_on(self, stripped: str) -> bool:
        """Whether the line, which is not indented, still belongs to the paragraph above it."""
        return not self._after_blank and not (
            BULLET.match(stripped) or kind_of(stripped) or is_rule(stripped) or self._is_task(stripped)
        )

    def _below(self, item: _Open, number: int, line: str, stripped: str, indent: int) -> None:
        bullet = BULLET.match(stripped)
        nested = stripped[bullet.end() :] if bullet else ""
        if nested.startswith("(") and nested.endswith(")"):
            item.text.append(nested)  # a mark is the feature's, wherever it stands
        elif not (bullet or self._after_blank or item.body or kind_of(stripped)):
            item.text.append(stripped)
        else:
            item.body.append(from_column(line, min(indent, item.content)))
        self._open_fence(number, stripped)

    def _beside(self, number: int, stripped: str, indent: int) -> None:
        """A line that belongs to no item above it."""
        if is_rule(stripped):
            self._rule(number, stripped)
        elif indent >= _CODE and self._block != "paragraph":
            self._pass_over("code block", number)
        elif (bullet := BULLET.match(stripped)) or self._is_task(stripped):
            width = bullet.end() if bullet else _BELOW
            self._item = _Open(number, indent, indent + width, self._phase, [stripped])
            self.items.append(self._item)
            self._block = ""
        else:
            kind = kind_of(stripped) or ("table" if self._is_row(stripped) else "paragraph")
            self._pass_over(kind, number)
            if kind == "heading":
                self._heading(number, stripped)
            self._open_fence(number, stripped)

    def _rule(self, number: int, stripped: str) -> None:
        if self._block == "paragraph" and stripped[0] in "=-":  # which underlines it
            self.passed_over["paragraph"].pop()
            self._block = ""
            self._pass_over("heading", number - 1)
        self._block = ""

    def _pass_over(self, kind: str, number: int) -> None:
        lines = self.passed_over.setdefault(kind, [])
        if kind != self._block or kind == "heading":
            lines.append(number)
        self._block = kind

    def _is_row(self, stripped: str) -> bool:
        return "|" in stripped and (self._block == "table" or _DELIMITER.issuperset(stripped))

    def _is_task(self, stripped: str) -> bool:
        """``1.2 Add a login`` is an item of a plan, and a sentence elsewhere."""
        return bool(self._phase) and _TASK.match(stripped) is not None

    def _heading(self, number: int, stripped: str) -> None:
        found = HEADING.match(stripped)
        level = len(found[1]) if found else 1
        title = one_line(stripped.strip("# \t"), _PHASE_LENGTH)
        if _PHASE.match(title):
            self._phase, self._phase_level = title, level
            self.phases.setdefault(title, number)
        elif level <= self._phase_level:
            self._phase, self._phase_level = "", 0

    def _open_fence(self, number: int, stripped: str) -> None:
        bullet = BULLET.match(stripped) if self._item is not None else None
        if found := FENCE.match(stripped[bullet.end() :] if bullet else stripped):
            self.fence, self.fenced = found[1], number
