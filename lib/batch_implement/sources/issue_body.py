"""How much is kept of an issue's body, and of what stands below a feature in its file."""

from __future__ import annotations

from batch_implement.system.text.cleaning import clean_block

# In characters, the remark about the cut included. A hook's whole output is cut at 10,000.
BODY_LIMIT = 6000


def cut_body(body: str, issue_number: int, limit: int = BODY_LIMIT) -> str:
    """The body without control characters, at most ``limit`` characters long, saying where it was cut."""
    return _cut(body, f"gh issue view {issue_number}", limit)


def cut_text(text: str, origin: str, limit: int = BODY_LIMIT) -> str:
    """The same for a text that stands at ``origin``, a file and its line."""
    return _cut(text, origin, limit)


def _cut(whole: str, where: str, limit: int) -> str:
    text = clean_block(whole).strip("\n")
    if len(text) <= limit:
        return text
    remark = f"\n[Cut here. The whole text: {where}]"
    return text[: limit - len(remark)].rstrip() + remark
