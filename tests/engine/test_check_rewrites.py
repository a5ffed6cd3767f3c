"""A check that writes into tracked files is no dead end: what settles is committed, what does not is left."""

from __future__ import annotations

import pytest
from tests.batches import Batch, assigned, refusal

from batch_implement.model.refusals import NothingChanged

# As cargo brings its lock file up to the manifest.
LOCKING = """#!/bin/sh
echo run >> "$(git rev-parse --git-dir)/check-runs"
cp version lock
echo "2 passed in 0.01s"
"""
# As a badge, or a report with its time, that somebody has put under version control.
NUMBERING = """#!/bin/sh
echo run >> "$(git rev-parse --git-dir)/check-runs"
wc -l < "$(git rev-parse --git-dir)/check-runs" > report
echo "2 passed in 0.01s"
"""


def _shown(batch: Batch, name: str) -> str:
    return batch.repository.run("show", f"HEAD:{name}").strip()


@pytest.fixture
def locking(batch: Batch) -> Batch:
    batch.repository.write("check.sh", LOCKING, executable=True)
    batch.repository.commit(version="1", lock="1")
    return batch


def test_what_the_check_writes_for_a_feature_is_committed_with_it(locking: Batch) -> None:
    locking.begin()
    locking.repository.write("version", "2")
    assert assigned(locking.done(1)) == 2
    assert (_shown(locking, "version"), _shown(locking, "lock")) == ("2", "2")
    assert locking.check_runs == 3  # before the first feature, for its tree, and for the tree with the lock
    assert locking.repository.run("status", "--porcelain", "--", "version", "lock") == ""


def test_what_the_first_run_brought_up_to_date_is_nobodys_work_and_in_nobodys_way(locking: Batch) -> None:
    locking.repository.commit(version="2")
    assert assigned(locking.begin()) == 1
    assert refusal(locking.done(1)) == NothingChanged(number=1)
    locking.repository.write("version", "3")
    assert assigned(locking.done(1)) == 2
    assert (_shown(locking, "version"), _shown(locking, "lock")) == ("3", "3")


def test_what_a_check_writes_anew_each_time_is_left_out(batch: Batch) -> None:
    batch.repository.write("check.sh", NUMBERING, executable=True)
    batch.repository.commit(report="0\n")
    assert assigned(batch.begin()) == 1
    batch.repository.write("feature1.py")
    assert assigned(batch.done(1)) == 2
    batch.repository.write("feature2.py")
    assert assigned(batch.done(2)) == 3
    tracked = batch.repository.tracked()
    assert {"feature1.py", "feature2.py"} <= set(tracked)
    assert _shown(batch, "report") == "0"


def test_what_a_check_writes_anew_is_no_work_of_a_feature(batch: Batch) -> None:
    batch.repository.write("check.sh", NUMBERING, executable=True)
    batch.repository.commit(report="0\n")
    batch.begin()
    batch.repository.write("feature1.py")
    batch.done(1)
    assert refusal(batch.done(2)) == NothingChanged(number=2)


def test_a_file_that_the_user_had_changed_stays_the_users(locking: Batch) -> None:
    locking.repository.write("lock", "0")
    assert assigned(locking.begin(keep_dirty=True)) == 1
    locking.repository.write("feature1.py")
    assert assigned(locking.done(1)) == 2
    assert _shown(locking, "lock") == "1"
