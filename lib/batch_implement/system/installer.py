"""Makes the plugin's own Python environment, once, with uv where it is there, else with venv and pip.

``bin/batch-implement`` calls it with the interpreter that was found: ``_install REQUIREMENTS HOME``. The
finished environment is moved into place as one step, so two first calls at once, or one that was cut off,
leave a whole one or none.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.errors import BatchImplementError, ProcessError
from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import Folder
from batch_implement.system.process import program

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIMEOUT = 600.0
_NAME = re.compile(r"[\w-]+")
# Of requirements.txt as it stands, with what it brings; the disk's is with pip beside it, without uv.
_DOWNLOAD = "3 MB"
_ON_DISK = "50 MB"


def make_environment(requirements: Path, home: Path) -> None:
    """Install the requirements into ``home/env``, unless another call has done so meanwhile.

    Raises :class:`ProcessError` with what to do when they can't be.
    """
    home.mkdir(parents=True, exist_ok=True)
    with Folder.open(home) as folder, locked(folder, "env.lock", 2 * _TIMEOUT):
        if _is_current(requirements, home / "env"):
            return
        for left in [*home.glob("env-*"), *home.glob("old-*")]:  # by a call that was cut off
            shutil.rmtree(left, ignore_errors=True)
        building = Path(tempfile.mkdtemp(prefix="env-", dir=home))
        try:
            _install(requirements, building)
            shutil.copyfile(requirements, building / "requirements.txt")
            _put_in_place(building, home / "env")
        finally:
            shutil.rmtree(building, ignore_errors=True)


def _is_current(requirements: Path, environment: Path) -> bool:
    try:
        installed = (environment / "requirements.txt").read_bytes()
    except OSError:
        return False
    return installed == requirements.read_bytes() and os.access(environment / "bin" / "python", os.X_OK)


def _install(requirements: Path, building: Path) -> None:
    uv = shutil.which("uv")
    if uv:
        _run([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(building)])
        python = str(building / "bin" / "python")
        _run([uv, "pip", "install", "--quiet", "--python", python, "--requirement", str(requirements)])
        return
    _run([sys.executable, "-I", "-m", "venv", str(building)])
    pip = [str(building / "bin" / "python"), "-I", "-m", "pip", "--disable-pip-version-check"]
    _run([*pip, "install", "--quiet", "--requirement", str(requirements)])


def _put_in_place(building: Path, target: Path) -> None:
    if target.exists():
        old = Path(tempfile.mkdtemp(prefix="old-", dir=target.parent))
        target.rename(old / "env")
        building.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        building.rename(target)


def _run(argv: Sequence[str]) -> None:
    finished = program.run(argv, cwd=Path("/"), timeout=_TIMEOUT)
    if not finished.ok:
        said = (finished.error_text or finished.text).strip()[-800:]
        raise ProcessError(
            f"The Python packages could not be installed ({' '.join(argv[:4])} …): {said}\n"
            "Check the network, or the package that brings venv (Debian: apt install python3-venv), "
            "or install uv; then call again."
        )


def announcement(requirements: Path, home: Path) -> str:
    """What an installation fetches, how much, and where to."""
    names = [_NAME.match(line) for line in requirements.read_text().splitlines()]
    named = ", ".join(found[0] for found in names if found) or "none"
    return (
        f"its Python packages are installed, once ({named}, with what they need): at most {_DOWNLOAD} to "
        f"download, {_ON_DISK} on disk, in {home}"
    )


def main(arguments: Sequence[str]) -> int:
    os.umask(0o022)
    requirements, home = map(Path, arguments)
    print(f"batch-implement: {announcement(requirements, home)}", flush=True)  # noqa: T201
    try:
        make_environment(requirements, home)
    except (BatchImplementError, OSError) as error:
        print(f"batch-implement: {error}", flush=True)  # noqa: T201 -- the launcher sends it to stderr
        return 1
    return 0
