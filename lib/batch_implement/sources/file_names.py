"""The files that a person names: one, several, a pattern, or as the client completes them (``@list.txt``)."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from batch_implement.errors import PlanError, UsageError
from batch_implement.system.files.inside import inside
from batch_implement.system.text.shortening import shorten

MAX_FILES = 100
_DIGITS = re.compile(r"(\d+)")
_SHOWN = 200


def named_files(root: Path, folder: Path, names: Sequence[str]) -> list[str]:
    """Each file once, in the order named; those of a pattern by name, ``2.md`` before ``10.md``.

    Raises :class:`UsageError` for a sentence, :class:`PlanError` for a pattern that fits nothing.
    """
    if is_sentence(folder, names):
        text = shorten(" ".join(" ".join(names).split()), _SHOWN)
        quoted = text.replace('"', "'")
        raise UsageError(
            f'“{text}” is no file. To have this one feature implemented: /auto-implement "{quoted}". '
            "Several stand in a file, one a line: /batch-implement FILE"
        )
    found: dict[str, str] = {}
    for name in names:
        for file in _files(root, folder, name):
            found.setdefault(os.path.realpath(folder / file) if "\0" not in file else file, file)
    if len(found) > MAX_FILES:
        raise PlanError(f"More than {MAX_FILES} files are named. Name fewer, or put them into one.")
    return list(found.values())


def is_sentence(folder: Path, names: Sequence[str]) -> bool:
    """Whether it says what to implement and names nothing: ``add a login form``."""
    words = " ".join(names).split()
    return (
        len(words) > 1
        and words[0][:1].isalpha()
        and not set("./*?@\\").intersection(words[0].rstrip("."))
        and not any(is_there(folder, name) for name in (words[0], names[0], " ".join(names)))
    )


def is_there(folder: Path, name: str) -> bool:
    """Whether there is something of that name, with or without the client's ``@``."""
    return bool(name) and (_exists(folder, name) or (name[0] == "@" and _exists(folder, name[1:])))


def _exists(folder: Path, name: str) -> bool:
    try:
        return bool(name) and (folder / name).exists()
    except (OSError, ValueError, RuntimeError):  # too long, with a NUL, a circle of links
        return False


def _files(root: Path, folder: Path, name: str) -> list[str]:
    if name.startswith("@") and not _exists(folder, name):
        name = name[1:]
    if "\0" in name or _exists(folder, name) or not glob.has_magic(name):
        return [name]
    fixed = re.split(r"[*?\[]", name, maxsplit=1)[0]
    inside(root, (folder / f"{fixed}x").parent)  # or the whole disk would be looked through
    matches = glob.iglob(name, root_dir=folder, recursive=True)  # noqa: PTH207 -- names stay as they were typed
    files = list(islice((match for match in matches if (folder / match).is_file()), MAX_FILES + 1))
    if not files:
        raise PlanError(
            f"{shorten(name, _SHOWN)} fits no file in {folder}. Give the path of a features file."
        )
    return sorted(files, key=_natural)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdecimal() else -1, part) for part in _DIGITS.split(name)]
