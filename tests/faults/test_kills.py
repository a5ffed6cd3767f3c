"""Sixteen processes change one state while they are killed at random moments.

The longer runs are ``python -m tests.endurance.many_writers``; their results are in docs/reliability.md.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from tests.batch_projects import begun, start
from tests.decisions import setting
from tests.endurance.many_writers import run

from batch_implement.state import held_state

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.state.state_file import StateFile

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("BATCH_IMPLEMENT_TEST_KILLS", "60"))


def test_no_acknowledged_update_is_lost_and_every_read_is_valid(tmp_path: Path) -> None:
    result = run(tmp_path, workers=16, updates=200, kills=KILLS, seed=6)
    assert result.flawless, result
    assert result.acknowledged == 3200
    assert result.kills == KILLS
    assert result.reads > 100


def test_the_same_without_a_lock_is_found_to_lose_updates(tmp_path: Path) -> None:
    result = run(tmp_path, workers=8, updates=100, kills=0, seed=6, variant="no lock")
    assert result.lost > 0


def test_the_same_writing_in_place_is_found_to_be_read_torn(tmp_path: Path) -> None:
    result = run(tmp_path, workers=8, updates=50, kills=0, seed=6, variant="in place")
    assert result.invalid_reads > 0


def test_a_killed_writer_s_lock_is_free_at_once(
    state: StateFile, state_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_state, "LOCK_TIMEOUT", 3)

    holder = start("state.update(lambda _: print('in', flush=True) or sys.stdin.read())", state_file)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "in\n"
        holder.kill()
        holder.wait()
        state.update(setting(compactions=1))
    assert state.read().compactions == 1


def test_two_projects_do_not_wait_for_each_other(state_file: Path, tmp_path: Path) -> None:
    begun(state_file)
    (tmp_path / "other" / ".git").mkdir(parents=True)
    other = begun(tmp_path / "other" / ".claude" / "batch_state.json")
    with start("state.update(lambda _: print('in', flush=True) or sys.stdin.read())", state_file) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        other.update(setting(compactions=1))
        holder.kill()


def test_a_hundred_features_are_claimed_once_by_two_sessions(state_file: Path) -> None:
    begun(state_file, features=100)
    code = """
    claimed = []
    for _ in range(100):
        def claim(batch):
            free = next((n for n in range(100) if n not in batch.held), None)
            if free is None:
                return NOTHING
            claimed.append(str(free))
            return Transition("claimed", replace(batch, held={**batch.held, free: sys.argv[2]}))
        state.update(claim)
    print(" ".join(claimed))
    """
    sessions = [start(code, state_file, name) for name in ("one", "two")]
    claims = [session.communicate(timeout=120)[0].split() for session in sessions]
    assert sorted(int(name) for names in claims for name in names) == list(range(100))


def test_the_writers_need_nothing_but_the_standard_library(state_file: Path) -> None:
    begun(state_file)
    code = "state.update(completed(0)); print(*sys.modules)"
    with start(code, state_file) as process:
        modules = set(process.communicate(timeout=60)[0].split())
    assert modules.isdisjoint({"jsonschema", "filelock", "dotenv", "yaml", "typing", "pathlib", "datetime"})
    assert {name.partition(".")[0] for name in modules} <= sys.stdlib_module_names | {
        "batch_implement",
        "tests",
        "__main__",
    }
