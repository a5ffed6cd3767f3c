"""Features from files: Markdown, where a bullet is one, or a plain list with one a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from batch_implement.errors import PlanError
from batch_implement.model.feature import MAX_FEATURE_LENGTH, MAX_FEATURES
from batch_implement.sources.base import Feature, FeatureSource
from batch_implement.sources.file_names import named_files
from batch_implement.sources.file_text import read_text, resolve
from batch_implement.sources.issue_body import cut_body
from batch_implement.sources.list_item import ListItem
from batch_implement.sources.markdown_list import MarkdownList, read_markdown
from batch_implement.sources.plain_list import markdown_line, read_plain
from batch_implement.system.text.cleaning import one_line
from batch_implement.system.text.shortening import some_of

_MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown", ".mkd")
_MARKDOWN_LINE = re.compile(r"(?:```|~~~|#{2,6}[ \t])")
_NAMED = 5


@dataclass(frozen=True)
class _List:
    """One file: ``name`` as it was named, ``path`` from the project's root."""

    name: str
    path: str
    items: tuple[ListItem, ...]
    notices: tuple[str, ...] = ()
    is_plan: bool = False
    first_line: int = 0
    """Of what was passed over, where it holds no item."""

    @property
    def open(self) -> list[ListItem]:
        return [item for item in self.items if not item.is_ticked]

    @property
    def ticked(self) -> int:
        return len(self.items) - len(self.open)

    def origin(self, item: ListItem) -> str:
        return f"{one_line(self.path, 1000)}:{item.line}"

    def why_empty(self) -> str:
        if self.ticked:
            ticked = f"all {self.ticked} are" if self.ticked > 1 else "the only one is"
            return f"{self.name} holds no feature to implement: {ticked} ticked off."
        if self.first_line:
            return (
                f"{self.name} holds no feature to implement: it is Markdown without a bullet. Write each "
                f"feature as one, “- Add a login form” (line {self.first_line} is none)."
            )
        return f"{self.name} holds no feature to implement: it has only comments and blank lines."


def read_features_files(root: Path, names: Sequence[str], *, folder: Path | None = None) -> FeatureSource:
    """Read the features of one file, of several, or of those that fit a pattern, in the order named.

    ``names`` are relative to ``folder``, else to the project's root. Raises :class:`PlanError`, or
    :class:`PathError` for a path outside the project, naming the file and, where there is one, the line. A
    file without an open feature is passed over beside others.
    """
    where = folder or root
    return _source([_read(root, where, name) for name in named_files(root, where, names)])


def _read(root: Path, folder: Path, name: str) -> _List:
    path = resolve(root, folder, name)
    lines = read_text(path, name).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    relative = path.relative_to(root.resolve()).as_posix()
    ending = path.suffix.lower()
    if ending in _MARKDOWN_ENDINGS or (ending != ".txt" and any(map(_MARKDOWN_LINE.match, lines))):
        found = read_markdown(lines, name)
        if not found.is_only_prose:
            over = found.passed_over
            first = min(over.get("paragraph") or [line for lines in over.values() for line in lines] or [0])
            return _List(name, relative, found.items, _of_markdown(found, name), found.is_plan, first)
        return _List(name, relative, tuple(read_plain(lines)))
    return _List(name, relative, tuple(read_plain(lines)), _of_plain(lines, name))


def _source(lists: Sequence[_List]) -> FeatureSource:
    features: dict[tuple[str, str], Feature] = {}
    repeated: list[str] = []
    notices = [notice for file in lists for notice in file.notices]
    for file in lists:
        if not file.open and len(lists) > 1:
            notices.append(file.why_empty())
        for item in file.open:
            feature = _feature(file, item)
            if (feature.text, feature.body) in features:
                repeated.append(f"{file.name} line {item.line}" if len(lists) > 1 else str(item.line))
            features.setdefault((feature.text, feature.body), feature)
    names = ", ".join(file.name for file in lists[:_NAMED])
    if len(features) > MAX_FEATURES:
        raise PlanError(
            f"{names} has {len(features):,} features, and {MAX_FEATURES:,} are allowed. Split it."
        )
    if not features:
        written = " Write one feature a line." if not lists[0].first_line else ""
        raise PlanError(" ".join(file.why_empty() for file in lists[:_NAMED]) + written)
    ticked = sum(file.ticked for file in lists)
    paths = tuple(file.path for file in lists)
    return FeatureSource(
        tuple(features.values()),
        "file",
        some_of(paths, _NAMED),
        (*notices, *_notices(repeated, ticked)),
        files=paths,
        keeps_order=any(file.is_plan for file in lists),
    )


def _feature(file: _List, item: ListItem) -> Feature:
    if len(item.text) > MAX_FEATURE_LENGTH:
        raise PlanError(
            f"{file.name}, line {item.line}: the feature has {len(item.text):,} characters, and "
            f"{MAX_FEATURE_LENGTH:,} are allowed. Put the details into a file of the project and name it."
        )
    origin = file.origin(item)
    return Feature(item.text, body=cut_body(item.body, origin), origin=origin, phase=item.phase)


def _of_markdown(found: MarkdownList, name: str) -> tuple[str, ...]:
    notices = []
    passed = [_counted(kind, lines) for kind, lines in found.passed_over.items() if lines]
    if passed or any(item.body for item in found.items):
        over = f" Passed over: {', '.join(passed)}." if passed else ""
        notices.append(
            f"{name} is read as Markdown: each bullet is a feature, and what is indented below it belongs to "
            f"it.{over}"
        )
    if found.is_plan:
        phases = some_of([f"“{title}” at line {line}" for title, line in found.phases], _NAMED)
        notices.append(
            f"{name} is a plan in phases ({phases}): its tasks are taken as features, in the order in "
            "which they stand there, whatever their words say. No phase waits for a person."
        )
    return tuple(notices)


def _of_plain(lines: Sequence[str], name: str) -> tuple[str, ...]:
    line = markdown_line(lines)
    if not line:
        return ()
    return (
        f"{name} is read as one feature a line, line {line} and what follows too. Name it .md to have it "
        "read as Markdown, where only a bullet is a feature and what is below it belongs to it.",
    )


def _counted(kind: str, lines: Sequence[int]) -> str:
    plural = kind if kind == "HTML" or len(lines) == 1 else f"{kind}s"
    more = ", …" if len(lines) > _NAMED else ""
    return f"{len(lines)} {plural} (line {', '.join(map(str, lines[:_NAMED]))}{more})"


def _notices(repeated: Sequence[str], ticked: int) -> tuple[str, ...]:
    notices = []
    if repeated:
        lines = ", ".join(repeated[:_NAMED])
        more = " and more" if len(repeated) > _NAMED else ""
        where = lines if " " in repeated[0] else f"line {lines}"
        notices.append(f"Features given twice are kept once ({where}{more}).")
    if ticked:
        notices.append(f"{ticked} ticked off already and left out.")
    return tuple(notices)
