"""A state file that the disk or another program damaged is found out, wherever it was hit."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from tests.decisions import completed, failed

from batch_implement.errors import CorruptStateError
from batch_implement.state.document import Document
from batch_implement.state.form import batch_of

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.state.state_file import StateFile


@pytest.fixture
def moved_on(state: StateFile) -> StateFile:
    state.update(failed(0, "é\n", tokens=7))
    state.update(completed(1, tokens=7))
    return state


def test_cut_at_any_byte_it_is_made_again_whole(moved_on: StateFile, state_file: Path) -> None:
    good, whole = moved_on.read(), state_file.read_bytes()
    for length in range(len(whole)):
        state_file.write_bytes(whole[:length])
        assert moved_on.read() == good, length


def test_any_flipped_bit_is_found(moved_on: StateFile, state_file: Path) -> None:
    whole = state_file.read_bytes()
    for position in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[position] ^= 1 << bit
            with pytest.raises(CorruptStateError):
                Document.parse(bytes(flipped))


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_bit_is_mended_and_the_damaged_file_kept(
    moved_on: StateFile, state_file: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 -- places to damage
    for number in range(1, 11):
        good = moved_on.read()
        damaged = bytearray(state_file.read_bytes())
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        state_file.write_bytes(damaged)
        written = moved_on.update(completed(1, tokens=1))
        assert written.context_token_estimate == good.context_token_estimate + 1
        kept = sorted(state_file.parent.glob("*.damaged-*"))
        assert (len(kept), kept[-1].read_bytes()) == (number, bytes(damaged))
    assert len(moved_on.read().notices) == 10


@pytest.mark.parametrize("tail", [b"\0" * 4096, b"\0", b" ", b"{}", b"\n\n"])
def test_something_behind_its_end_is_found(moved_on: StateFile, state_file: Path, tail: bytes) -> None:
    good = moved_on.read()
    with state_file.open("ab") as file:
        file.write(tail)
    with pytest.raises(CorruptStateError):
        Document.parse(state_file.read_bytes())
    assert moved_on.read() == good


def test_swapped_with_its_copy_it_is_an_older_state_and_a_whole_one(
    moved_on: StateFile, state_file: Path
) -> None:
    """Two whole files look alike; the next change goes on from the one that stands under the name."""
    copy = state_file.with_name("batch_state.json.bak")
    newer = state_file.read_bytes()
    older = copy.read_bytes()
    copy.unlink()
    copy.write_bytes(newer)
    state_file.write_bytes(older)
    assert moved_on.read().completed_features == ()
    moved_on.update(completed(1, tokens=7))
    assert moved_on.read().completed_features == (1,)
    assert [record["sequence"] for record in moved_on.history()] == [1, 2, 3]


def test_any_cut_of_the_journal_costs_the_last_change_at_most(moved_on: StateFile, state_file: Path) -> None:
    journal = state_file.parent / "batches" / "batch-1.jsonl"
    whole, good = journal.read_bytes(), moved_on.read()
    before_last = batch_of(Document.parse(state_file.with_name("batch_state.json.bak").read_bytes()))
    state_file.write_bytes(b"rubbish")
    for length in range(len(whole)):
        journal.write_bytes(whole[:length])
        assert moved_on.read() in [good, before_last], length


def test_any_flipped_bit_of_the_journal_costs_the_last_change_at_most(
    moved_on: StateFile, state_file: Path
) -> None:
    journal = state_file.parent / "batches" / "batch-1.jsonl"
    whole, good = journal.read_bytes(), moved_on.read()
    before_last = batch_of(Document.parse(state_file.with_name("batch_state.json.bak").read_bytes()))
    state_file.write_bytes(b"rubbish")
    last = len(whole) - len(whole.splitlines()[-1]) - 1
    for position in range(last, len(whole)):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << position % 8
        journal.write_bytes(flipped)
        assert moved_on.read() in [good, before_last], position
