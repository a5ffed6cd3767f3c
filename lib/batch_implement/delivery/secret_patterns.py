"""What a key or a token looks like, in a file's name or in a line.

Every pattern has a fixed beginning and bounded repetition, so that its time is linear in the text.
"""

from __future__ import annotations

import math
import re
from collections import Counter

_TOKENS = (
    ("a private key", rb"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----"),
    ("an AWS access key", rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("a GitHub token", rb"\bgh[pousr]_[A-Za-z0-9]{36,255}|\bgithub_pat_[A-Za-z0-9_]{60,255}"),
    ("a GitLab token", rb"\bglpat-[A-Za-z0-9_-]{20,255}"),
    ("a Slack token", rb"\bxox[abeoprs]-[A-Za-z0-9-]{20,255}"),
    ("a Slack webhook", rb"hooks\.slack\.com/services/T[A-Z0-9]{6,20}/B[A-Z0-9]{6,20}/[A-Za-z0-9]{20,40}"),
    ("an Anthropic key", rb"\bsk-ant-[A-Za-z0-9_-]{24,255}"),
    ("an OpenAI key", rb"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{40,255}"),
    ("a Stripe key", rb"\b[sr]k_live_[0-9A-Za-z]{20,255}"),
    ("a Google key", rb"\bAIza[0-9A-Za-z_-]{35}\b"),
    ("an npm token", rb"\bnpm_[A-Za-z0-9]{36}\b"),
    ("a PyPI token", rb"\bpypi-AgE[A-Za-z0-9_-]{50,255}"),
    ("a SendGrid key", rb"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b"),
    ("a Hugging Face token", rb"\bhf_[A-Za-z0-9]{34}\b"),
)
_TOKEN = tuple((kind, re.compile(pattern)) for kind, pattern in _TOKENS)

_URL = re.compile(rb"://[^/\s:@'\"]{1,100}:([^/\s:@'\"]{8,200})@([A-Za-z0-9.-]{1,200})")
_LOCAL_NAMES = {b"localhost", b"local", b"test", b"invalid", b"example", b"db", b"host"}
_ASSIGNED = re.compile(
    rb"(?:api_?key|access_?key|secret(?:_?key)?|auth_?token|access_?token|password|passwd)['\"]?"
    rb"[ \t]{0,20}(?:=|:|=>)[ \t]{0,20}['\"]([^'\"\s]{16,200})['\"]",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    rb"example|change.?me|your|dummy|fake|sample|placeholder|redacted|test|mock|xxx|\*\*\*|\.\.\.|[<>{}$%]|1234567",
    re.IGNORECASE,
)
# Bits per character; English words stay below 3.3, random base 64 of 20 characters is above 3.7.
_RANDOM = 3.5

_SECRET_FILE = re.compile(
    r"\A(?:\.env|\.env\..+|.+\.env|\.netrc|\.pypirc|\.htpasswd|id_(?:rsa|dsa|ecdsa|ed25519)"
    r"|.+\.(?:p12|pfx|jks|keystore|kdbx|ppk))",
    re.IGNORECASE,
)
_HARMLESS_FILE = re.compile(
    r"\A(?:.*\.(?:example|sample|template|dist|defaults?|d\.ts)|(?:example|sample)\.env)", re.IGNORECASE
)


def secret_file(path: str) -> bool:
    """True for a name that people keep secrets under, and not for its example."""
    name = path.rpartition("/")[2]
    return _SECRET_FILE.fullmatch(name) is not None and _HARMLESS_FILE.fullmatch(name) is None


def secret_in(line: bytes, *, guess: bool = True) -> str | None:
    """What the line seems to hold, described without the secret itself; None for nothing.

    ``guess`` takes also a random-looking password in an address or an assignment for one.
    """
    for kind, pattern in _TOKEN:
        found = pattern.search(line)
        if found is not None and not _PLACEHOLDER.search(found[0]):
            return f"{kind} ({len(found[0])} characters, beginning with {found[0][:4].decode()})"
    if not guess:
        return None
    address = _URL.search(line)
    if address is not None and not _is_local(address[2]) and _random(address[1], minimum=2.5):
        return "an address with a password"
    assigned = _ASSIGNED.search(line)
    if assigned is not None and _random(assigned[1], minimum=_RANDOM):
        return "a password or key in an assignment"
    return None


def _is_local(host: bytes) -> bool:
    """True for this machine and for names reserved for documentation (RFC 2606)."""
    labels = host.lower().rstrip(b".").split(b".")
    return labels[-1] in _LOCAL_NAMES or labels[0] == b"127" or b"example" in labels[-2:]


def _random(text: bytes, *, minimum: float) -> bool:
    """True for text of letters and digits that is no placeholder and no words."""
    if _PLACEHOLDER.search(text) or not (re.search(rb"\d", text) and re.search(rb"[A-Za-z]", text)):
        return False
    counts = Counter(text)
    entropy = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    return entropy >= minimum
