"""The files by which whoever asks for a check and the process that runs it know of each other."""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from batch_implement.system.files.checksum import object_in, signed, unsigned

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from batch_implement.system.files.folder import Folder

_REQUEST = "check-request"
_RUN = "check-run"
_ENDING = ".json"


def slot_of(home: Path, workspace: Path) -> str:
    """What tells the files of a workspace's run apart; nothing for the main tree's."""
    return "" if workspace == home else f"-{zlib.crc32(os.fsencode(workspace)):08x}"


@dataclass(frozen=True)
class RunFiles:
    """The files of the run in one workspace: what was asked for, and how far it is."""

    folder: Folder
    slot: str

    def begin(self, request: Mapping[str, Any]) -> None:
        """A request takes the place of what is known of another run."""
        self.folder.write(self._request_name, json.dumps(request).encode())
        self.folder.remove(self._name)

    def read_request(self) -> dict[str, Any]:
        try:
            return object_in(self.folder.read(self._request_name))
        except FileNotFoundError:
            return {}

    def forget_request(self) -> None:
        self.folder.remove(self._request_name)

    def write(self, run: Mapping[str, Any]) -> None:
        """With a checksum, so that a result written by hand is none."""
        self.folder.write(self._name, signed(json.dumps(run)))

    def read(self) -> dict[str, Any]:
        """Empty for what :meth:`write` did not write."""
        try:
            return unsigned(self.folder.read(self._name))
        except FileNotFoundError:
            return {}

    def remove(self) -> None:
        self.folder.remove(self._request_name)
        self.folder.remove(self._name)

    @property
    def _name(self) -> str:
        return f"{_RUN}{self.slot}{_ENDING}"

    @property
    def _request_name(self) -> str:
        return f"{_REQUEST}{self.slot}{_ENDING}"


def all_runs(folder: Folder) -> list[RunFiles]:
    """Those of every workspace."""
    slots = {
        name.removeprefix(begin).removesuffix(_ENDING)
        for name in folder.names()
        for begin in (_REQUEST, _RUN)
        if name.startswith(begin) and name.endswith(_ENDING)
    }
    return [RunFiles(folder, slot) for slot in sorted(slots)]
