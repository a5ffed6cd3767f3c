"""A batch's failures: counted once, remembered across crashes, written down without secrets."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from tests.system.canaries import CANARIES

import batch_implement
from batch_implement.errors import BatchStateError, PathError
from batch_implement.recovery.decide import RetryAction
from batch_implement.recovery.failure import FailureFacts, FailureKind
from batch_implement.recovery.failures import BatchRetryManager
from batch_implement.system.clock import parse_timestamp

NOW = datetime(2026, 10, 5, 14, 0, tzinfo=timezone(timedelta(hours=2)))
BATCH = "batch-20251118-123456"
LOST = FailureFacts("report", "ConnectionResetError: [Errno 104] Connection reset by peer")
REFUSED = FailureFacts("report", "connect ECONNREFUSED 127.0.0.1:80")
TIMED_OUT = FailureFacts("check", timed_out=True)
WRONG = FailureFacts("report", "SyntaxError: invalid syntax")
SAYS_LITTLE = FailureFacts("report", "it did not work out")
LIMIT = FailureFacts("api", "5-hour limit reached ∙ resets 3pm", api_error="rate_limit")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def manager(tmp_path: Path, clock: Clock) -> BatchRetryManager:
    return _manager(tmp_path, clock)


def _manager(project: Path, clock: Clock, **options: Any) -> BatchRetryManager:
    settings = {"enabled": True, "clock": clock, "random": lambda: 0.5, **options}
    return BatchRetryManager(project, BATCH, **settings)


def _state_file(project: Path) -> Path:
    return project / ".claude" / f"batch_{BATCH}_retry_state.json"


def _audit(project: Path) -> list[dict[str, Any]]:
    path = project / ".claude" / "audit" / f"{BATCH}_retry_audit.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def test_asking_counts_nothing_and_makes_nothing(manager: BatchRetryManager, tmp_path: Path) -> None:
    for _ in range(9):
        assert manager.may_retry(0, LOST).decision.action is RetryAction.RETRY
    assert manager.may_retry(0, WRONG).decision.action is RetryAction.SKIP
    assert list(tmp_path.iterdir()) == []


def test_a_transient_failure_is_retried_three_times(manager: BatchRetryManager) -> None:
    failures = [LOST, REFUSED, TIMED_OUT, LOST]
    actions = [manager.record_failure(0, failure).decision.action.value for failure in failures]
    assert actions == ["retry", "retry", "retry", "skip"]
    assert manager.state().retry_counts == {0: 3}


def test_the_same_failure_a_third_time_is_not_retried(manager: BatchRetryManager) -> None:
    actions = [manager.record_failure(0, LOST).decision.action.value for _ in range(3)]
    assert actions == ["retry", "retry", "skip"]


def test_an_unknown_failure_after_known_ones_is_still_tried_once_more(manager: BatchRetryManager) -> None:
    actions = [manager.record_failure(0, failure).decision.action.value for failure in (LOST, SAYS_LITTLE)]
    assert actions == ["retry", "retry"]
    assert (
        manager.record_failure(0, FailureFacts("report", "it went wrong again")).decision.action.value
        == "skip"
    )


def test_the_times_of_the_breaker_survive_the_process(
    manager: BatchRetryManager, clock: Clock, tmp_path: Path
) -> None:
    for index in range(5):
        manager.record_failure(index, WRONG)
    clock.now += timedelta(hours=1)
    opened_at = manager.state().breaker.opened_at
    assert opened_at == NOW.timestamp()
    assert _manager(tmp_path, clock).state().breaker.opened_at == opened_at


def test_the_documented_form_is_written(manager: BatchRetryManager, clock: Clock, tmp_path: Path) -> None:
    manager.record_failure(0, LOST)
    clock.now += timedelta(minutes=15)
    manager.record_failure(0, REFUSED)
    manager.record_failure(5, LOST)
    written = json.loads(_state_file(tmp_path).read_text(encoding="ascii"))
    documented = {key: written[key] for key in written if key not in {"failures", "limits_in_a_row"}}
    assert documented == {
        "batch_id": BATCH,
        "retry_counts": {"0": 2, "5": 1},
        "global_retry_count": 3,
        "consecutive_failures": 3,
        "circuit_breaker_open": False,
        "circuit_opened_at": None,
        "circuit_probed_at": None,
        "created_at": "2026-10-05T12:00:00Z",
        "updated_at": "2026-10-05T12:15:00Z",
    }
    assert _state_file(tmp_path).stat().st_mode & 0o777 == 0o600


def test_the_state_survives_the_process(manager: BatchRetryManager, clock: Clock, tmp_path: Path) -> None:
    manager.record_failure(0, LOST)
    manager.record_failure(0, LOST)
    again = _manager(tmp_path, clock)
    assert again.record_failure(0, LOST).decision.action is RetryAction.SKIP
    assert again.state().global_retry_count == 2


def test_a_file_of_the_reference_project_is_read(manager: BatchRetryManager, tmp_path: Path) -> None:
    _state_file(tmp_path).parent.mkdir()
    documented = {
        "batch_id": BATCH,
        "retry_counts": {"0": 2, "5": 1},
        "global_retry_count": 5,
        "consecutive_failures": 0,
        "circuit_breaker_open": False,
        "created_at": "2025-11-18T10:00:00Z",
        "updated_at": "2025-11-18T10:15:00Z",
    }
    _state_file(tmp_path).write_text(json.dumps(documented))
    state = manager.state()
    assert (state.retry_counts, state.global_retry_count) == ({0: 2, 5: 1}, 5)
    assert manager.record_failure(0, LOST).notices == ()


def test_five_failures_in_a_row_open_the_breaker_and_a_success_closes_it(
    manager: BatchRetryManager, tmp_path: Path
) -> None:
    for index in range(4):
        assert manager.record_failure(index, LOST).decision.action is RetryAction.RETRY
    fifth = manager.record_failure(4, LOST).decision
    assert fifth.action is RetryAction.SKIP
    assert "5 failures in a row" in fifth.reason
    assert json.loads(_state_file(tmp_path).read_text())["circuit_breaker_open"] is True
    manager.record_success()
    assert json.loads(_state_file(tmp_path).read_text())["circuit_breaker_open"] is False
    assert manager.record_failure(5, LOST).decision.action is RetryAction.RETRY


def test_after_the_cool_down_one_retry_is_made_and_its_failure_opens_the_breaker_anew(
    manager: BatchRetryManager, clock: Clock
) -> None:
    for index in range(5):
        manager.record_failure(index, LOST)
    clock.now += timedelta(minutes=15)
    assert manager.record_failure(5, LOST).decision.action is RetryAction.RETRY
    assert manager.record_failure(6, LOST).decision.action is RetryAction.SKIP
    clock.now += timedelta(minutes=14)
    assert manager.record_failure(5, LOST).decision.action is RetryAction.SKIP
    clock.now += timedelta(minutes=1)
    assert manager.record_failure(7, LOST).decision.action is RetryAction.RETRY
    manager.record_success()
    assert manager.record_failure(8, LOST).decision.action is RetryAction.RETRY


def test_the_retry_that_a_half_open_breaker_let_through_survives_the_process(
    manager: BatchRetryManager, clock: Clock, tmp_path: Path
) -> None:
    for index in range(5):
        manager.record_failure(index, LOST)
    clock.now += timedelta(minutes=20)
    manager.record_failure(5, LOST)
    assert _manager(tmp_path, clock).record_failure(5, LOST).decision.action is RetryAction.SKIP


def test_what_would_fail_again_does_not_use_up_the_retry_of_a_half_open_breaker(
    manager: BatchRetryManager, clock: Clock
) -> None:
    for index in range(5):
        manager.record_failure(index, LOST)
    clock.now += timedelta(minutes=15)
    assert manager.record_failure(5, WRONG).decision.action is RetryAction.SKIP
    assert manager.record_failure(6, LOST).decision.action is RetryAction.RETRY


def test_the_breaker_is_reset_by_hand_and_the_retries_stay_used(manager: BatchRetryManager) -> None:
    for index in range(5):
        manager.record_failure(index, LOST)
    assert manager.reset_breaker() == ()
    assert manager.state().breaker.consecutive_failures == 0
    assert manager.state().global_retry_count == 4
    assert manager.record_failure(6, LOST).decision.action is RetryAction.RETRY


def test_an_open_breaker_without_its_time_opened_with_the_last_update(
    manager: BatchRetryManager, clock: Clock, tmp_path: Path
) -> None:
    for index in range(5):
        manager.record_failure(index, LOST)
    data = json.loads(_state_file(tmp_path).read_text())
    data["circuit_opened_at"] = None
    _state_file(tmp_path).write_text(json.dumps(data))
    assert not manager.state().breaker.allows(clock.now.timestamp())


def test_fifty_retries_are_all_there_are(manager: BatchRetryManager) -> None:
    for index in range(50):
        assert manager.record_failure(index, LOST).decision.action is RetryAction.RETRY
        manager.record_success()
    last = manager.record_failure(50, LOST).decision
    assert (last.action, "all of its 50 retries" in last.reason) == (RetryAction.SKIP, True)


def test_a_limit_charges_nothing_and_is_waited_for_until_it_ends(manager: BatchRetryManager) -> None:
    judgement = manager.record_failure(0, LIMIT)
    assert judgement.decision.action is RetryAction.HOLD
    assert judgement.decision.wait_seconds == 3600 + 45  # 14:00 to 15:00 where the user is
    state = manager.state()
    assert (state.global_retry_count, state.breaker.consecutive_failures, state.limits_in_a_row) == (0, 0, 1)
    manager.record_success()
    assert manager.state().limits_in_a_row == 0


def test_a_login_that_ran_out_pauses_the_batch_and_charges_nothing(manager: BatchRetryManager) -> None:
    judgement = manager.record_failure(0, FailureFacts("api", api_error="authentication_failed"))
    assert judgement.decision.action is RetryAction.PAUSE
    assert (manager.state().retry_counts, manager.state().failures) == ({}, {})


def test_without_consent_nothing_is_retried(tmp_path: Path, clock: Clock) -> None:
    manager = _manager(tmp_path, clock, enabled=False)
    assert manager.record_failure(0, LOST).decision.action is RetryAction.SKIP


def test_each_decision_is_a_line_of_the_audit_log(manager: BatchRetryManager, tmp_path: Path) -> None:
    manager.record_failure(3, LOST)
    manager.record_failure(3, WRONG)
    first, second = _audit(tmp_path)
    assert first == {
        "timestamp": "2026-10-05T12:00:00Z",
        "batch_id": BATCH,
        "feature_index": 3,
        "retry_attempt": 1,
        "global_retry_count": 1,
        "source": "report",
        "kind": "transient",
        "decision": "retry",
        "decision_reason": "a connection was refused or lost: retry 1 of 3",
        "wait_seconds": 5.0,
        "retried": True,
        "error_message": "ConnectionResetError: [Errno 104] Connection reset by peer",
    }
    assert (second["decision"], second["retried"], second["retry_attempt"]) == ("skip", False, 1)


def test_no_secret_reaches_the_log_or_the_state(
    manager: BatchRetryManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "swordfish")
    for text, _ in CANARIES.values():
        manager.record_failure(0, FailureFacts("report", f"it failed with {text}\nand swordfish"))
    written = "".join(path.read_text() for path in (tmp_path / ".claude").rglob("*") if path.is_file())
    assert not [kind for kind, (_, secret) in CANARIES.items() if secret in written]
    assert "swordfish" not in written


def test_a_message_forges_no_line(manager: BatchRetryManager, tmp_path: Path) -> None:
    manager.record_failure(0, FailureFacts("report", 'x"}\n{"decision": "retry"}\r\u2028\x1b[2K\u202eevil'))
    assert len(_audit(tmp_path)) == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"batch_id": "another"}',
        '{"retry_counts": {"0": 1e400}}',
        "GOOD:retry_counts:[]",
        'GOOD:retry_counts:{"-1": 1}',
        'GOOD:retry_counts:{"01": 1}',
        'GOOD:retry_counts:{"0": true}',
        'GOOD:retry_counts:{"0": -1}',
        "GOOD:global_retry_count:null",
        'GOOD:circuit_breaker_open:"no"',
        'GOOD:updated_at:"yesterday"',
        'GOOD:updated_at:"2026-10-05T12:00:00"',
        "GOOD:created_at:7",
        'GOOD:failures:{"0": {"signatures": "x"}}',
        'GOOD:failures:{"0": {"signatures": [1]}}',
        'GOOD:batch_id:"another"',
    ],
)
def test_a_state_that_cannot_be_read_is_kept_aside_and_counting_begins_anew(
    content: str, manager: BatchRetryManager, tmp_path: Path
) -> None:
    manager.record_failure(0, LOST)
    path = _state_file(tmp_path)
    if content.startswith("GOOD:"):
        _, key, value = content.split(":", 2)
        content = json.dumps({**json.loads(path.read_text()), key: json.loads(value)})
    path.write_text(content)
    assert manager.state().global_retry_count == 0
    judgement = manager.record_failure(0, LOST)
    assert judgement.decision.action is RetryAction.RETRY
    (notice,) = judgement.notices
    aside = path.parent / f"{path.name}.corrupt-20261005T120000000000"
    assert aside.name in notice
    assert aside.read_text() == content
    assert manager.state().global_retry_count == 1


def test_a_symlinked_state_is_refused_and_not_followed(manager: BatchRetryManager, tmp_path: Path) -> None:
    (tmp_path / ".claude").mkdir()
    (tmp_path / "victim").write_text("{}")
    _state_file(tmp_path).symlink_to(tmp_path / "victim")
    with pytest.raises(PathError, match="symlink"):
        manager.record_failure(0, LOST)
    assert (tmp_path / "victim").read_text() == "{}"


def test_an_audit_folder_that_is_a_symlink_is_said_and_holds_nothing_up(
    manager: BatchRetryManager, tmp_path: Path
) -> None:
    (tmp_path / ".claude").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".claude" / "audit").symlink_to(tmp_path / "elsewhere")
    judgement = manager.record_failure(0, LOST)
    assert judgement.decision.action is RetryAction.RETRY
    assert "was not written" in judgement.notices[0]
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    "batch_id", ["", "..", "a/b", "../x", "a\\b", "a..b", "a\nb", ".hidden", "x" * 101, "ü"]
)
def test_a_batch_id_that_could_lead_elsewhere_is_refused(batch_id: str, tmp_path: Path) -> None:
    with pytest.raises(BatchStateError, match="not a batch id"):
        BatchRetryManager(tmp_path, batch_id, enabled=True)


def test_a_clock_set_back_a_day_makes_no_wait_negative_and_frees_the_breaker(
    manager: BatchRetryManager, clock: Clock
) -> None:
    for index in range(5):
        manager.record_failure(index, LOST)
    clock.now -= timedelta(days=1)
    assert manager.state().breaker.allows(clock.now.timestamp())
    judgement = manager.record_failure(9, LIMIT)
    assert 0 < judgement.decision.wait_seconds <= 3660
    clock.now += timedelta(days=3653)
    assert manager.record_failure(9, LIMIT).decision.wait_seconds > 0


def test_the_time_of_the_day_is_used_when_no_clock_is_given(tmp_path: Path) -> None:
    manager = BatchRetryManager(tmp_path, BATCH, enabled=True)
    judgement = manager.record_failure(0, LOST)
    assert judgement.failure.kind is FailureKind.TRANSIENT
    assert 0 <= judgement.decision.wait_seconds <= 10
    assert parse_timestamp(manager.state().updated_at) > NOW - timedelta(days=365 * 5)


def test_failures_of_many_processes_are_all_counted(tmp_path: Path) -> None:
    lib = str(Path(batch_implement.__file__).parent.parent)
    code = f"""
import sys; sys.path.insert(0, {lib!r})
from pathlib import Path
from batch_implement.recovery.failures import BatchRetryManager
from batch_implement.recovery.failure import FailureFacts
manager = BatchRetryManager(Path({str(tmp_path)!r}), {BATCH!r}, enabled=True)
for _ in range(5):
    manager.record_failure(int(sys.argv[1]), FailureFacts("report", "SyntaxError: x"))
"""
    processes = [subprocess.Popen([sys.executable, "-I", "-c", code, str(who)]) for who in range(8)]
    assert [process.wait(120) for process in processes] == [0] * 8
    written = json.loads(_state_file(tmp_path).read_text())
    assert written["consecutive_failures"] == 40
    assert len(_audit(tmp_path)) == 40
