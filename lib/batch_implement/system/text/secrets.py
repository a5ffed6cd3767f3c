"""What a key, a token or a password looks like: in a text, in a file's name, in a variable's name.

The table is used twice. What leaves by a log or a message is cut by the loose form of each pattern, where one
word too many costs nothing; a commit is held by the exact form only, since a person has to allow it. Each
pattern is linear: a fixed beginning and one class, or classes that exclude what separates them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.system.text.cleaning import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REDACTED = "[redacted]"
LINE_LIMIT = 2000
# A shorter value may be a number or a word, which every text has.
_SHORTEST_KNOWN_SECRET = 8


@dataclass(frozen=True)
class _Token:
    """``exact`` is ``""`` where the loose form is all that is known of it."""

    kind: str
    loose: str
    exact: str = ""


_TOKENS = (
    _Token(
        "a private key",
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        r"(?:[^-]|-(?!----))*(?:-----END [A-Z0-9 ]{0,60}-----(?!BEGIN))?",
        r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----",
    ),
    _Token("an Anthropic key", r"(?<![A-Za-z0-9])sk-ant-[\w-]{16,}", r"\bsk-ant-[A-Za-z0-9_-]{24,255}"),
    # And those who copied the form.
    _Token(
        "an OpenAI key", r"(?<![A-Za-z0-9])sk-[\w-]{16,}", r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{40,255}"
    ),
    _Token("a Stripe key", r"(?:sk|rk|pk)_(?:live|test)_\w{10,}", r"\b[sr]k_live_[0-9A-Za-z]{20,255}"),
    _Token("a webhook's secret", r"whsec_[\w+/=]{16,}"),
    _Token("a GitHub token", r"gh[oprsu]_\w{16,}", r"\bgh[pousr]_[A-Za-z0-9]{36,255}"),
    _Token("a GitHub token", r"github_pat_\w{16,}", r"\bgithub_pat_[A-Za-z0-9_]{60,255}"),
    _Token("a GitLab token", r"gl(?:pat|rt|dt|cbt|ptt|soat)-[\w.-]{16,}", r"\bglpat-[A-Za-z0-9_-]{20,255}"),
    _Token("a Slack token", r"xox[a-z]-[\w-]{10,}", r"\bxox[abeoprs]-[A-Za-z0-9-]{20,255}"),
    _Token("a Slack token", r"xapp-[\w-]{10,}"),
    _Token(
        "a Slack webhook",
        r"hooks\.slack\.com/services/[\w/]{8,}",
        r"hooks\.slack\.com/services/T[A-Z0-9]{6,20}/B[A-Z0-9]{6,20}/[A-Za-z0-9]{20,40}",
    ),
    _Token("a Discord webhook", r"discord(?:app)?\.com/api/webhooks/[\w/-]{8,}"),
    _Token(
        "an AWS access key",
        r"(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA)[A-Z0-9]{16}",
        r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    ),
    _Token("a Google key", r"AIza[\w-]{30,}", r"\bAIza[0-9A-Za-z_-]{35}\b"),
    _Token("a Google token", r"ya29\.[\w.-]{16,}"),
    _Token("a Google client secret", r"GOCSPX-[\w-]{16,}"),
    _Token("an npm token", r"npm_[A-Za-z0-9]{30,}", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _Token("a PyPI token", r"pypi-[\w-]{16,}", r"\bpypi-AgE[A-Za-z0-9_-]{50,255}"),
    _Token("a Hugging Face token", r"hf_[A-Za-z0-9]{20,}", r"\bhf_[A-Za-z0-9]{34}\b"),
    _Token("a Docker token", r"dckr_pat_[\w-]{16,}"),
    _Token("a DigitalOcean token", r"do[opr]_v1_[0-9a-f]{32,}"),
    _Token("a Shopify token", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    _Token(
        "a SendGrid key",
        r"SG\.[\w-]{16,}\.[\w-]{16,}",
        r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b",
    ),
    _Token("a Vault token", r"hv[bsr]\.[\w-]{20,}"),
    _Token("a Databricks token", r"dapi[0-9a-f]{32}"),
    _Token("a Twilio key", r"SK[0-9a-f]{32}"),
    _Token("a Linear key", r"lin_api_\w{20,}"),
    _Token("a Telegram token", r"(?<!\d)\d{8,10}:[\w-]{35}"),
    _Token("an age key", r"AGE-SECRET-KEY-1[A-Z0-9]{20,}"),
    _Token("a JSON web token", r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"),
)
_LOOSE = re.compile("|".join(token.loose for token in _TOKENS), re.ASCII)
_EXACT = tuple((token.kind, re.compile(token.exact, re.ASCII)) for token in _TOKENS if token.exact)

_URL_LOGIN = re.compile(r"://(?:[^\s/@:\"']{0,128}:(?!\d{1,5}/)[^\s\"'<>]{1,256}|[^\s/\"'<>]{1,256})@")
_HEADER = re.compile(
    r"\b((?:proxy-)?authorization|x-api-key|x-auth-token|private-token|(?:set-)?cookie)"
    r"([\\\"']{0,3}\s{0,4}[:=]\s{0,4})[^\r\n]+",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"\b(bearer|basic|token)(\s{1,4})[\w.~+/=-]{16,}", re.IGNORECASE | re.ASCII)
_VALUE = r"(?:\\?\"[^\"\r\n]*\"?|\\?'[^'\r\n]*'?|[^\s\"'&]+)"
_SPEAKING = (
    r"pass(?:word|wd|phrase|code)|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key"
    r"|(?:private|encryption|signing|client)[_-]?key|credentials?|amz-signature|[?&]sig(?:nature)?|[?&]key"
)
_ASSIGNMENT = re.compile(
    rf"({_SPEAKING})([\w-]{{0,40}}[\\\"'\]]{{0,4}}\s{{0,4}}[=:]{{1,3}}>?\s{{0,4}}){_VALUE}", re.IGNORECASE
)
_OPTION = re.compile(rf"(--?(?:[a-z]{{1,20}}-)?(?:{_SPEAKING})\s{{1,4}})(?!-){_VALUE}", re.IGNORECASE)
_VARIABLE = re.compile(rf"(?:{_SPEAKING}|auth$|_key$|_pat$|_dsn$)", re.IGNORECASE)
_FOLDERS = frozenset({"PWD", "OLDPWD"})  # the shell's, where the program was started

# What stands in an added line for a guess; looser forms would hold every second test's fixture.
_LOGIN = re.compile(r"://[^/\s:@'\"]{1,100}:([^/\s:@'\"]{8,200})@([A-Za-z0-9.-]{1,200})", re.ASCII)
_LOCAL_NAMES = {"localhost", "local", "test", "invalid", "example", "db", "host"}
_ASSIGNED = re.compile(
    r"(?:api_?key|access_?key|secret(?:_?key)?|auth_?token|access_?token|password|passwd)['\"]?"
    r"[ \t]{0,20}(?:=|:|=>)[ \t]{0,20}['\"]([^'\"\s]{16,200})['\"]",
    re.IGNORECASE | re.ASCII,
)
_PLACEHOLDER = re.compile(
    r"example|change.?me|your|dummy|fake|sample|placeholder|redacted|test|mock|xxx|\*\*\*|\.\.\.|[<>{}$%]|1234567",
    re.IGNORECASE | re.ASCII,
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


def redact(text: str, known: Iterable[str] = ()) -> str:
    """The text without what looks like a secret, and without the ``known`` ones (:func:`secret_values`)."""
    for secret in known:
        text = text.replace(secret, REDACTED)
    text = _LOOSE.sub(REDACTED, text)
    text = without_logins(text)
    text = _HEADER.sub(rf"\1\2{REDACTED}", text)
    text = _SCHEME.sub(rf"\1\2{REDACTED}", text)
    text = _ASSIGNMENT.sub(rf"\1\2{REDACTED}", text)
    return _OPTION.sub(rf"\1{REDACTED}", text)


def without_logins(text: str) -> str:
    """The text with user and password cut out of every address, and all else left for who has to mend it."""
    return _URL_LOGIN.sub(f"://{REDACTED}@", text)


def safe_line(text: str) -> str:
    """One line without secrets that can't forge another, for logs and state files."""
    # Secrets first: joining lines would hide where a header or a key block ends. Then once more, for one
    # that only came together when what was hidden in it was taken out.
    return one_line(redact(one_line(redact(text), len(text) + 1)), LINE_LIMIT)


