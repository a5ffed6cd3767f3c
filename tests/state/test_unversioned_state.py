"""A state without version and checksum: of the first version, or written by anybody."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.batch_projects import begun
from tests.decisions import counted

from batch_implement.errors import UnversionedStateError
from batch_implement.state.home import BATCHES
from batch_implement.state.past_batches import past_batches
from batch_implement.state.state_file import StateFile

FIRST = Path(__file__).with_name("released_states") / "version_1_every_field.json"


@pytest.fixture
def early(state_file: Path) -> Path:
    state_file.parent.mkdir()
    shutil.copy(FIRST, state_file)
    return state_file


def test_it_is_not_taken_for_an_old_one(early: Path) -> None:
    before = early.read_bytes()
    for call in (StateFile(early).read, lambda: StateFile(early).update(counted())):
        with pytest.raises(UnversionedStateError, match="resume --migrate"):
            call()
    assert early.read_bytes() == before


def test_written_over_a_batch_at_work_it_is_damage_like_any_other(state_file: Path) -> None:
    good = begun(state_file).update(counted())
    fields = json.loads(state_file.read_bytes())
    for name in ("checksum", "version"):
        del fields[name]
    state_file.write_text(json.dumps({**fields, "completed_features": [0, 1, 2]}))
    assert StateFile(state_file).read() == good
    after = StateFile(state_file).update(counted())
    assert (after.completed_features, "was damaged" in after.notices[-1]) == ((), True)


def test_in_the_past_batches_it_is_none(early: Path) -> None:
    past = early.parent.joinpath(*BATCHES[1:])
    past.mkdir()
    early.rename(past / f"{json.loads(FIRST.read_text())['batch_id']}.json")
    assert past_batches(early.parent.parent) == []
