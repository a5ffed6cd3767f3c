"""What the plugin adds to the context, per session and per feature, stays within its budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from benchmarks.context_bytes import ROOT, ContextBytes, Sessions

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.client

WORKED = 5


@pytest.fixture(scope="module")
def counted(executable: Path, plugin_home: Path, tmp_path_factory: pytest.TempPathFactory) -> ContextBytes:
    """A batch of twenty, cut off after five features: each costs the same as the one before."""
    return Sessions(executable, tmp_path_factory.mktemp("bytes"), plugin_home).measure(worked=WORKED)


def test_an_idle_session_pays_for_the_names_of_two_agents(counted: ContextBytes) -> None:
    assert 0 <= counted.idle < 600


def test_a_batch_of_twenty_begins_with_a_short_plan_and_one_assignment(counted: ContextBytes) -> None:
    assert 0 < counted.start < 4_000


def test_a_feature_adds_little_to_the_main_conversation(counted: ContextBytes) -> None:
    # The goal is 1,400; it is far from that, and should stay there.
    assert 0 < counted.own < 700
    assert counted.own < counted.client


def test_the_work_order_of_an_agent_is_short(counted: ContextBytes) -> None:
    assert 0 < counted.agent < 4_000


def test_a_feature_costs_one_round_trip_beyond_the_work_itself(counted: ContextBytes) -> None:
    assert counted.round_trips == 1


@pytest.mark.parametrize(
    ("folder", "most"), [("commands/*.md", 60), ("agents/*.md", 60), ("skills/*/SKILL.md", 150)]
)
def test_what_claude_reads_is_short(folder: str, most: int) -> None:
    files = list(ROOT.glob(folder))
    assert files
    assert [file.name for file in files if len(file.read_text().splitlines()) > most] == []
