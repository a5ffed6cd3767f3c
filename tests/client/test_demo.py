"""`./demo` shows the whole thing, and fails when it did not come to its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch_implement.demo.showcase import show

pytestmark = pytest.mark.client

CACHE = Path(__file__).resolve().parents[2] / ".cache"


def test_the_demo_ends_with_four_features_in_an_order_that_works(executable: Path) -> None:
    assert executable.is_relative_to(CACHE)
    said: list[str] = []
    shown = show(CACHE, said.append)
    subjects = [line.split(" ", 1)[1] for line in shown.splitlines() if " add " in line and "feat(" in line]
    names = ("double", "quadruple", "octuple", "negate")
    wanted = [f"feat({name}): add {name}" for name in names]
    assert sorted(subjects) == sorted(wanted)
    # Each of the first three needs the one before it; the fourth stands alone.
    assert sorted(map(subjects.index, wanted[:3])) == list(map(subjects.index, wanted[:3]))
    assert "4 of 4 done" in shown
    assert any("four features" in line for line in said)
