"""Projects with a batch, and programs that change it, for the tests of the state."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import batch_implement
from batch_implement.model.batch import Batch
from batch_implement.model.feature import Feature
from batch_implement.state.state_file import StateFile

NOW = "2026-01-31T08:05:00.000000Z"
LIB = str(Path(batch_implement.__file__).parent.parent)
TESTS = str(Path(__file__).parent.parent)

PRELUDE = f"""
import os, sys
sys.path[:0] = [{LIB!r}, {TESTS!r}]
# What declares records is loaded when one is decoded: here, before the calls of a change are counted.
from batch_implement.model import attempt, check, evidence, feature
from batch_implement.errors import BatchImplementError
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.state.state_file import StateFile
from tests.decisions import completed, counted, failed, setting
state = StateFile(sys.argv[1])
"""


@pytest.fixture
def state_file(tmp_path: Path) -> Path:
    """The path of a state file that is not there yet, in an empty project."""
    (tmp_path / "project" / ".git").mkdir(parents=True)
    return tmp_path / "project" / ".claude" / "batch_state.json"


@pytest.fixture
def state(state_file: Path) -> StateFile:
    """A batch of three features that has just begun."""
    return begun(state_file)


def numbered(count: int) -> tuple[Feature, ...]:
    return tuple(Feature(id=str(number), text=f"Feature number {number}") for number in range(1, count + 1))


def new_batch(features: int | tuple[Feature, ...] = 3, **fields: Any) -> Batch:
    """A batch that has just begun, as a value."""
    given: dict[str, Any] = {
        "batch_id": "batch-1",
        "features_file": "",
        "features": numbered(features) if isinstance(features, int) else features,
        "created_at": NOW,
        "updated_at": NOW,
        **fields,
    }
    return Batch(**given)


def begun(path: Path, features: int | tuple[Feature, ...] = 3, **fields: Any) -> StateFile:
    file = StateFile(path)
    file.create(new_batch(features, **fields))
    return file


def journal_of(path: Path) -> Path:
    return path.parent / "batches" / "batch-1.jsonl"


def program(code: str, path: Path, *arguments: str) -> list[str]:
    """The command line of a program that changes a state as the product's own do: ``python -I -S``."""
    return [sys.executable, "-I", "-S", "-B", "-c", PRELUDE + textwrap.dedent(code), str(path), *arguments]


def start(code: str, path: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        program(code, path, *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def temporary_files(path: Path) -> list[str]:
    return [str(found) for found in path.parent.parent.rglob("*.tmp")]
