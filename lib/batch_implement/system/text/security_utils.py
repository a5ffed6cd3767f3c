"""What must not leave by a log, a state file or a message: secrets, forged lines, and paths that lead out."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

from batch_implement.errors import PathError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

REDACTED = "[redacted]"
LINE_LIMIT = 2000
_SHORTEST_KNOWN_SECRET = 6

# Each is linear: a fixed prefix, then one class, or classes that exclude what separates them.
_TOKENS = (
    r"(?<![A-Za-z0-9])sk-[\w-]{16,}",  # Anthropic, OpenAI and those who copied the form
    r"(?:sk|rk|pk)_(?:live|test)_\w{10,}",  # Stripe
    r"whsec_[\w+/=]{16,}",
    r"gh[oprsu]_\w{16,}",  # GitHub
    r"github_pat_\w{16,}",
    r"gl(?:pat|rt|dt|cbt|ptt|soat)-[\w.-]{16,}",  # GitLab
    r"xox[a-z]-[\w-]{10,}",  # Slack
    r"xapp-[\w-]{10,}",
    r"hooks\.slack\.com/services/[\w/]{8,}",
    r"discord(?:app)?\.com/api/webhooks/[\w/-]{8,}",
    r"(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA)[A-Z0-9]{16}",  # AWS
    r"AIza[\w-]{30,}",  # Google
    r"ya29\.[\w.-]{16,}",
    r"GOCSPX-[\w-]{16,}",
    r"npm_[A-Za-z0-9]{30,}",
    r"pypi-[\w-]{16,}",
    r"hf_[A-Za-z0-9]{20,}",  # Hugging Face
    r"dckr_pat_[\w-]{16,}",
    r"do[opr]_v1_[0-9a-f]{32,}",  # DigitalOcean
    r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",  # Shopify
    r"SG\.[\w-]{16,}\.[\w-]{16,}",  # SendGrid
    r"hv[bsr]\.[\w-]{20,}",  # Vault
    r"dapi[0-9a-f]{32}",  # Databricks
    r"SK[0-9a-f]{32}",  # Twilio
    r"lin_api_\w{20,}",
    r"(?<!\d)\d{8,10}:[\w-]{35}",  # Telegram
    r"AGE-SECRET-KEY-1[A-Z0-9]{20,}",
    r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?",  # JSON web tokens
)
_TOKEN = re.compile("|".join(_TOKENS), re.ASCII)
_PEM = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[^-]|-(?!----))*(?:-----END [A-Z0-9 ]{0,60}-----)?"
)
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
_NAME = re.compile(rf"(?:{_SPEAKING}|auth$|_key$|_pat$|_dsn$)", re.IGNORECASE)

_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
# Controls, line and paragraph separators, zero-width, bidirectional and tag characters, lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]+"
)


def redact(text: str, known: Iterable[str] = ()) -> str:
    """The text without what looks like a secret, and without the ``known`` ones (see below)."""
    for secret in known:
        text = text.replace(secret, REDACTED)
    text = _PEM.sub(REDACTED, text)
    text = _TOKEN.sub(REDACTED, text)
    text = _URL_LOGIN.sub(f"://{REDACTED}@", text)
    text = _HEADER.sub(rf"\1\2{REDACTED}", text)
    text = _SCHEME.sub(rf"\1\2{REDACTED}", text)
    text = _ASSIGNMENT.sub(rf"\1\2{REDACTED}", text)
    return _OPTION.sub(rf"\1{REDACTED}", text)


def secret_values(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The values of variables whose names speak of a secret, longest first; very short ones are left out."""
    values = {
        value
        for name, value in environment.items()
        if len(value) >= _SHORTEST_KNOWN_SECRET and _NAME.search(name)
    }
    return tuple(sorted(values, key=lambda value: (-len(value), value)))


def one_line(text: str, limit: int = LINE_LIMIT) -> str:
    """The text as one line that can't forge another: no line breaks, terminal codes or hidden characters."""
    words = _UNSEEN.sub(" ", _ESCAPE.sub("", text)).split()
    line = " ".join(words)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def safe_line(text: str, known: Iterable[str] = (), limit: int = LINE_LIMIT) -> str:
    """One line without secrets, for logs and state files."""
    # Secrets first: joining lines would hide where a header or a key block ends. Then once more, for one
    # that only came together when what was hidden in it was taken out.
    return one_line(redact(one_line(redact(text, known), len(text) + 1), known), limit)


def validate_path(path: Path, root: Path) -> Path:
    """The absolute path of something inside ``root``, or :class:`PathError`.

    Nothing need be there yet. No part below the root may be a symbolic link. What may be swapped after
    the look is to be opened through :class:`~batch_implement.system.files.folder.Folder`.
    """
    if _UNSEEN.search(str(path)):
        raise PathError(f"{str(path)!r} has control or hidden characters. Use a plain name.")
    try:
        parts = (path.relative_to(root) if path.is_absolute() else path).parts
    except ValueError:
        raise PathError(f"{path} is outside {root}. Use a path inside it.") from None
    if ".." in parts:
        raise PathError(f"{path} has '..' in it, which could lead out of {root}. Write the path without it.")
    place = root
    for part in parts:
        place = place / part
        if _is_link(place):
            raise PathError(
                f"{place} is a symlink, and links are not followed here. Put the real file or folder there."
            )
    return place


def _is_link(path: Path) -> bool:
    try:
        return stat.S_ISLNK(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise PathError(
            f"{path} can't be looked at: {error.strerror}. Use a shorter or readable path."
        ) from error
