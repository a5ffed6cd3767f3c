"""The settings in force: the environment over ``.env`` in the project root over the defaults.

``.env`` belongs to the user's own program too, so only our own names are read from it, nothing in it
is expanded, and none of it is exported.
"""

from __future__ import annotations

import difflib
import io
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from batch_implement.errors import ConfigError
from batch_implement.system.files.user_file import UnusableFileError, read_text
from batch_implement.system.settings.declared import BY_NAME, SETTINGS

ENV_FILE = ".env"
_SIZE_LIMIT = 64 * 1024
# Names that start like ours and are ours misspelt; anything else with such a prefix is the user's.
_PREFIXES = ("AUTO_GIT_", "BATCH_")
_LIKENESS = 0.85
# Ours, and no settings: where the Python packages are, and what a check that we run is given.
_OTHERS = ("BATCH_IMPLEMENT_", "BATCH_RESULTS_")


@dataclass(frozen=True)
class Config:
    """``values`` by setting; ``origins`` says for each where it comes from, as shown by ``doctor``.

    ``unknown`` are names that begin as ours do and are like none of ours, with where they are set.
    """

    values: Mapping[str, str | bool | int]
    origins: Mapping[str, str]
    unknown: tuple[tuple[str, str], ...] = ()

    def is_set(self, name: str) -> bool:
        """Whether somebody set it, to whatever value."""
        return self.origins[name] != "default"

    def flag(self, name: str) -> bool:
        return self.values[name] is True

    def text(self, name: str) -> str:
        return str(self.values[name])

    def number(self, name: str) -> int:
        return int(self.values[name])


def load_config(root: Path, environment: Mapping[str, str] | None = None) -> Config:
    """Read the settings; raises :class:`ConfigError` for a value, a name or a file that can't be used."""
    sources = (
        ("the environment", os.environ if environment is None else environment),
        (ENV_FILE, _read_env_file(root / ENV_FILE)),
    )
    for where, found in sources:
        _refuse_misspelt(where, found)
    values: dict[str, str | bool | int] = {}
    origins: dict[str, str] = {}
    for setting in SETTINGS:
        where, text = next(
            ((where, found[setting.name]) for where, found in sources if setting.name in found),
            ("default", setting.default),
        )
        values[setting.name] = setting.parse(text, where)
        origins[setting.name] = where
    unknown = ((where, name) for where, found in sources for name in sorted(found) if _is_unknown(name))
    return Config(values, origins, tuple(unknown))


def _is_unknown(name: str) -> bool:
    return name.startswith("BATCH_") and name not in BY_NAME and not name.startswith(_OTHERS)


def _read_env_file(path: Path) -> dict[str, str]:
    try:
        text = read_text(path, _SIZE_LIMIT)
    except FileNotFoundError:
        return {}
    except UnusableFileError as error:
        raise ConfigError(f"{path}{error} Or set our settings in the environment.") from error
    # A line it can't parse is skipped; its warning would land in the middle of our answer.
    logging.getLogger("dotenv.main").setLevel(logging.ERROR)
    found = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {key: value or "" for key, value in found.items() if key.startswith(_PREFIXES)}


def _refuse_misspelt(where: str, found: Mapping[str, str]) -> None:
    for name in sorted(name for name in found if name.startswith(_PREFIXES) and name not in BY_NAME):
        close = difflib.get_close_matches(name[:80], BY_NAME, n=1, cutoff=_LIKENESS)
        if close:
            raise ConfigError(f"{where} sets {name[:80]}, which is not a setting. Did you mean {close[0]}?")
