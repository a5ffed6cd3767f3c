"""Claude Code itself, at one version, in a cache of our own.

Installed with npm beside nothing of the user's: no global package, no script of a package is run, and
what the user's npm configuration says about prefixes, engines or dry runs does not matter.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.errors import ProcessError
from batch_implement.system.process import program

if TYPE_CHECKING:
    from collections.abc import Callable

# With Node 20 npm otherwise takes an older client; the program itself needs no Node at all.
VERSION = "2.1.329"
# The oldest that the plugin works with: before it a plugin's bin/ was not on the PATH of Claude's commands.
OLDEST = "2.1.91"
_PACKAGE = "@anthropic-ai/claude-code"
_PROGRAMS = (f"node_modules/{_PACKAGE}-*/claude", f"node_modules/{_PACKAGE}/cli.js")
_INSTALL_SECONDS = 900.0
_OPTIONS = (
    "--include=optional",  # the program is in a package of the platform's own
    "--ignore-scripts",  # the package's script only links what we call directly
    "--engine-strict=false",
    "--global=false",
    "--location=project",
    "--workspaces=false",
    "--dry-run=false",
    "--package-lock=false",
    "--audit=false",
    "--fund=false",
    "--update-notifier=false",
    "--loglevel=error",
)
_NO_NETWORK = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "ENOTCACHED",
)


def install(cache: Path, report: Callable[[str], None], version: str = VERSION) -> Path:
    """The client's executable below ``cache``, installed now when it isn't there.

    Two processes may do this at the same time. ``report`` is told before anything is fetched. Raises
    :class:`ProcessError` with what is missing: a platform the client supports, npm, or the network.
    """
    cache = cache.resolve()
    folder = cache / f"claude-code-{version}"
    if (executable := _working(folder, version)) is not None:
        return executable
    _check_platform(version)
    npm = shutil.which("npm")
    if npm is None:
        raise ProcessError(
            "npm is not on PATH; install Node.js 18 or newer (https://nodejs.org), then try again."
        )
    report(f"Installing Claude Code {version} into {folder} with npm (once, about 400 MB on disk).")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".claude-code-{version}-", dir=cache) as temporary:
        fresh = Path(temporary) / "installed"
        _run_npm(npm, fresh, version)
        if _working(fresh, version) is None:
            raise ProcessError(
                f"npm installed {_PACKAGE}@{version}, but no program that runs on this machine "
                f"({platform.system()} {platform.machine()}) came with it."
            )
        _move_into_place(fresh, folder, version)
    installed = _working(folder, version)
    if installed is None:
        raise ProcessError(f"The client in {folder} does not run; remove that folder and try again.")
    return installed


def _check_platform(version: str) -> None:
    system, machine = platform.system(), platform.machine().lower()
    if system not in ("Linux", "Darwin") or machine not in ("x86_64", "amd64", "arm64", "aarch64"):
        raise ProcessError(
            f"Claude Code {version} runs on Linux and macOS, x64 or arm64; this is {system} {machine}."
        )


def _run_npm(npm: str, folder: Path, version: str) -> None:
    folder.mkdir()
    # A package.json of its own: npm otherwise looks for one in the folders above.
    (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    finished = program.run(
        [npm, "install", "--prefix", str(folder), *_OPTIONS, f"{_PACKAGE}@{version}"],
        cwd=folder,
        timeout=_INSTALL_SECONDS,
    )
    if finished.ok:
        return
    said = f"{finished.error_text}\n{finished.text}".strip()
    command = f"npm install {_PACKAGE}@{version}"
    if finished.timed_out:
        raise ProcessError(f"`{command}` did not end within {_INSTALL_SECONDS:.0f} seconds; try again later.")
    if any(code in said for code in _NO_NETWORK):
        raise ProcessError(
            f"`{command}` could not reach npm's registry; check the network. npm said: {said[-500:]}"
        )
    raise ProcessError(f"`{command}` failed with status {finished.returncode}: {said[-1000:]}")


def _working(folder: Path, version: str) -> Path | None:
    """The program in an installation when it is the right one and runs, else None.

    npm picks the platform's package (and the C library's), so the one that is there is the right one. Older
    versions are a script for Node.
    """
    for executable in sorted(path for name in _PROGRAMS for path in folder.glob(name)):
        if not os.access(executable, os.X_OK):
            continue
        finished = program.run([str(executable), "--version"], cwd=folder, timeout=60)
        if finished.ok and version in finished.text:
            return executable
    return None


def _move_into_place(fresh: Path, folder: Path, version: str) -> None:
    """Rename the finished installation; where another process was first, its one is kept."""
    if folder.exists() and _working(folder, version) is None:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        fresh.rename(folder)
    except OSError:
        if _working(folder, version) is None:
            raise
