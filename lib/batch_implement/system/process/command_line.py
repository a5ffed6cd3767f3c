"""With which arguments a process was started."""

from __future__ import annotations

from pathlib import Path

from batch_implement.errors import ProcessError
from batch_implement.system.process import program


def command_line(pid: int) -> list[str]:
    """The arguments, the program first; empty where the system does not tell.

    Without ``/proc`` one with blanks in it comes as several.
    """
    if pid <= 0:
        return []
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").rstrip("\0").split("\0")
    except OSError:
        pass
    try:
        return program.run(
            ["ps", "-ww", "-o", "args=", "-p", str(pid)], cwd=Path("/"), timeout=5
        ).text.split()
    except ProcessError:
        return []
