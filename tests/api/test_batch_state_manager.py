"""The documented calls, row by row."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import tempfile
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from batch_implement.api.batch_state_manager import (
    BatchState,
    BatchStateError,
    cleanup_batch_state,
    create_batch_state,
    get_batch_state_file,
    get_feature_git_status,
    get_next_pending_feature,
    get_project_root,
    get_retry_count,
    increment_retry_count,
    load_batch_state,
    mark_feature_status,
    record_git_operation,
    sanitize_feature_name,
    save_batch_state,
    update_batch_progress,
)
from batch_implement.errors import CorruptStateError
from batch_implement.model.batch import WORKFLOW_REMINDER

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = ["Add login", "Add reset", "Add limits"]


@pytest.fixture
def saved(state_file: Path) -> Path:
    save_batch_state(state_file, create_batch_state(features=TEXTS, batch_id="batch-123"))
    return state_file


def _by_keywords(**fields: Any) -> BatchState:
    needed = {"batch_id": "batch-123", "features_file": "", "total_features": 3, "features": list(TEXTS)}
    return BatchState(**{**needed, **fields})


# --- the fields -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "default"),
    [
        ("current_index", 0),
        ("completed_features", []),
        ("failed_features", []),
        ("context_token_estimate", 0),
        ("auto_clear_count", 0),
        ("auto_clear_events", []),
        ("status", "in_progress"),
        ("issue_numbers", None),
        ("source_type", "file"),
        ("context_tokens_before_clear", None),
        ("paused_at_feature_index", None),
        ("retry_attempts", {}),
        ("git_operations", {}),
        ("feature_order", []),
        ("feature_dependencies", {}),
        ("analysis_metadata", {}),
        ("workflow_mode", "auto-implement"),
        ("workflow_reminder", WORKFLOW_REMINDER),
    ],
)
def test_a_field_has_its_documented_default(field: str, default: object, saved: Path) -> None:
    assert getattr(_by_keywords(), field) == default
    assert getattr(load_batch_state(saved), field) == default


def test_two_states_do_not_share_a_default() -> None:
    _by_keywords().completed_features.append(1)
    assert _by_keywords().completed_features == []


def test_every_documented_field_survives_saving_and_loading(state_file: Path) -> None:
    state = _by_keywords(
        features_file="plans/features.txt",
        current_index=2,
        completed_features=[0],
        failed_features=[{"feature_index": 1, "error_message": "no", "timestamp": "x", "retry_count": 1}],
        context_token_estimate=5,
        auto_clear_count=1,
        auto_clear_events=[{"feature_index": 0}],
        created_at="2026-01-01T00:00:00Z",
        status="paused",
        issue_numbers=[72, 73, 74],
        source_type="issues",
        state_file=".claude/batch_state.json",
        context_tokens_before_clear=9,
        paused_at_feature_index=1,
        retry_attempts={1: 2},
        git_operations={0: {"commit": {"success": True, "timestamp": "x", "sha": "abc"}}},
        feature_order=[2, 0, 1],
        feature_dependencies={0: [2], 1: []},
        analysis_metadata={"stats": {}, "analyzed_at": "x"},
        workflow_mode="direct",
        workflow_reminder="Go on.",
    )
    save_batch_state(state_file, state)
    assert load_batch_state(state_file) == state


def test_indices_are_numbers_in_memory_and_texts_in_the_file(saved: Path) -> None:
    increment_retry_count(saved, 1)
    assert load_batch_state(saved).retry_attempts == {1: 1}
    assert json.loads(saved.read_text())["retry_attempts"] == {"1": 1}


def test_to_dict_gives_the_form_in_the_file(saved: Path) -> None:
    stored = json.loads(saved.read_text())
    del stored["checksum"]
    assert load_batch_state(saved).to_dict() == stored


def test_running_means_the_same_as_in_progress() -> None:
    assert BatchState.from_dict({**_by_keywords().to_dict(), "status": "running"}).status == "in_progress"


def test_fields_may_be_assigned(saved: Path) -> None:
    state = load_batch_state(saved)
    state.status = "paused"
    save_batch_state(saved, state)
    assert load_batch_state(saved).status == "paused"


# --- create -----------------------------------------------------------------------------------------


def test_create_takes_the_file_and_the_features_by_position() -> None:
    state = create_batch_state("plans/features.txt", TEXTS)
    assert (state.features_file, state.features, state.total_features) == ("plans/features.txt", TEXTS, 3)


def test_create_takes_everything_by_keyword() -> None:
    state = create_batch_state(
        features=TEXTS,
        features_file="",
        issue_numbers=[72, 73, 74],
        source_type="issues",
        state_file=".claude/batch_state.json",
        batch_id="batch-123",
    )
    assert (state.issue_numbers, state.source_type) == ([72, 73, 74], "issues")
    assert (state.batch_id, state.state_file) == ("batch-123", ".claude/batch_state.json")


def test_a_batch_id_is_made_of_the_moment_in_utc() -> None:
    state = create_batch_state(features=TEXTS)
    assert re.fullmatch(r"batch-\d{8}-\d{6}-\d{6}", state.batch_id)
    created = datetime.fromisoformat(state.created_at.replace("Z", "+00:00"))
    assert created.utcoffset() == timedelta(0)
    assert state.batch_id[6:21] == created.strftime("%Y%m%d-%H%M%S")
    assert state.updated_at == state.created_at


def test_creating_saves_nothing(state_file: Path) -> None:
    create_batch_state(features=TEXTS, state_file=str(state_file))
    assert not state_file.exists()


def test_a_features_file_need_not_exist(state_file: Path) -> None:
    state = create_batch_state("/nowhere/features.txt", TEXTS)
    save_batch_state(state_file, state)
    assert load_batch_state(state_file).features_file == "/nowhere/features.txt"


@pytest.mark.parametrize("features", [[], ()])
def test_a_batch_without_features_is_refused(features: list[str]) -> None:
    with pytest.raises(BatchStateError, match=r"Cannot create .*no features"):
        create_batch_state("features.txt", features)


def test_a_thousand_features_are_taken_and_one_more_is_refused() -> None:
    assert create_batch_state(features=["x"] * 1000).total_features == 1000
    with pytest.raises(BatchStateError, match=r"1,001 features: 1,000 is the most"):
        create_batch_state(features=["x"] * 1001)


@pytest.mark.parametrize("path", ["../features.txt", "a/../../b", "..", "a\\..\\b", "a\0b", "a\nb"])
def test_a_features_file_or_state_file_that_steps_back_is_refused(path: str) -> None:
    with pytest.raises(BatchStateError, match="features file"):
        create_batch_state(path, TEXTS)
    with pytest.raises(BatchStateError, match="state file"):
        create_batch_state(features=TEXTS, state_file=path)


@pytest.mark.parametrize(
    "batch_id", ["../x", "a/b", "a\\b", "..", ".", "a..b", "a\0", "a\nb", "-x", " ", "x" * 101, "é", "/etc"]
)
def test_a_batch_id_that_could_be_a_path_is_refused(batch_id: str) -> None:
    with pytest.raises(BatchStateError, match="batch id"):
        create_batch_state(features=TEXTS, batch_id=batch_id)


@pytest.mark.parametrize("batch_id", ["batch-123", "b", "x" * 100, "Batch_1.2"])
def test_a_simple_identifier_is_a_batch_id(batch_id: str) -> None:
    assert create_batch_state(features=TEXTS, batch_id=batch_id).batch_id == batch_id


def test_features_are_kept_on_one_line_without_controls() -> None:
    hostile = "Add\nlogin\r\n\x1b[31mred\x1b[0m \u202eflipped\u2028x\x00\t end"
    text = create_batch_state(features=[hostile]).features[0]
    assert text.isprintable()
    assert text == sanitize_feature_name(hostile)
    assert text.startswith("Add login")


def test_a_text_is_cut_at_ten_thousand_characters() -> None:
    assert len(sanitize_feature_name("x" * 20_000)) == 10_000


# --- save and load ----------------------------------------------------------------------------------


def test_saving_stamps_the_time_and_makes_the_file_private(state_file: Path) -> None:
    state = create_batch_state(features=TEXTS)
    before = state.updated_at
    save_batch_state(state_file, state)
    assert state.updated_at > before
    assert load_batch_state(state_file).updated_at == state.updated_at
    assert stat.S_IMODE(state_file.stat().st_mode) == 0o600


def test_a_loose_umask_does_not_open_the_file(state_file: Path) -> None:
    loose = os.umask(0)
    try:
        save_batch_state(state_file, create_batch_state(features=TEXTS, batch_id="b"))
        update_batch_progress(state_file, 0, "completed")
    finally:
        os.umask(loose)
    private = [
        state_file,
        state_file.with_name("batch_state.json.bak"),
        state_file.parent / "batches/b.jsonl",
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_the_path_may_be_a_text(state_file: Path) -> None:
    save_batch_state(str(state_file), create_batch_state(features=TEXTS))
    assert load_batch_state(str(state_file)).features == TEXTS


def test_a_relative_path_starts_at_the_project_s_root(
    saved: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    below = tmp_path / "project" / "src" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert load_batch_state(".claude/batch_state.json").batch_id == "batch-123"


def test_saving_again_goes_on_from_what_is_there(saved: Path) -> None:
    update_batch_progress(saved, 0, "completed")
    state = load_batch_state(saved)
    state.context_token_estimate = 77
    save_batch_state(saved, state)
    saved.write_text("rubbish")
    recovered = load_batch_state(saved)
    assert (recovered.context_token_estimate, recovered.completed_features) == (77, [0])


def test_saving_another_batch_keeps_the_one_that_was_there(saved: Path) -> None:
    save_batch_state(saved, create_batch_state(features=["Other"], batch_id="batch-124"))
    saved.write_text("rubbish")
    assert load_batch_state(saved).batch_id == "batch-124"
    assert json.loads((saved.parent / "batches" / "batch-123.json").read_text())["features"] == TEXTS


def test_saving_over_a_damaged_state_sets_that_aside(saved: Path) -> None:
    state = load_batch_state(saved)
    saved.write_text("rubbish")
    save_batch_state(saved, state)
    assert load_batch_state(saved).features == TEXTS
    assert [path.read_text() for path in saved.parent.glob("*.damaged-*")] == ["rubbish"]


def test_saving_where_nothing_can_be_read_sets_that_aside_too(saved: Path) -> None:
    state = load_batch_state(saved)
    saved.write_text("rubbish")
    saved.with_name("batch_state.json.bak").write_text("rubbish too")
    (saved.parent / "batches" / "batch-123.jsonl").write_text("rubbish as well")
    save_batch_state(saved, state)
    assert load_batch_state(saved).features == TEXTS
    assert [path.read_text() for path in saved.parent.glob("*.damaged-*")] == ["rubbish"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"total_features": 4}, "4 features and lists 3"),
        ({"status": "dancing"}, "status"),
        ({"batch_id": "../x"}, "batch_id"),
        ({"completed_features": [3]}, "completed_features names feature 3 of 3"),
        ({"feature_order": [0, 7]}, "feature_order names feature 7 of 3"),
        ({"feature_dependencies": {0: [9]}}, "feature_dependencies names feature 9 of 3"),
        ({"retry_attempts": {8: 1}}, "retry_attempts names feature 8 of 3"),
        ({"completed_features": [1, 1]}, "completed_features"),
        ({"retry_attempts": {1: "two"}}, "retry_attempts/1"),
        (
            {"failed_features": [{"feature_index": 5, "error_message": "", "timestamp": ""}]},
            "failed_features names feature 5",
        ),
    ],
)
def test_a_state_that_could_not_be_loaded_is_not_saved(
    fields: dict[str, Any], named: str, saved: Path
) -> None:
    before = saved.read_bytes()
    with pytest.raises(BatchStateError, match=named):
        save_batch_state(saved, _by_keywords(**fields))
    assert saved.read_bytes() == before


def test_a_missing_file_is_said_to_be_missing(state_file: Path) -> None:
    with pytest.raises(BatchStateError, match=r"There is no batch state at .*batch_state\.json\. Start a"):
        load_batch_state(state_file)


def test_a_file_that_someone_removed_can_be_had_again(saved: Path) -> None:
    saved.unlink()
    with pytest.raises(BatchStateError, match=r"removed while the batch was at work.*resume batch-123"):
        load_batch_state(saved)


def test_corrupt_json_is_said_to_be_damaged(state_file: Path) -> None:
    state_file.parent.mkdir()
    state_file.write_text('{"batch_id": "x",')
    with pytest.raises(CorruptStateError, match=r"batch_state\.json is damaged \(it is not JSON"):
        load_batch_state(state_file)


@pytest.mark.parametrize("text", ["[]", "7", '"x"', "null"])
def test_json_that_is_no_object_is_said_to_be_none(state_file: Path, text: str) -> None:
    state_file.parent.mkdir()
    state_file.write_text(text)
    with pytest.raises(CorruptStateError, match="valid JSON but not an object"):
        load_batch_state(state_file)


def test_a_symlink_is_refused_before_it_is_followed(saved: Path, tmp_path: Path) -> None:
    state = load_batch_state(saved)
    target = tmp_path / "outside.json"
    saved.rename(target)
    saved.symlink_to(target)
    before = target.read_bytes()
    for call in (
        lambda: load_batch_state(saved),
        lambda: save_batch_state(saved, state),
        lambda: update_batch_progress(saved, 0, "completed"),
        lambda: cleanup_batch_state(saved),
    ):
        with pytest.raises(BatchStateError, match="symlink"):
            call()
    assert target.read_bytes() == before
    assert saved.is_symlink()


def test_a_folder_on_the_way_that_is_a_symlink_is_refused(state_file: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    state_file.parent.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BatchStateError, match="symlink"):
        save_batch_state(state_file, create_batch_state(features=TEXTS))
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_dangling_symlink_is_refused_too(state_file: Path, tmp_path: Path) -> None:
    state_file.parent.mkdir()
    state_file.symlink_to(tmp_path / "nothing")
    with pytest.raises(BatchStateError, match="symlink"):
        save_batch_state(state_file, create_batch_state(features=TEXTS))
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("name", ["a/../../outside.json", "../outside.json", "..", "a\0b.json"])
def test_a_state_file_that_steps_back_is_refused(state_file: Path, name: str) -> None:
    with pytest.raises(BatchStateError, match="can't be a state file"):
        save_batch_state(f"{state_file.parent}/{name}", create_batch_state(features=TEXTS))


def test_a_relative_path_outside_of_any_project_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BatchStateError, match="outside the project"):
        save_batch_state("batch_state.json", create_batch_state(features=TEXTS))


def test_a_state_file_outside_of_any_project_is_refused() -> None:
    with pytest.raises(BatchStateError, match="outside the project"):
        save_batch_state("/batch_state.json", create_batch_state(features=TEXTS))


# --- progress ---------------------------------------------------------------------------------------


def test_a_completed_feature_moves_the_position(saved: Path) -> None:
    update_batch_progress(saved, 0, "completed", context_token_delta=1000)
    state = load_batch_state(saved)
    assert (state.completed_features, state.current_index, state.context_token_estimate) == ([0], 1, 1000)


def test_both_names_of_the_token_parameter_count(saved: Path) -> None:
    update_batch_progress(saved, 0, "completed", 1000)
    update_batch_progress(saved, 1, "completed", token_delta=500)
    assert load_batch_state(saved).context_token_estimate == 1500


def test_a_failed_feature_has_one_record_with_its_error(saved: Path) -> None:
    update_batch_progress(saved, 0, "failed", error_message="first")
    update_batch_progress(saved, 0, "failed", error_message="second")
    state = load_batch_state(saved)
    assert [(r["feature_index"], r["error_message"]) for r in state.failed_features] == [(0, "second")]
    assert datetime.fromisoformat(state.failed_features[0]["timestamp"].replace("Z", "+00:00"))
    assert state.current_index == 1


def test_a_retry_that_succeeds_takes_the_failure_away(saved: Path) -> None:
    update_batch_progress(saved, 0, "failed", error_message="no")
    update_batch_progress(saved, 0, "completed")
    state = load_batch_state(saved)
    assert (state.completed_features, state.failed_features) == ([0], [])


def test_a_feature_reported_twice_is_counted_once(saved: Path) -> None:
    update_batch_progress(saved, 0, "completed")
    update_batch_progress(saved, 0, "completed")
    assert load_batch_state(saved).completed_features == [0]


def test_a_feature_may_be_reported_out_of_turn(saved: Path) -> None:
    update_batch_progress(saved, 2, "completed")
    assert load_batch_state(saved).current_index == 0
    update_batch_progress(saved, 0, "completed")
    assert load_batch_state(saved).current_index == 1
    update_batch_progress(saved, 1, "failed", error_message="no")
    state = load_batch_state(saved)
    assert (state.current_index, state.status) == (3, "completed")


def test_the_batch_completes_when_all_are_processed(saved: Path) -> None:
    for index in (0, 1):
        update_batch_progress(saved, index, "completed")
    assert load_batch_state(saved).status == "in_progress"
    update_batch_progress(saved, 2, "completed")
    assert load_batch_state(saved).status == "completed"


@pytest.mark.parametrize("status", ["done", "", "in_progress", "COMPLETED"])
def test_another_status_is_a_value_error(saved: Path, status: str) -> None:
    with pytest.raises(ValueError, match="'completed' or 'failed'"):
        update_batch_progress(saved, 0, status)
    with pytest.raises(ValueError, match="'completed' or 'failed'"):
        mark_feature_status(saved, 0, status)


@pytest.mark.parametrize("index", [-1, 3, 10**9, True, 0.5])
def test_an_index_out_of_range_is_refused_and_changes_nothing(saved: Path, index: int) -> None:
    before = saved.read_bytes()
    for call in (
        lambda: update_batch_progress(saved, index, "completed"),
        lambda: mark_feature_status(saved, index, "failed"),
        lambda: increment_retry_count(saved, index),
    ):
        with pytest.raises(BatchStateError, match="out of range"):
            call()
    assert saved.read_bytes() == before


def test_a_completed_feature_can_not_fail_any_more(saved: Path) -> None:
    update_batch_progress(saved, 0, "completed")
    with pytest.raises(BatchStateError, match="Feature 1 is completed already"):
        update_batch_progress(saved, 0, "failed")


def test_marking_leaves_the_position_where_it_is(saved: Path) -> None:
    mark_feature_status(saved, 0, "failed", error_message="no", retry_count=2)
    state = load_batch_state(saved)
    assert state.current_index == 0
    assert state.failed_features[0]["retry_count"] == 2


def test_the_position_never_moves_back(saved: Path) -> None:
    state = load_batch_state(saved)
    state.current_index = 2
    save_batch_state(saved, state)
    update_batch_progress(saved, 0, "completed")
    assert load_batch_state(saved).current_index == 2


def test_updating_without_a_state_says_so(state_file: Path) -> None:
    state_file.parent.mkdir()
    with pytest.raises(BatchStateError, match="There is no batch state"):
        update_batch_progress(state_file, 0, "completed")


def test_many_threads_at_once_lose_nothing(state_file: Path) -> None:
    save_batch_state(state_file, create_batch_state(features=["x"] * 40))
    threads = [
        threading.Thread(target=update_batch_progress, args=(state_file, index, "completed", 10))
        for index in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = load_batch_state(state_file)
    assert sorted(state.completed_features) == list(range(40))
    assert (state.context_token_estimate, state.status) == (400, "completed")


# --- what is next -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "Add login"),
        ({"current_index": 1}, "Add reset"),
        ({"current_index": 3}, None),
        ({"current_index": 99}, None),
        ({"feature_order": [2, 0, 1]}, "Add limits"),
        ({"feature_order": [2, 0, 1], "current_index": 1}, "Add login"),
        ({"feature_order": [2, 0, 1], "completed_features": [2, 0]}, "Add reset"),
        ({"completed_features": [0, 1, 2]}, None),
        ({"feature_order": [1]}, "Add reset"),  # what the order leaves out comes behind it
    ],
)
def test_the_next_feature_is_the_first_open_one_in_order(fields: dict[str, Any], text: str | None) -> None:
    assert get_next_pending_feature(_by_keywords(**fields)) == text


# --- retries ----------------------------------------------------------------------------------------


def test_retries_are_counted_durably(saved: Path) -> None:
    assert get_retry_count(load_batch_state(saved), 1) == 0
    assert [increment_retry_count(saved, 1), increment_retry_count(saved, 1)] == [1, 2]
    assert get_retry_count(load_batch_state(saved), 1) == 2


# --- git --------------------------------------------------------------------------------------------


def test_a_git_operation_is_put_into_the_state(saved: Path) -> None:
    state = record_git_operation(load_batch_state(saved), 0, "commit", True, commit_sha="abc", branch="main")
    state = record_git_operation(state, 0, "push", False, remote="origin", error_message="denied")
    state = record_git_operation(state, 0, "pr", True, pr_number=7, pr_url="https://x/7")
    state = record_git_operation(state, 1, "issue_close", True, issue_number=72)
    save_batch_state(saved, state)
    found = get_feature_git_status(load_batch_state(saved), 0)
    assert found is not None
    assert found["commit"]["sha"] == "abc"
    assert found["commit"]["branch"] == "main"
    assert found["push"]["error"] == "denied"
    assert found["push"]["success"] is False
    assert (found["pr"]["number"], found["pr"]["url"]) == (7, "https://x/7")
    assert "timestamp" in found["push"]
    assert "sha" not in found["push"]
    assert get_feature_git_status(state, 1) is not None
    assert state.git_operations[1]["issue_close"]["issue_number"] == 72


def test_a_feature_without_operations_has_none() -> None:
    assert get_feature_git_status(_by_keywords(), 0) is None


@pytest.mark.parametrize("operation", ["merge", "", "Commit"])
def test_an_unknown_operation_is_a_value_error(operation: str) -> None:
    with pytest.raises(ValueError, match="commit, issue_close, pr, push"):
        record_git_operation(_by_keywords(), 0, operation, True)


@pytest.mark.parametrize("index", [-1, 3, True])
def test_an_operation_of_no_feature_is_a_value_error(index: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        record_git_operation(_by_keywords(), index, "commit", True)


# --- clean up, and where the project is -------------------------------------------------------------


def test_cleaning_up_removes_the_state_and_its_copy(saved: Path) -> None:
    update_batch_progress(saved, 0, "completed")
    cleanup_batch_state(saved)
    assert not saved.exists()
    assert not saved.with_name("batch_state.json.bak").exists()
    with pytest.raises(BatchStateError, match="Start a batch first"):
        load_batch_state(saved)


def test_cleaning_up_where_nothing_is_leaves_nothing(state_file: Path) -> None:
    cleanup_batch_state(state_file)
    assert not state_file.parent.exists()
    state_file.parent.mkdir()
    cleanup_batch_state(state_file)
    assert not list(state_file.parent.iterdir())


def test_cleaning_up_removes_a_damaged_state(saved: Path) -> None:
    saved.write_text("rubbish")
    cleanup_batch_state(saved)
    assert not saved.exists()


def test_a_batch_of_the_same_id_begins_anew_after_a_clean_up(saved: Path) -> None:
    update_batch_progress(saved, 0, "completed")
    update_batch_progress(saved, 1, "completed")
    cleanup_batch_state(saved)
    save_batch_state(saved, create_batch_state(features=TEXTS, batch_id="batch-123"))
    saved.write_text("rubbish")
    assert load_batch_state(saved).completed_features == []


def test_the_state_file_is_found_from_any_folder_of_the_project(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = saved.parent.parent / "src" / "deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert get_project_root() == saved.parent.parent
    assert get_batch_state_file() == saved


def test_outside_of_a_project_there_is_no_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for call in (get_project_root, get_batch_state_file):
        with pytest.raises(FileNotFoundError, match="not in a project"):
            call()


# --- what the disk refuses --------------------------------------------------------------------------


def test_a_folder_in_the_file_s_place_is_refused(state_file: Path) -> None:
    state_file.mkdir(parents=True)
    with pytest.raises(BatchStateError, match="not a regular file"):
        load_batch_state(state_file)
    with pytest.raises(BatchStateError, match="not a regular file"):
        save_batch_state(state_file, create_batch_state(features=TEXTS))


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFSOCK])
def test_a_pipe_or_socket_in_the_file_s_place_is_refused_at_once(state_file: Path, kind: int) -> None:
    state_file.parent.mkdir()
    os.mknod(state_file, kind | 0o600)
    with pytest.raises(BatchStateError, match="not a regular file"):
        load_batch_state(state_file)
    with pytest.raises(BatchStateError, match="not a regular file"):
        save_batch_state(state_file, create_batch_state(features=TEXTS))


def test_a_hard_link_to_another_file_is_refused(saved: Path, tmp_path: Path) -> None:
    os.link(saved, tmp_path / "other.json")
    with pytest.raises(BatchStateError, match="hard links"):
        load_batch_state(saved)
    with pytest.raises(BatchStateError, match="hard links"):
        update_batch_progress(saved, 0, "completed")


@pytest.fixture
def denied() -> Iterator[Path]:
    """A state that the process may neither read nor write, as root too: it gives its rights away."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ".claude" / "batch_state.json"
        path.parent.mkdir()
        Path(folder).chmod(0o755)
        save_batch_state(path, create_batch_state(features=TEXTS))
        modes = {path: 0o000, path.parent: 0o555}
        for target, mode in modes.items():
            target.chmod(mode)
        rights = os.geteuid()
        os.seteuid(65534 if rights == 0 else rights)
        yield path
        os.seteuid(rights)
        path.parent.chmod(0o755)


def test_a_file_and_folder_that_are_denied_are_said_to_be(denied: Path) -> None:
    with pytest.raises(BatchStateError, match=r"Could not read .*batch_state\.json: Permission denied"):
        load_batch_state(denied)
    with pytest.raises(BatchStateError, match=r"Could not write .*Permission denied.*writable.*as it was"):
        save_batch_state(denied.with_name("new.json"), create_batch_state(features=TEXTS))


def test_a_device_in_the_file_s_place_is_refused(state_file: Path) -> None:
    state_file.parent.mkdir()
    made = subprocess.run(["mknod", str(state_file), "c", "1", "5"], check=False, capture_output=True)
    if made.returncode != 0:
        pytest.skip("devices can't be made here")
    with pytest.raises(BatchStateError, match=r"not a regular file|Permission denied"):
        load_batch_state(state_file)
