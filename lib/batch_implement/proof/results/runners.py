"""The runners that tell the outcome of each test by its name."""

from __future__ import annotations

from batch_implement.proof.results import (
    cargo,
    go,
    jest,
    mocha,
    node_test,
    python_pytest,
    python_unittest,
    vitest,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.proof.results.base import Runner

RUNNERS: tuple[Runner, ...] = (
    python_pytest,
    python_unittest,
    node_test,
    jest,
    vitest,
    mocha,
    cargo,
    go,
)
