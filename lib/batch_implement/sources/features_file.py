"""A features file: one feature a line, the way people write lists."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from batch_implement.errors import PathError, PlanError
from batch_implement.model.feature import MAX_FEATURE_LENGTH, MAX_FEATURES
from batch_implement.sources.base import Feature, FeatureSource
from batch_implement.system.files.inside import inside
from batch_implement.system.text.cleaning import one_line
from batch_implement.system.text.shortening import shorten

if TYPE_CHECKING:
    from pathlib import Path

# A thousand features of ten thousand characters of four bytes each, and comments between them.
_SIZE_LIMIT = 48 * 1024 * 1024
_BULLET = re.compile(r"(?:[-*+•]|\d{1,6}[.)])(?:[ \t]+|$)")
_BOX = re.compile(r"\[([ xX])\](?:[ \t]+|$)")
_NAMED_DUPLICATES = 5


def read_features_file(root: Path, name: str, *, folder: Path | None = None) -> FeatureSource:
    """Read the features; ``name`` is relative to ``folder``, else to the project's root.

    Raises :class:`PlanError`, or :class:`PathError` for a path outside the project, naming the file and,
    where there is one, the line.
    """
    path = _resolve(root, folder or root, name)
    text = _read(path, name)
    features: dict[str, Feature] = {}
    repeated: list[int] = []
    finished = 0
    for number, (line, done) in _entries(text):
        if len(line) > MAX_FEATURE_LENGTH:
            raise PlanError(
                f"{name}, line {number}: the feature has {len(line):,} characters, and "
                f"{MAX_FEATURE_LENGTH:,} are allowed. Put the details into a file of the project and name it."
            )
        finished += done
        if not done and line in features:
            repeated.append(number)
        elif not done:
            features[line] = Feature(line)
    if len(features) > MAX_FEATURES:
        raise PlanError(f"{name} has {len(features):,} features, and {MAX_FEATURES:,} are allowed. Split it.")
    if not features:
        why = f"all {finished} are ticked off" if finished else "it has only comments and blank lines"
        raise PlanError(f"{name} holds no feature to implement: {why}. Write one feature a line.")
    relative = path.relative_to(root.resolve()).as_posix()
    return FeatureSource(tuple(features.values()), "file", relative, _notices(repeated, finished))


def _resolve(root: Path, folder: Path, name: str) -> Path:
    if not name.strip() or "\0" in name:
        raise PlanError("No features file was named. Call: /batch-implement FILE")
    if any("\ud800" <= letter <= "\udfff" for letter in name):  # bytes that are not UTF-8, in Python's words
        raise PlanError(f"The name {ascii(name)[:200]} is not UTF-8. Rename the file.")
    try:
        return inside(root, folder / name)
    except (OSError, RuntimeError) as error:
        raise PlanError(f"{shorten(name, 200)} can't be read: {error}.") from error
    except PathError as error:
        raise PathError(f"{name} is outside the project {root}. Move or copy it into the project.") from error


def _read(path: Path, name: str) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise PlanError(f"{name} is not there. Give the path of a features file in this project.") from error
    except OSError as error:
        raise PlanError(f"{shorten(name, 200)} can't be read: {error.strerror}.") from error
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise PlanError(f"{name} is a folder. Give the path of a features file in it.")
        if not stat.S_ISREG(mode):
            raise PlanError(f"{name} is not a regular file. Give the path of a features file.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:  # which refuses a folder
            data = file.read(_SIZE_LIMIT + 1)
    finally:
        os.close(descriptor)
    return _decode(data, name)


def _decode(data: bytes, name: str) -> str:
    if len(data) > _SIZE_LIMIT:
        raise PlanError(f"{name} is larger than {_SIZE_LIMIT // 1024 // 1024} MB. Split it.")
    if not data:
        raise PlanError(f"{name} is empty. Write one feature a line.")
    if b"\0" in data:
        raise PlanError(
            f"{name} is not a text file: it has a NUL byte at {data.index(0)}. Save it as UTF-8 text."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PlanError(f"{name}, line {line}: it is not UTF-8 text. Save the file as UTF-8.") from error


def _entries(text: str) -> list[tuple[int, tuple[str, bool]]]:
    """Line number, and the feature with whether its box is ticked; continuation lines joined."""
    entries: list[tuple[int, list[str]]] = []
    continues = False
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        stripped = raw.strip()
        if not stripped:
            continues = False
        elif stripped.startswith("#") and not stripped[1:2].isdigit():
            continue  # a comment, also between the lines of one feature; "#72 …" is an issue
        elif continues and raw[0] in " \t" and not _BULLET.match(stripped):
            entries[-1][1].append(stripped)
        else:
            entries.append((number, [stripped]))
            continues = True
    parsed = [(number, _feature(" ".join(lines))) for number, lines in entries]
    # A rule or an underlined heading has no letter and no digit, and is nothing to implement.
    return [(number, entry) for number, entry in parsed if any(map(str.isalnum, entry[0]))]


def _feature(line: str) -> tuple[str, bool]:
    text = line
    if bullet := _BULLET.match(text):
        text = text[bullet.end() :]
    box = _BOX.match(text)
    if box:
        text = text[box.end() :]
    return one_line(text, len(text) + 1), bool(box and box[1] in "xX")


def _notices(repeated: list[int], finished: int) -> tuple[str, ...]:
    notices = []
    if repeated:
        lines = ", ".join(map(str, repeated[:_NAMED_DUPLICATES]))
        more = " and more" if len(repeated) > _NAMED_DUPLICATES else ""
        notices.append(f"Features given twice are kept once (line {lines}{more}).")
    if finished:
        notices.append(f"{finished} ticked off already and left out.")
    return tuple(notices)
