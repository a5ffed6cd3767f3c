"""The names of tests, made fit to be compared with those of another run and to be shown."""

from __future__ import annotations

import hashlib
import re

LONGEST = 500

# Certainly noise: an address in memory, and the folders that pytest and tempfile make.
_ADDRESS = re.compile(r"(?<=\bat )0x[0-9a-fA-F]{6,16}\b")
_PYTEST_FOLDER = re.compile(r"/pytest-of-[^/\s]{1,64}/pytest-\d{1,9}")
_TEMPORARY = re.compile(r"(?<=/)tmp[a-z0-9_]{8}(?![A-Za-z0-9_])")


def settled(name: str, root: str) -> str:
    """The name without what differs from run to run, on one line, of at most :data:`LONGEST` characters.

    ``root`` is the workspace, which is another folder in each lane. Dates, times and random identifiers stay:
    they may as well be what the test is about.
    """
    if root:
        name = name.replace(root.rstrip("/") + "/", "")
    name = _ADDRESS.sub("0x…", name)
    name = _PYTEST_FOLDER.sub("/pytest-of-…/pytest-…", name)
    name = _TEMPORARY.sub("tmp…", name)
    if not name.isprintable():
        name = "".join(letter if letter.isprintable() else _escaped(letter) for letter in name)
    if len(name) <= LONGEST:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12]
    return f"{name[: LONGEST - 14]}… {digest}"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
