"""What Claude Code's own names for the API's errors decide without a closer look. A hook loads this."""

from __future__ import annotations

FOR_A_PERSON = {
    "authentication_failed": "Claude is not logged in",
    "billing_error": "the account can't be billed",
    "model_not_found": "the model can't be used by this account",
}
"""What no waiting mends, with the reason."""
_PASSING = frozenset({"rate_limit", "overloaded", "server_error", "max_output_tokens"})
# Words of every message that asks for a person; a message with one of them is looked at closely.
_OF_A_PERSON = (
    *("enospc", "edquot", "no space left", "quota exceeded", "disk is full"),
    *(
        "credit",
        "out of usage",
        "extra usage",
        "monthly",
        "specified api usage",
        "billing",
        "payment",
        "spend",
    ),
    *("budget", "individual usage", "your admin", "your org", "set to $0", "seat type", "disabled", "paused"),
    *("login", "logged in", "sign in", "api key", "apikey", "api-key", "auth token", "authentication"),
    *("permission_error", "oauth", "organization has been", "account has been", "account is", " is full"),
)
# As Claude Code 2.1 words it when it has tried to compact the conversation, and as the API does.
_CONTEXT_FULL = (
    "autocompact is thrashing",
    "prompt is too long",
    "conversation too long",
    "context limit",
    "context window",
)


def somebody_has_to_act(reason: str) -> str:
    return f"{reason}: somebody has to act"


def is_plain_outage(error: str, message: str) -> bool:
    """Whether it is certain that the batch is to wait, and only not for how long."""
    text = message.casefold()
    return error in _PASSING and not any(words in text for words in _OF_A_PERSON)


def is_context_full(message: str) -> bool:
    text = message.casefold()
    return any(words in text for words in _CONTEXT_FULL)
