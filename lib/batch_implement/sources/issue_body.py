"""How much is kept of an issue's body, and of what stands below a feature in its file."""

from __future__ import annotations

from batch_implement.system.text.cleaning import clean_block

# In characters, the remark about the cut included. A hook's whole output is cut at 10,000.
BODY_LIMIT = 6000


def cut_body(body: str, where: str, limit: int = BODY_LIMIT) -> str:
    """The text without control characters, at most ``limit`` characters long, saying where it was cut.

    ``where`` is how to see the whole: a command, or a file and its line.
    """
    text = clean_block(body).strip("\n")
    if len(text) <= limit:
        return text
    remark = f"\n[Cut here. The whole text: {where}]"
    return text[: limit - len(remark)].rstrip() + remark
