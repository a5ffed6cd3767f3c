"""`./demo` shows the whole thing, and fails when it did not come to its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from batch_implement.demo.showcase import show
from batch_implement.execution.client import installation

pytestmark = pytest.mark.client

# Raised whenever somebody has looked at what npm has; every other test is run on installation.VERSION.
NEWEST = "2.1.330"
CACHE = Path(__file__).resolve().parents[2] / ".cache"


@pytest.mark.parametrize("version", [installation.OLDEST, NEWEST])
def test_the_demo_ends_with_four_features_in_an_order_that_works(version: str) -> None:
    """On the oldest client that the README names, and on the newest that we know."""
    CACHE.mkdir(exist_ok=True)
    with FileLock(CACHE / "install.lock", timeout=900):
        installation.install(CACHE, print, version)
    said: list[str] = []
    shown = show(CACHE, said.append, version)
    subjects = [line.split(" ", 1)[1] for line in shown.splitlines() if " add " in line and "feat(" in line]
    names = ("double", "quadruple", "octuple", "negate")
    wanted = [f"feat({name}): add {name}" for name in names]
    assert sorted(subjects) == sorted(wanted)
    # Each of the first three needs the one before it; the fourth stands alone.
    assert sorted(map(subjects.index, wanted[:3])) == list(map(subjects.index, wanted[:3]))
    assert "4 of 4 done" in shown
    assert any("four features" in line for line in said)
