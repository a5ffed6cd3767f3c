"""One seed of each of the long runs, which ``tests/endurance/run`` makes longer and with many seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.client.batch_project import BatchProject
from tests.endurance.long_batches import with_client_kills, with_command_kills, with_compactions

if TYPE_CHECKING:
    from pathlib import Path

    from tests.client.conftest import ClientFactory

pytestmark = pytest.mark.client

FEATURES = 8


@pytest.fixture
def batch_project(tmp_path: Path) -> BatchProject:
    return BatchProject.make(tmp_path / "project", FEATURES)


def test_a_batch_survives_compactions_at_random_moments(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    run = with_compactions(make_client, batch_project, features=FEATURES, moments=4, seed=1)
    assert run.disturbances >= 3


def test_a_batch_survives_its_client_being_killed(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    run = with_client_kills(make_client, batch_project, features=FEATURES, moments=3, seed=1)
    assert run.disturbances >= 2


def test_a_batch_survives_its_own_command_being_killed(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    run = with_command_kills(make_client, batch_project, features=FEATURES, moments=8, seed=1)
    assert run.disturbances >= 2