def secret_values(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The values of variables whose names speak of a secret, longest first; short ones are left out."""
    values = {
        value
        for name, value in environment.items()
        if len(value) >= _SHORTEST_KNOWN_SECRET and name not in _FOLDERS and _VARIABLE.search(name)
    }
    return tuple(sorted(values, key=lambda value: (-len(value), value)))


def secret_file(path: str) -> bool:
    """True for a name that people keep secrets under, and not for its example."""
    name = path.rpartition("/")[2]
    return _SECRET_FILE.fullmatch(name) is not None and _HARMLESS_FILE.fullmatch(name) is None


def secret_in(line: bytes, *, guess: bool = True) -> str | None:
    """What the line seems to hold, described without the secret itself; None for nothing.

    ``guess`` takes also a random-looking password in an address or an assignment for one.
    """
    text = line.decode("latin-1")  # whatever the file's encoding is, a secret is ASCII
    for kind, pattern in _EXACT:
        found = pattern.search(text)
        if found is not None and not _PLACEHOLDER.search(found[0]):
            return f"{kind} ({len(found[0])} characters, beginning with {found[0][:4]})"
    if not guess:
        return None
    login = _LOGIN.search(text)
    if login is not None and not _is_local(login[2]) and _random(login[1], minimum=2.5):
        return "an address with a password"
    assigned = _ASSIGNED.search(text)
    if assigned is not None and _random(assigned[1], minimum=_RANDOM):
        return "a password or key in an assignment"
    return None


def _is_local(host: str) -> bool:
    """True for this machine and for names reserved for documentation (RFC 2606)."""
    labels = host.lower().rstrip(".").split(".")
    return labels[-1] in _LOCAL_NAMES or labels[0] == "127" or "example" in labels[-2:]


def _random(text: str, *, minimum: float) -> bool:
    """True for text of letters and digits that is no placeholder and no words."""
    if _PLACEHOLDER.search(text) or not (re.search(r"\d", text) and re.search(r"[A-Za-z]", text)):
        return False
    counts = Counter(text)
    entropy = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    return entropy >= minimum
