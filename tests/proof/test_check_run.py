"""A run of the check outlives whoever asked for it, and is one run however often it is asked about.

The runs are real: each is a process of its own in the background.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from batch_implement.errors import PathError
from batch_implement.proof import check_run
from batch_implement.proof.check_command import Step
from batch_implement.proof.check_run import CheckRequest, forget, run_or_pick_up
from batch_implement.proof.results.outcome import TestOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batch_implement.proof.check_steps import CheckResult

pytestmark = pytest.mark.slow

LIB = Path(__file__).resolve().parents[2] / "lib"
# Far more than any of these runs takes on a busy machine; nothing waits for it to pass.
LONG = 60.0


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A project; no run is left going in it."""
    project = tmp_path / "a project"
    project.mkdir()
    yield project
    forget(project)


def _request(
    *scripts: str, tree: str = "a" * 40, timeout: int = 50, purpose: str = "check 1"
) -> CheckRequest:
    return CheckRequest(tuple(Step(("sh", "-c", script)) for script in scripts), tree, timeout, purpose)


def _result(root: Path, request: CheckRequest) -> CheckResult:
    result = _asked(root, request)
    assert result is not None
    return result


def _asked(
    root: Path, request: CheckRequest, *, workspace: Path | None = None, wait: float = LONG
) -> CheckResult | None:
    return run_or_pick_up(root, request, workspace=workspace or root, environment=os.environ, wait=wait)


def _counts(result: CheckResult | None) -> tuple[int, int]:
    """How many tests there were, and how many of them were skipped."""
    assert result is not None
    assert result.results is not None
    return result.results.total, result.results.counts[TestOutcome.SKIPPED]


def _until(condition: Callable[[], Any]) -> Any:
    """What the condition came to, once it is true."""
    deadline = time.monotonic() + LONG
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return found


def _runs(root: Path) -> int:
    """How often a check that does ``echo run >> runs`` was run."""
    return len((root / "runs").read_text().splitlines()) if (root / "runs").exists() else 0


def _run_file(root: Path) -> dict[str, Any]:
    [path] = (root / ".claude/batches").glob("check-run*.json")  # a tree beside the home has one of its own
    found: dict[str, Any] = json.loads(json.loads(path.read_text())["run"])
    return found


def _worker(root: Path) -> int:
    return int(_run_file(root)["worker"].split()[0])


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_check_that_passes_has_its_tests_counted(root: Path) -> None:
    result = _result(root, _request("echo '3 passed, 1 skipped in 0.01s'"))
    assert (result.succeeded, result.exit_code, result.timed_out) == (True, 0, False)
    assert _counts(result) == (4, 1)
    assert result.output == "3 passed, 1 skipped in 0.01s\n"


def test_a_check_that_fails_gives_its_status_and_what_it_said_on_both_streams(root: Path) -> None:
    result = _result(root, _request("echo out; echo err >&2; exit 3"))
    assert (result.succeeded, result.exit_code, result.output) == (False, 3, "out\nerr\n")


def test_the_first_step_that_fails_ends_the_check(root: Path) -> None:
    steps = ("echo 2 passed in 0.1s", "echo 3 passed in 0.1s; exit 1", "touch third")
    result = _result(root, _request(*steps))
    assert (result.exit_code, result.output, _counts(result)) == (1, "3 passed in 0.1s\n", (5, 0))
    assert not (root / "third").exists()


def test_a_check_runs_in_the_project_without_input_and_with_its_variables(root: Path) -> None:
    script = 'pwd; echo "$CI $GREETING"; read line || echo "no input"'
    request = CheckRequest((Step(("sh", "-c", script), (("GREETING", "hello you"),)),), "tree", 50)
    assert _result(root, request).output == f"{root}\ntrue hello you\nno input\n"


def test_a_check_of_another_tree_runs_there_and_leaves_its_files_in_the_home(
    root: Path, tmp_path: Path
) -> None:
    lane = tmp_path / "a lane"
    lane.mkdir()
    result = _asked(root, _request("pwd; touch made"), workspace=lane)
    assert result is not None
    assert result.output == f"{lane}\n"
    assert [path.name for path in lane.iterdir()] == ["made"]
    assert _run_file(root)["result"]["exit_code"] == 0


