"""What the check itself changes, or somebody while it runs, is not committed as if it had been checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import CHECK, assigned, refusal

from batch_implement.model.refusals import ChangedMeanwhile, SettingsChanged

if TYPE_CHECKING:
    from tests.batches import Batch

    from batch_implement.model.refusals import Refusal

MEANWHILE = "if [ -e .git/meanwhile ]; then sh .git/meanwhile; fi\n"


@pytest.fixture
def begun(batch: Batch) -> Batch:
    """A feature is implemented; its check runs ``.git/meanwhile`` first."""
    first, rest = CHECK.split("\n", 1)
    batch.repository.commit(**{"check.sh": f"{first}\n{MEANWHILE}{rest}"})
    batch.begin()
    batch.work(1)
    return batch


def _refusal_when_meanwhile(begun: Batch, command: str) -> Refusal:
    before = begun.repository.log()
    begun.repository.write(".git/meanwhile", command)
    why = refusal(begun.done(1))
    (begun.root / ".git/meanwhile").unlink()
    assert begun.repository.log() == before
    return why


@pytest.mark.parametrize(
    "command",
    [
        "echo more >> feature1.py",
        "git add -A; echo more >> feature1.py",
        "echo more >> feature1.py; git add -A",
    ],
)
def test_files_that_change_during_the_check_are_not_committed_unchecked(begun: Batch, command: str) -> None:
    assert _refusal_when_meanwhile(begun, command) == ChangedMeanwhile(number=1)


def test_what_the_check_writes_and_then_leaves_alone_is_checked_and_committed(begun: Batch) -> None:
    begun.repository.write(".git/meanwhile", "echo new > another.py")
    assert assigned(begun.done(1)) == 2
    assert begun.repository.run("show", "HEAD:another.py").strip() == "new"
    assert begun.check_runs == 3  # before the first feature, before the file was there, and with it


def test_after_files_changed_during_the_check_the_next_call_checks_and_commits_them(begun: Batch) -> None:
    _refusal_when_meanwhile(begun, "echo more >> feature1.py")
    assert assigned(begun.done(1)) == 2
    assert begun.repository.run("show", "HEAD:feature1.py").endswith("more")
    assert begun.repository.run("diff", "HEAD") == ""


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("git config core.hooksPath /dev/null", "core.hookspath"),
        ("git config remote.origin.url https://elsewhere.example", "remote.origin.url"),
        ("git update-index --assume-unchanged app.py", "files hidden from git status"),
        (
            "echo new > another.py; git add another.py; git update-index --assume-unchanged another.py",
            "files hidden from git status",
        ),
    ],
)
def test_a_setting_that_changes_during_the_check_is_for_a_person_to_see(
    begun: Batch, command: str, name: str
) -> None:
    why = _refusal_when_meanwhile(begun, command)
    assert isinstance(why, SettingsChanged)
    assert why.names == (name,)
