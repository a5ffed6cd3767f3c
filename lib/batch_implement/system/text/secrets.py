"""What a key, a token or a password looks like: in a text, in a file's name, in a variable's name.

The tokens of known services are in ``secrets.txt``, in two forms each.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from batch_implement.system.text.cleaning import one_line
from batch_implement.system.text.tables import blocks_beside

REDACTED = "[redacted]"
LINE_LIMIT = 2000
# A shorter value may be a number or a word, which every text has.
_SHORTEST_KNOWN_SECRET = 8
_TOKENS = blocks_beside(__file__)
_LOOSE = re.compile("|".join(loose for _, loose, *_ in _TOKENS), re.ASCII)
_EXACT = [(kind, re.compile(form, re.ASCII)) for kind, _, *exact in _TOKENS for form in exact]

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