def test_a_check_that_takes_longer_than_the_wait_is_picked_up_by_the_next_call(root: Path) -> None:
    request = _request("echo run >> runs; while ! [ -e go ]; do sleep 0.02; done; echo 7 passed in 0.1s")
    assert _asked(root, request, wait=0) is None
    assert _asked(root, request, wait=0.1) is None
    (root / "go").touch()
    assert _counts(_result(root, request)) == (7, 0)
    assert _runs(root) == 1


def test_a_result_is_kept_for_who_asks_again(root: Path) -> None:
    request = _request("echo run >> runs; exit 1")
    first = _result(root, request)
    assert _result(root, request) == first
    assert _runs(root) == 1


@pytest.mark.parametrize("other", [{"tree": "b" * 40}, {"purpose": "check 2"}, {"timeout": 49}])
def test_another_tree_or_purpose_is_another_run(root: Path, other: dict[str, Any]) -> None:
    _result(root, _request("echo run >> runs"))
    _result(root, _request("echo run >> runs", **other))
    assert _runs(root) == 2


def test_a_run_for_another_tree_is_ended_first_with_all_its_processes(root: Path) -> None:
    assert _asked(root, _request("sleep 300 & echo $! > child; wait"), wait=0) is None
    child = int(_until(lambda: (root / "child").exists() and (root / "child").read_text().strip()))
    worker = _worker(root)
    assert _result(root, _request("true", tree="b" * 40)).succeeded
    _until(lambda: not _is_running(child) and not _is_running(worker))


def test_forgetting_ends_the_run_and_removes_its_files(root: Path) -> None:
    assert _asked(root, _request("echo $$ > child; exec sleep 300"), wait=0) is None
    child = int(_until(lambda: (root / "child").exists() and (root / "child").read_text().strip()))
    forget(root)
    _until(lambda: not _is_running(child))
    assert not list((root / ".claude/batches").glob("check-r*.json"))


def test_forgetting_where_nothing_ever_ran_makes_nothing(root: Path) -> None:
    forget(root)
    assert not (root / ".claude").exists()


# --- who asked is ended -----------------------------------------------------------------------------

