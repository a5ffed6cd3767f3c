"""The state file against a plain model in memory, through changes, failures, damage, ends and returns."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from batch_implement.api.batch_state_manager import (
    create_batch_state,
    get_next_pending_feature,
    increment_retry_count,
    load_batch_state,
    mark_feature_status,
    record_git_operation,
    save_batch_state,
    update_batch_progress,
)
from batch_implement.errors import BatchStateError
from batch_implement.state.state_file import StateFile

# 100 runs of 30 steps by default; the long run is 50,000.
EXAMPLES = int(os.environ.get("BATCH_IMPLEMENT_TEST_EXAMPLES", "100"))
FEATURES = 5
INDICES = st.integers(0, FEATURES - 1)
STATUSES = st.sampled_from(["completed", "failed"])
# In memory where there is such a folder: this is about what is written, not about how durably.
FAST = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 -- as a parent of our own


class BatchMachine(RuleBasedStateMachine):
    """The model knows what the documented calls promise, and nothing of files."""

    @initialize(order=st.permutations(range(FEATURES)))
    def begin(self, order: list[int]) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=FAST))
        (self.folder / ".claude").mkdir()
        self.path = self.folder / ".claude" / "batch_state.json"
        state = create_batch_state(features=[f"F{number}" for number in range(FEATURES)], batch_id="b")
        state.feature_order = list(order)
        save_batch_state(self.path, state)
        self.order = list(order)
        self.completed: list[int] = []
        self.failed: dict[int, str] = {}
        self.retries: dict[int, int] = {}
        self.commits: dict[int, str] = {}
        self.tokens = self.position = 0
        self.is_archived = False

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    @precondition(lambda self: not self.is_archived)
    @rule(index=INDICES, status=STATUSES, tokens=st.integers(0, 9), text=st.text(max_size=5))
    def report(self, index: int, status: str, tokens: int, text: str) -> None:
        if self._refused(index, status):
            return
        update_batch_progress(self.path, index, status, tokens, text)
        self._mark(index, status, text)
        self.tokens += tokens
        processed = {*self.completed, *self.failed}
        while self.position < FEATURES and self.order[self.position] in processed:
            self.position += 1

    @precondition(lambda self: not self.is_archived)
    @rule(index=INDICES, status=STATUSES)
    def mark_out_of_turn(self, index: int, status: str) -> None:
        if not self._refused(index, status):
            mark_feature_status(self.path, index, status, "x")
            self._mark(index, status, "x")

    @precondition(lambda self: not self.is_archived)
    @rule(index=INDICES)
    def retry(self, index: int) -> None:
        self.retries[index] = self.retries.get(index, 0) + 1
        assert increment_retry_count(self.path, index) == self.retries[index]

    @precondition(lambda self: not self.is_archived)
    @rule(index=INDICES, sha=st.text("0123456789abcdef", min_size=7, max_size=7))
    def commit(self, index: int, sha: str) -> None:
        state = record_git_operation(load_batch_state(self.path), index, "commit", True, commit_sha=sha)
        save_batch_state(self.path, state)
        self.commits[index] = sha

    @precondition(lambda self: not self.is_archived)
    @rule(order=st.permutations(range(FEATURES)))
    def reorder(self, order: list[int]) -> None:
        state = load_batch_state(self.path)
        state.feature_order = self.order = list(order)
        save_batch_state(self.path, state)

    @precondition(lambda self: not self.is_archived)
    @rule(
        call=st.sampled_from(["writev", "fsync", "rename", "link", "unlink", "open"]), after=st.integers(0, 4)
    )
    def fail_at_a_call(self, call: str, after: int) -> None:
        """A change that is refused leaves all as it was; one that is not was made."""
        real, left = getattr(os, call), [after]

        def failing(*arguments: Any, **options: Any) -> Any:
            left[0] -= 1
            if left[0] == -1:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(*arguments, **options)

        before = self.retries.get(0, 0)
        try:
            with mock.patch.object(os, call, failing):
                increment_retry_count(self.path, 0)
            allowed = {before + 1}
        except BatchStateError as error:
            allowed = {before, before + 1} if "the disk does not confirm" in str(error) else {before}
        found = load_batch_state(self.path).retry_attempts.get(0, 0)
        assert found in allowed
        if found:
            self.retries[0] = found

    @precondition(lambda self: not self.is_archived)
    @rule(at=st.floats(0, 1), way=st.sampled_from(["cut", "flip", "empty", "rubbish"]))
    def damage(self, at: float, way: str) -> None:
        data = bytearray(self.path.read_bytes())
        place = int(at * (len(data) - 1))
        if way == "flip" and data:
            data[place] ^= 1
        kept = {"cut": data[:place], "flip": data, "empty": b"", "rubbish": b"\0\xff"}[way]
        self.path.write_bytes(kept)

    @precondition(lambda self: not self.is_archived)
    @rule()
    def end(self) -> None:
        StateFile(self.path).archive()
        self.is_archived = True

    @precondition(lambda self: not self.is_archived)
    @rule()
    def remove_by_hand(self) -> None:
        self.path.unlink()
        self.is_archived = True

    @precondition(lambda self: self.is_archived)
    @rule()
    def come_back(self) -> None:
        StateFile(self.path).restore("b")
        self.is_archived = False

    @invariant()
    def the_file_says_what_the_model_says(self) -> None:
        if not hasattr(self, "path") or self.is_archived:
            return
        state = load_batch_state(self.path)
        assert state.completed_features == self.completed
        assert {r["feature_index"]: r["error_message"] for r in state.failed_features} == self.failed
        assert len(state.failed_features) == len(self.failed)
        assert state.retry_attempts == self.retries
        assert {index: done["commit"]["sha"] for index, done in state.git_operations.items()} == self.commits
        assert (state.context_token_estimate, state.current_index) == (self.tokens, self.position)
        assert state.feature_order == self.order
        is_done = len({*self.completed, *self.failed}) == FEATURES
        assert (state.status == "completed") >= is_done
        ahead = [index for index in self.order[self.position :] if index not in self.completed]
        assert get_next_pending_feature(state) == (f"F{ahead[0]}" if ahead else None)

    def _refused(self, index: int, status: str) -> bool:
        """A completed feature can't fail."""
        if status == "completed" or index not in self.completed:
            return False
        try:
            update_batch_progress(self.path, index, status)
        except BatchStateError:
            return True
        raise AssertionError("a completed feature has failed")

    def _mark(self, index: int, status: str, text: str) -> None:
        self.failed.pop(index, None)
        if status == "failed":
            self.failed[index] = text
        elif index not in self.completed:
            self.completed.append(index)


TestBatch = BatchMachine.TestCase
TestBatch.settings = settings(max_examples=EXAMPLES, stateful_step_count=30, deadline=None)
