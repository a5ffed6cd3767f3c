"""What cargo and go print of a small project: recorded, and by themselves where they are installed.

``python -m tests.proof.results.recorded_output`` writes the recordings anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_FRAME = re.compile(
    r"^(?:\t.*|goroutine .*|created by .*|testing\..*|panic\(.*|example.com/.*\(.*)\n", re.MULTILINE
)
FOLDER = Path(__file__).with_name("recorded")
_RECORDINGS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    program: yaml.safe_load((FOLDER / f"{program}.yaml").read_text(encoding="utf-8"))
    for program in ("cargo", "go")
}


def sources(program: str) -> list[object]:
    """What a test is parametrized with: the recording always, the program itself where it is there."""
    real = [pytest.param("real", marks=pytest.mark.slow)] if shutil.which(program) else []
    return ["recorded", *real]


def files_of(program: str) -> Mapping[str, str]:
    """The project whose output is recorded."""
    return _RECORDINGS[program]["files"]


def recorded(command: str) -> str:
    """What this command printed."""
    return _RECORDINGS[command.partition(" ")[0]]["outputs"][command]


def _record(program: str) -> None:
    with tempfile.TemporaryDirectory() as root:
        for name, text in files_of(program).items():
            (Path(root) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(root) / name).write_text(text, encoding="utf-8")
        outputs = {command: _output(command, root) for command in _RECORDINGS[program]["outputs"]}
    document = {"files": dict(files_of(program)), "outputs": outputs}
    text = yaml.safe_dump(document, default_style="|", allow_unicode=True, width=1000, sort_keys=False)
    (FOLDER / f"{program}.yaml").write_text(text, encoding="utf-8")


def _output(command: str, root: str) -> str:
    finished = subprocess.run(
        command.split(),
        cwd=root,
        env={**os.environ, "CI": "true", "RUST_BACKTRACE": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    # Without the frames of a stack, which hold the places of this machine.
    return _FRAME.sub("", finished.stdout).replace(root, "/project")


if __name__ == "__main__":
    for _program in _RECORDINGS:
        _record(_program)
