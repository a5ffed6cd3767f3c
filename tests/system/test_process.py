"""The one door to other programs: nothing hangs it, nothing outlives it."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from batch_implement.errors import ProcessError
from batch_implement.system.process import program

if TYPE_CHECKING:
    from pathlib import Path


def _python(code: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", code]


def test_output_and_exit_status_are_returned(tmp_path: Path) -> None:
    finished = program.run(
        _python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"), cwd=tmp_path
    )
    assert (finished.returncode, finished.text, finished.error_text) == (3, "out\n", "err\n")
    assert not finished.ok


def test_input_larger_than_a_pipe_is_delivered_whole(tmp_path: Path) -> None:
    text = b"x" * 1_000_000
    finished = program.run(
        _python("import sys; print(len(sys.stdin.buffer.read()))"), cwd=tmp_path, stdin=text
    )
    assert finished.text == "1000000\n"


def test_a_program_that_does_not_read_its_input_ends_normally(tmp_path: Path) -> None:
    assert program.run(["true"], cwd=tmp_path, stdin=b"x" * 1_000_000).ok


def test_without_input_a_program_that_asks_gets_end_of_file(tmp_path: Path) -> None:
    finished = program.run(_python("input('password: ')"), cwd=tmp_path, timeout=10)
    assert "EOFError" in finished.error_text


def test_a_time_limit_ends_the_whole_group(tmp_path: Path) -> None:
    marker = tmp_path / "child"
    code = (
        "import subprocess, sys, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"p = subprocess.Popen(['sleep', '100']); open({str(marker)!r}, 'w').write(str(p.pid));"
        "time.sleep(100)"
    )
    finished = program.run(_python(code), cwd=tmp_path, timeout=1)
    assert finished.timed_out
    assert finished.returncode == -9
    assert _gone(int(marker.read_text()))


def test_what_a_program_leaves_behind_is_ended_with_it(tmp_path: Path) -> None:
    code = "import subprocess; p = subprocess.Popen(['sleep', '100']); print(p.pid, flush=True)"
    finished = program.run(_python(code), cwd=tmp_path, timeout=30)
    assert finished.ok
    assert finished.seconds < 20
    assert _gone(int(finished.text))


def test_a_program_that_closed_its_pipes_is_ended_at_its_time(tmp_path: Path) -> None:
    code = "import os, time; os.close(1); os.close(2); time.sleep(100)"
    assert program.run(_python(code), cwd=tmp_path, timeout=1).returncode == -9


def test_a_flood_of_output_is_kept_to_its_end(tmp_path: Path) -> None:
    finished = program.run(
        _python("print('x' * 5_000_000); print('the end')"), cwd=tmp_path, output_limit=1000
    )
    assert finished.truncated
    assert len(finished.stdout) == 1000
    assert finished.text.endswith("the end\n")


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_INDEX_FILE", "GIT_CONFIG_PARAMETERS", "GPG_TTY"])
def test_a_variable_that_redirects_git_is_not_handed_on(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "elsewhere")
    inherited = program.run(["env"], cwd=tmp_path).text.splitlines()
    assert not [line for line in inherited if line.startswith(f"{name}=")]


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="no-such-program"):
        program.run(["no-such-program"], cwd=tmp_path)


def _gone(pid: int) -> bool:
    """True once the process has ended; one that init has yet to reap counts as ended."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 -- not a file to tidy up
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False
