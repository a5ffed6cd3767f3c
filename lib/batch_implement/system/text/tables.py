"""Tables of expressions, which say more in a file of their own than between quotation marks."""

from __future__ import annotations

from pathlib import Path


def blocks_beside(module: str) -> list[list[str]]:
    """Of the file that is called as the module is, with ``.txt``: the lines between blank ones.

    A line that begins with ``#`` is a comment.
    """
    lines = Path(module).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    return [block.splitlines() for block in text.strip("\n").split("\n\n") if block]