_CALLER = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from batch_implement.proof.check_command import Step
from batch_implement.proof.check_run import CheckRequest, run_or_pick_up
steps = (Step(("sh", "-c", sys.argv[3])),)
root = Path(sys.argv[2])
request = CheckRequest(steps, "a" * 40, 50, "check 1")
run_or_pick_up(root, request, workspace=root, environment=os.environ, wait=300)
"""


def test_a_run_survives_its_caller_the_callers_group_and_its_whole_process_tree(root: Path) -> None:
    script = "echo run >> runs; while ! [ -e go ]; do sleep 0.02; done; echo 7 passed in 0.1s"
    # As the Bash tool has it: a shell that started us, in a group of its own.
    shell = subprocess.Popen(
        [
            "sh",
            "-c",
            '"$@"; true',
            "sh",
            sys.executable,
            "-I",
            "-S",
            "-c",
            _CALLER,
            str(LIB),
            str(root),
            script,
        ],
        start_new_session=True,
    )
    _until(lambda: _runs(root))
    for pid in [shell.pid, *_descendants(shell.pid)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(shell.pid, signal.SIGKILL)
    assert shell.wait() == -signal.SIGKILL
    (root / "go").touch()
    assert _counts(_result(root, _request(script))) == (7, 0)
    assert _runs(root) == 1


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in map(int, children) for found in (*_descendants(child), child)]


def test_two_calls_at_once_are_one_run(root: Path) -> None:
    request = _request("echo run >> runs; sleep 0.3; echo 7 passed in 0.1s")
    results: list[CheckResult | None] = []
    callers = [threading.Thread(target=lambda: results.append(_asked(root, request))) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert [_counts(result) for result in results] == [(7, 0)] * 4
    assert _runs(root) == 1


# --- the run itself is ended ------------------------------------------------------------------------


def test_a_time_limit_ends_the_check_and_what_it_started(root: Path) -> None:
    result = _result(root, _request("sleep 300 & echo $! > child; echo begun; wait", timeout=1))
    assert (result.succeeded, result.timed_out, result.output) == (False, True, "begun\n")
    _until(lambda: not _is_running(int((root / "child").read_text())))


def test_the_time_limit_is_for_all_steps_together(root: Path) -> None:
    assert _result(root, _request("sleep 0.7", "sleep 0.7", "touch third", timeout=1)).timed_out
    assert not (root / "third").exists()


def test_a_run_that_is_killed_from_outside_says_so_and_the_next_call_runs_anew(root: Path) -> None:
    request = _request("echo run >> runs; [ -e go ] || { echo $$ > child; exec sleep 300; }")
    results: list[CheckResult | None] = []
    caller = threading.Thread(target=lambda: results.append(_asked(root, request)))
    caller.start()
    child = int(_until(lambda: (root / "child").exists() and (root / "child").read_text().strip()))
    _until(lambda: _run_file(root).get("groups"))
    os.kill(_worker(root), signal.SIGKILL)
    caller.join()
    assert results[0] is not None
    assert (results[0].succeeded, results[0].exit_code) == (False, -9)
    assert "was ended from outside" in results[0].output
    (root / "go").touch()
    assert _result(root, request).succeeded
    assert _runs(root) == 2
    # What the killed run had started is not left beside the new one.
    _until(lambda: not _is_running(child))


def test_a_run_that_ends_between_two_looks_has_its_result(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = _request("while ! [ -e go ]; do sleep 0.02; done; echo 7 passed in 0.1s")
    assert _asked(root, request, wait=0) is None
    alive = check_run.is_alive

    def ends_first(run: dict[str, Any]) -> bool:
        (root / "go").touch()
        _until(lambda: "result" in _run_file(root) and not alive(run))
        return alive(run)

    monkeypatch.setattr(check_run, "is_alive", ends_first)
    assert _counts(_result(root, request)) == (7, 0)


@pytest.mark.parametrize("argv", [("no-such-program", "--all"), ("./not-executable",), ("a\0b",)])
def test_a_program_that_can_not_be_started_is_a_failed_check_that_says_why(
    root: Path, argv: tuple[str, ...]
) -> None:
    (root / "not-executable").write_text("#!/bin/sh\n")
    result = _result(root, CheckRequest((Step(argv),), "tree", 50))
    assert (result.succeeded, result.exit_code) == (False, 127)
    assert result.output.startswith(f"Could not start {argv[0]!r}")


# --- much output ------------------------------------------------------------------------------------


def test_a_hundred_megabytes_of_output_are_bounded_in_memory(root: Path) -> None:
    script = "head -c 100000000 /dev/zero | tr '\\0' x; echo; touch printed; while ! [ -e go ]; do sleep 0.02"
    request = _request(f"{script}; done; echo 7 passed in 0.1s")
    assert _asked(root, request, wait=0) is None
    _until((root / "printed").exists)
    status = Path(f"/proc/{_worker(root)}/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    assert peak < 100_000  # kilobytes
    (root / "go").touch()
    result = _result(root, request)
    assert _counts(result) == (7, 0)
    assert len(result.output) <= 16_000
    assert (root / ".claude/batches/check-run.json").stat().st_size < 200_000


def test_the_end_of_a_hundred_thousand_lines_is_kept_and_counted(root: Path) -> None:
    result = _result(root, _request("seq 1 100000; echo 7 passed in 0.1s"))
    assert result.output.endswith("99999\n100000\n7 passed in 0.1s\n")
    assert _counts(result) == (7, 0)


def test_output_that_is_no_text_is_no_error(root: Path) -> None:
    result = _result(root, _request(r"printf '\377\376\0\033[31m\355\240\200'; exit 1"))
    assert result.exit_code == 1
    assert result.output.count("�") >= 3


# --- what lies in the folder ------------------------------------------------------------------------


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b"null", b'{"request": 3, "result": 4}', b"\xff\x00"])
def test_rubbish_in_the_files_of_a_run_is_a_new_run(root: Path, rubbish: bytes) -> None:
    folder = root / ".claude/batches"
    folder.mkdir(parents=True)
    (folder / "check-request.json").write_bytes(rubbish)
    (folder / "check-run.json").write_bytes(rubbish)
    assert _result(root, _request("true")).succeeded


def test_the_number_of_another_process_in_a_run_file_ends_nothing_of_the_users(root: Path) -> None:
    bystander = subprocess.Popen(["sleep", "300"], start_new_session=True)
    folder = root / ".claude/batches"
    folder.mkdir(parents=True)
    forged = {"request": {}, "worker": f"{bystander.pid} 1 boot", "group": f"{bystander.pid} 1 boot"}
    (folder / "check-run.json").write_text(json.dumps(forged))
    assert _result(root, _request("true")).succeeded
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_folder_of_ours_that_is_a_link_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / ".claude").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PathError, match="is a symlink"):
        _asked(root, _request("true"))
    assert not list((tmp_path / "elsewhere").iterdir())
    (root / ".claude").unlink()


# --- what the check is started with -----------------------------------------------------------------


def test_a_check_has_the_environment_it_is_given_and_nothing_of_its_callers(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKIP_SLOW", "1")
    given = {"PATH": os.environ["PATH"], "GREETING": "hello"}
    request = _request('echo "$GREETING ${SKIP_SLOW-not skipped}"')
    result = run_or_pick_up(root, request, workspace=root, environment=given, wait=LONG)
    assert result is not None
    assert result.output == "hello not skipped\n"


def test_no_value_of_the_environment_is_in_a_file(root: Path) -> None:
    given = {**os.environ, "SECRET": "the-word-that-nobody-writes-down"}
    request = _request('echo "${#SECRET}"')
    result = run_or_pick_up(root, request, workspace=root, environment=given, wait=LONG)
    assert result is not None
    assert result.output == "32\n"
    texts = [path.read_text() for path in root.rglob("*") if path.is_file()]
    assert texts
    assert not [text for text in texts if given["SECRET"] in text]


def test_a_program_is_looked_for_where_the_given_environment_says(root: Path, tmp_path: Path) -> None:
    for folder in ("theirs", "ours"):
        program = tmp_path / folder / "say"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\necho {folder}\n")
        program.chmod(0o755)
    request = CheckRequest((Step(("say",)),), "tree", 50)
    given = {"PATH": f"{tmp_path / 'theirs'}:{os.environ['PATH']}"}
    result = run_or_pick_up(root, request, workspace=root, environment=given, wait=LONG)
    assert result is not None
    assert result.output == "theirs\n"


# --- the tests of the check, by name ----------------------------------------------------------------


def test_tests_are_known_by_name_and_nothing_is_left_in_the_project(root: Path) -> None:
    (root / "test_sums.py").write_text(
        "import unittest\n"
        "class Sums(unittest.TestCase):\n"
        "    def test_sum(self): self.assertEqual(1 + 1, 2)\n"
        "    @unittest.skip('later')\n"
        "    def test_later(self): pass\n"
    )
    step = Step((sys.executable, "-B", "-m", "unittest"))
    result = _result(root, CheckRequest((step,), "tree", 50))
    assert result.succeeded
    assert result.results is not None
    assert {test.name: test.outcome for test in result.results.tests} == {
        "test_sums.Sums.test_sum": TestOutcome.PASSED,
        "test_sums.Sums.test_later": TestOutcome.SKIPPED,
    }
    assert sorted(path.name for path in root.iterdir()) == [".claude", "test_sums.py"]


def test_a_result_written_by_hand_is_not_believed(root: Path) -> None:
    request = _request("echo run >> runs; echo 1 failed in 0.1s; exit 1")
    assert not _result(root, request).succeeded
    path = root / ".claude/batches/check-run.json"
    path.write_text(path.read_text().replace('\\"exit_code\\": 1', '\\"exit_code\\": 0'))
    assert not _result(root, request).succeeded
    assert _runs(root) == 2
