"""Someone swaps files and folders of the batch for links while it is being written."""

from __future__ import annotations

import os
import re
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.batch_projects import begun
from tests.decisions import setting

from batch_implement.api.batch_state_manager import create_batch_state, save_batch_state
from batch_implement.errors import BatchImplementError
from batch_implement.state.state_file import StateFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SWAPS = int(os.environ.get("BATCH_IMPLEMENT_TEST_SWAPS", "300"))
TARGETS = {
    ".claude": ".claude",
    "the state": ".claude/batch_state.json",
    "the copy": ".claude/batch_state.json.bak",
    "the lock": ".claude/batch_state.json.lock",
    "the past batches": ".claude/batches",
    "the journal": ".claude/batches/batch-1.jsonl",
}
TEMPTATIONS = ("batch_state.json", "batch_state.json.bak", "batch_state.json.lock", "batch-1.jsonl")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder, and files, that a followed link would write to."""
    folder = tmp_path / "outside"
    (folder / "batches").mkdir(parents=True)
    for place in (folder, folder / "batches"):
        for name in TEMPTATIONS:
            (place / name).write_bytes(b"someone's own\n")
    return folder


def _look(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _swap(target: Path, link_to: Path, work: Callable[[], bool]) -> int:
    """Put a link in the target's place and take it away again, until ``work`` has come to its end."""
    swaps = 0
    aside = target.parent / "aside"
    while work():
        try:
            target.rename(aside)
            target.symlink_to(link_to)
            target.unlink()
            aside.rename(target)
            swaps += 1
        except OSError:
            # A writer put something of its own there meanwhile: begin again from what there is.
            if target.is_symlink():
                target.unlink()
            elif target.is_dir() and aside.exists():
                shutil.rmtree(aside)
            elif aside.exists():
                aside.rename(target)
    return swaps


@pytest.mark.parametrize("what", TARGETS)
def test_nothing_is_written_outside_while_links_are_swapped_in(
    what: str, state_file: Path, outside: Path
) -> None:
    begun(state_file)
    target = state_file.parent.parent / TARGETS[what]
    link_to = outside if target.is_dir() else outside / target.name
    before = _look(outside)
    done = {"swaps": 0}

    def work() -> bool:
        done["swaps"] += 1
        return done["swaps"] <= SWAPS

    swapper = threading.Thread(target=_swap, args=(target, link_to, work))
    swapper.start()
    number = 0
    while swapper.is_alive():
        number += 1
        try:
            StateFile(state_file).update(setting(compactions=number))
            StateFile(state_file).read()
        except BatchImplementError:
            pass  # refused, in words; what must not be is a change outside
    swapper.join()
    assert number > 0
    assert _look(outside) == before


@pytest.mark.parametrize("what", TARGETS)
def test_a_link_that_stands_there_is_refused_or_replaced_but_never_followed(
    what: str, state_file: Path, outside: Path
) -> None:
    state = begun(state_file)
    target = state_file.parent.parent / TARGETS[what]
    target.rename(target.parent / "aside")
    target.symlink_to(outside if (target.parent / "aside").is_dir() else outside / target.name)
    before = _look(outside)
    for call in (
        lambda: state.update(setting(compactions=1)),
        state.archive,
        state.remove,
        lambda: begun(state_file, batch_id="batch-2"),
        lambda: save_batch_state(state_file, create_batch_state(features=["x"], batch_id="batch-3")),
    ):
        try:
            call()
        except BatchImplementError as error:
            assert re.search("symlink|There is no batch state|is there already", str(error))  # noqa: PT017
    assert _look(outside) == before


HOSTILE_PARTS = st.sampled_from(
    [
        "..",
        ".",
        "/",
        "//",
        "\\",
        "\0",
        "~",
        "%2e%2e",
        "CON",
        "NUL",
        "aux.json",
        "a" * 256,
        "\u202e",
        "\n",
        "-x",
    ]
)
HOSTILE_NAMES = st.lists(HOSTILE_PARTS | st.text(max_size=8), max_size=6).map("".join)


@settings(
    max_examples=int(os.environ.get("BATCH_IMPLEMENT_TEST_EXAMPLES", "100")) * 5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=HOSTILE_NAMES, where=st.sampled_from(["id", "path", "restore"]))
def test_no_name_leads_outside_of_the_project(name: str, where: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / ".claude").mkdir(parents=True, exist_ok=True)
    before = {path for path in tmp_path.rglob("*") if not path.is_relative_to(project)}
    try:
        if where == "id":
            state = create_batch_state(features=["x"], batch_id=name or "x")
            save_batch_state(project / ".claude" / "batch_state.json", state)
        elif where == "path":
            save_batch_state(f"{project}/.claude/{name}", create_batch_state(features=["x"]))
        else:
            StateFile(project / ".claude" / "other.json").restore(name)
    except BatchImplementError:
        pass
    assert {path for path in tmp_path.rglob("*") if not path.is_relative_to(project)} == before
