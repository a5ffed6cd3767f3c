"""What the tests came to is kept for the feature after, whole or not at all."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from batch_implement.proof.kept_results import keep, kept
from batch_implement.proof.results.outcome import NamedTest, Results, TestOutcome
from batch_implement.state.past_batches import past_batches

if TYPE_CHECKING:
    from pathlib import Path

RESULTS = Results(
    (NamedTest("tests/test_a.py::test_é[1-\n]", TestOutcome.PASSED), NamedTest("b", TestOutcome.SKIPPED)),
    ((TestOutcome.PASSED, 3), (TestOutcome.EXPECTED_FAILURE, 1)),
    "it ended early",
    ("jest",),
)
OTHER = Results((NamedTest("c", TestOutcome.PASSED),))


def _files(home: Path) -> list[str]:
    return sorted(path.name for path in (home / ".claude/batches").iterdir())


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    name = keep(tmp_path, RESULTS)
    assert kept(tmp_path, name) == RESULTS
    assert _files(tmp_path) == [name]
    assert (tmp_path / ".claude/batches" / name).stat().st_mode & 0o777 == 0o600


def test_the_same_results_are_the_same_file(tmp_path: Path) -> None:
    assert keep(tmp_path, RESULTS) == keep(tmp_path, RESULTS)


def test_what_is_in_use_stays_and_the_rest_is_removed(tmp_path: Path) -> None:
    first, second = keep(tmp_path, RESULTS), keep(tmp_path, OTHER)
    assert kept(tmp_path, first) is None
    third = keep(tmp_path, RESULTS, in_use=[second])
    assert _files(tmp_path) == sorted([second, third])


@pytest.mark.parametrize(
    "content", [b"", b"\x1f\x8b", gzip.compress(b"{}"), gzip.compress(b'{"tests": 3}')], ids=len
)
def test_other_content_under_the_name_is_not_believed(tmp_path: Path, content: bytes) -> None:
    name = keep(tmp_path, RESULTS)
    (tmp_path / ".claude/batches" / name).write_bytes(content)
    assert kept(tmp_path, name) is None


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    name = keep(tmp_path, RESULTS)
    path = tmp_path / ".claude/batches" / name
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert kept(tmp_path, name) is None


@pytest.mark.parametrize("name", ["check-results-none.json.gz", "../batch_state.json", "", "."])
def test_what_was_never_kept_is_not_found(tmp_path: Path, name: str) -> None:
    assert kept(tmp_path, name) is None
    keep(tmp_path, RESULTS)
    assert kept(tmp_path, name) is None


def test_five_thousand_tests_take_little_room_and_are_no_past_batch(tmp_path: Path) -> None:
    many = Results(
        tuple(
            NamedTest(f"tests/shop/test_{number % 90}.py::TestCart::test_total[{number}]", TestOutcome.PASSED)
            for number in range(5000)
        )
    )
    name = keep(tmp_path, many)
    assert kept(tmp_path, name) == many
    assert (tmp_path / ".claude/batches" / name).stat().st_size < 100_000
    assert past_batches(tmp_path) == []
