"""How much of an issue's body is kept."""

from __future__ import annotations

from batch_implement.system.text.cleaning import clean_block

# In characters, the remark about the cut included. A hook's whole output is cut at 10,000.
BODY_LIMIT = 6000


def cut_body(body: str, issue_number: int, limit: int = BODY_LIMIT) -> str:
    """The body without control characters, at most ``limit`` characters long, saying where it was cut."""
    text = clean_block(body).strip("\n")
    if len(text) <= limit:
        return text
    remark = f"\n[Cut here. The whole text: gh issue view {issue_number}]"
    return text[: limit - len(remark)].rstrip() + remark
