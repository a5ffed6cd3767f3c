"""A state that an earlier version wrote loads, keeps what it held, and is upgraded by its next write."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.batch_projects import begun
from tests.decisions import counted

from batch_implement.api.batch_state_manager import (
    load_batch_state,
    save_batch_state,
    update_batch_progress,
)
from batch_implement.errors import BatchStateError, CorruptStateError
from batch_implement.model.attempt import MAIN_TREE, Worker
from batch_implement.model.batch import VERSION, Batch, Stalls, Wait
from batch_implement.model.feature import Feature, Need
from batch_implement.oversight.waits import current_wait
from batch_implement.state.document import Document
from batch_implement.state.fields import REQUIRED, defaults
from batch_implement.state.past_batches import past_batches
from batch_implement.state.schema import validate
from batch_implement.state.state_file import StateFile

RELEASED = sorted(Path(__file__).with_name("released_states").glob("*.json"))
EVERY_FIELD = next(path for path in RELEASED if path.stem == "version_1_every_field")
WITH_A_JOURNAL = sorted(Path(__file__).with_name("released_states").glob("*.jsonl"))
# What version 3 has in another form; the tests below say in which.
IN_ANOTHER_FORM = {"version", "attempt", "attempts", "wake", "stalls", "pause", "issue_bodies"}
# Kept for the batch by version 2, and null in every state of it.
NOWHERE = {"baseline", "check_run"}


@pytest.fixture(params=RELEASED, ids=lambda path: path.stem)
def released(request: pytest.FixtureRequest, state_file: Path) -> Path:
    state_file.parent.mkdir()
    shutil.copy(request.param, state_file)
    return state_file


def _held(path: Path) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(path.read_text())
    if fields["status"] == "running":  # its other name
        fields["status"] = "in_progress"
    if "analysis_metadata" in fields:
        fields["analysis_metadata"].pop("evidence", None)  # it is with the feature that needs another
    gone = {"checksum", "updated_at", "sequence", *NOWHERE, *IN_ANOTHER_FORM}
    return {name: value for name, value in fields.items() if name not in gone}


@pytest.fixture(params=WITH_A_JOURNAL, ids=lambda path: path.stem)
def with_its_journal(request: pytest.FixtureRequest, state_file: Path) -> Path:
    """A state of version 2 with its last good copy and its journal, as a user has them."""
    (state_file.parent / "batches").mkdir(parents=True)
    shutil.copy(request.param.with_suffix(".json"), state_file)
    shutil.copy(request.param.with_suffix(".json.bak"), state_file.with_name("batch_state.json.bak"))
    batch_id = json.loads(state_file.read_text())["batch_id"]
    shutil.copy(request.param, state_file.parent / "batches" / f"{batch_id}.jsonl")
    return state_file


def test_it_loads_with_all_that_it_held(released: Path) -> None:
    held = _held(released)
    loaded = load_batch_state(released).to_dict()
    assert {name: loaded[name] for name in held if name in loaded} == {
        name: value for name, value in held.items() if name != "project_name"
    }
    assert (loaded["version"], loaded.keys() & NOWHERE) == (VERSION, set())


def test_what_it_lacks_has_its_default(released: Path) -> None:
    was_there = json.loads(released.read_text()).keys() | {"open_attempts", "waits", "analysis_metadata"}
    missing = defaults().keys() - was_there
    loaded = load_batch_state(released).to_dict()
    assert {name: loaded[name] for name in missing} == {name: defaults()[name] for name in missing}


def test_reading_does_not_write(released: Path) -> None:
    before = released.read_bytes()
    load_batch_state(released)
    assert released.read_bytes() == before
    assert list(released.parent.iterdir()) == [released]


def test_its_next_write_upgrades_it_and_keeps_the_rest(released: Path) -> None:
    held = _held(released)
    update_batch_progress(released, 0, "completed", 1)
    fields = json.loads(released.read_text())
    assert fields["version"] == VERSION
    assert fields.keys() >= defaults().keys() | {"checksum"}
    changed = {"completed_features", "failed_features", "context_token_estimate", "current_index"}
    assert {name: fields[name] for name in held if name not in changed} == {
        name: value for name, value in held.items() if name not in changed
    }


def test_it_is_recovered_like_any_other_when_its_first_write_is_damaged(released: Path) -> None:
    update_batch_progress(released, 0, "completed", 1)
    good = StateFile(released).read()
    released.write_bytes(released.read_bytes()[:100])
    assert StateFile(released).read() == good


def test_a_thousand_features_may_be_written_the_old_way(state_file: Path) -> None:
    fields = json.loads(EVERY_FIELD.read_text())
    fields.update(total_features=1000, features=["x" * 300] * 1000)
    state_file.parent.mkdir()
    state_file.write_text(json.dumps(fields, indent=2))
    assert load_batch_state(state_file).total_features == 1000


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_one_without_a_needed_field_is_refused_by_that_name(state_file: Path, name: str) -> None:
    fields = json.loads(EVERY_FIELD.read_text())
    del fields[name]
    state_file.parent.mkdir()
    state_file.write_text(json.dumps(fields))
    with pytest.raises(CorruptStateError, match=rf"batch_state\.json is damaged \(its field {name} is miss"):
        load_batch_state(state_file)
    with pytest.raises(CorruptStateError, match=name):
        update_batch_progress(state_file, 0, "completed")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"total_features": "three"}, "total_features is not a number"),
        ({"total_features": True}, "total_features is not a number"),
        ({"features": {}}, "features is not a list"),
        ({"batch_id": 7}, "batch_id is not a text"),
        ({"batch_id": "../../x"}, "batch_id"),
        ({"status": "dancing"}, "status is 'dancing'"),
        ({"total_features": 4}, "4 features and lists 3"),
        ({"retry_attempts": []}, "retry_attempts is not an object"),
        ({"retry_attempts": {"one": 1}}, "retry_attempts"),
        ({"retry_attempts": {"0": "many"}}, "retry_attempts/0"),
        ({"features": ["a", "b", 3]}, "features/2"),
        ({"current_index": -1}, "current_index"),
        ({"completed_features": [17]}, "completed_features names feature 17 of 3"),
        ({"a field": 1}, "field named 'a field'"),
    ],
)
def test_a_field_that_is_not_as_it_should_be_is_named(
    state_file: Path, fields: dict[str, Any], said: str
) -> None:
    state_file.parent.mkdir()
    state_file.write_text(json.dumps({**json.loads(EVERY_FIELD.read_text()), **fields}))
    with pytest.raises(CorruptStateError, match=said) as refused:
        load_batch_state(state_file)
    assert str(state_file) in str(refused.value)


@pytest.mark.parametrize("with_checksum", [True, False])
def test_a_state_of_a_later_version_asks_for_an_update_and_is_left_alone(
    state_file: Path, with_checksum: bool
) -> None:
    later = {**json.loads(EVERY_FIELD.read_text()), "version": VERSION + 1}
    state_file.parent.mkdir()
    state_file.write_bytes(Document.of(later).render() if with_checksum else json.dumps(later).encode())
    before = state_file.read_bytes()
    for call in (load_batch_state, lambda path: update_batch_progress(path, 0, "completed")):
        with pytest.raises(
            BatchStateError, match=rf"batch_state\.json .*version {VERSION + 1}.*up to {VERSION}\. Update"
        ) as refused:
            call(state_file)
        assert not isinstance(refused.value, CorruptStateError)
    assert state_file.read_bytes() == before


def test_the_schema_takes_every_released_state(released: Path) -> None:
    validate(load_batch_state(released).to_dict(), released)


# --- what version 2 had in another form -------------------------------------------------------------


def _released(name: str, state_file: Path) -> Batch:
    state_file.parent.mkdir()
    shutil.copy(Path(__file__).with_name("released_states") / f"version_2_{name}.json", state_file)
    return StateFile(state_file).read()


def test_a_feature_made_of_an_issue_keeps_its_body_and_why_it_needs_another(state_file: Path) -> None:
    limits, reset, login = _released("issues", state_file).features
    assert [one.issue for one in (limits, reset, login)] == [74, 73, 72]
    assert [one.id for one in (limits, reset, login)] == ["1", "2", "3"]
    assert login.body == "With a form for name and password.\n\nAcceptance: the form is there."
    assert limits.body == ""
    assert limits.needs == (Need(on=2, kind="reference", evidence="to the login form", confidence=0.75),)
    assert reset.needs == (Need(on=2, kind="link", evidence="linked issue"),)
    assert login.needs == ()


def test_the_feature_at_work_keeps_its_agent_its_baseline_and_what_was_tried(state_file: Path) -> None:
    batch = _released("agent_at_work", state_file)
    attempt = batch.open_attempts[2]
    assert attempt.worker == Worker(id="agent-7", client="4711 123456")
    assert (attempt.workers, attempt.failed_checks, attempt.refusals) == (1, 1, 1)
    assert (attempt.feature_index, attempt.number, attempt.workspace) == (2, 1, MAIN_TREE)
    assert attempt.baseline is not None
    assert attempt.baseline.commit == attempt.base_commit == batch.evidence[0].commit
    assert list(attempt.baseline.users) == ["features.txt"]
    (ended,) = batch.attempts[0]
    assert (ended.feature_index, ended.error, ended.ended_at != "") == (0, "", True)


def test_a_pause_keeps_its_reason(state_file: Path) -> None:
    batch = _released("paused", state_file)
    assert batch.pause is not None
    assert (batch.status, batch.pause.kind, batch.pause.about) == ("paused", "earlier", "by the user")
    assert batch.failed == {0}


def test_a_wait_goes_on(state_file: Path) -> None:
    batch = _released("waits", state_file)
    assert batch.waits == (
        Wait(
            at="2026-11-21T16:02:40.212223Z",
            seconds=3.7,
            reason="a connection was refused or lost: retry 1 of 3",
        ),
    )
    assert (batch.retry_attempts, current_wait(batch)) == ({0: 1}, batch.waits[0])
    (tried,) = batch.attempts[0]
    assert tried.baseline is not None


def test_what_is_held_stays_held_and_turns_without_progress_are_counted_anew(state_file: Path) -> None:
    batch = _released("stalled", state_file)
    assert batch.held == {1: "needs feature 1, which failed"}
    assert batch.features[1].needs[0].kind == "mark"
    assert batch.stalls == Stalls(features=0)


def test_an_issue_stays_with_the_feature_that_it_was_with(state_file: Path) -> None:
    """Version 2 gave the first number to the first feature, whoever it had been meant for."""
    fields = json.loads((Path(__file__).with_name("released_states") / "version_2_by_hand.json").read_text())
    del fields["checksum"]
    fields["issue_numbers"] = [72]
    state_file.parent.mkdir()
    state_file.write_bytes(Document.of(fields).render())
    assert [one.issue for one in StateFile(state_file).read().features] == [72, None, None]
    update_batch_progress(state_file, 0, "completed")
    assert [one.issue for one in StateFile(state_file).read().features] == [72, None, None]
    assert load_batch_state(state_file).issue_numbers == [72]


def test_a_batch_of_a_line_and_an_issue_keeps_the_issue_with_its_feature(state_file: Path) -> None:
    line, issue = Feature(id="1", text="Add logout"), Feature(id="2", text="Add login", issue=72)
    begun(state_file, features=(line, issue))
    update_batch_progress(state_file, 0, "completed")
    save_batch_state(state_file, load_batch_state(state_file))
    assert StateFile(state_file).read().features == (line, issue)


# --- the journal across the upgrade -----------------------------------------------------------------


def test_its_upgrade_is_a_line_in_the_journal(with_its_journal: Path) -> None:
    before = StateFile(with_its_journal).history()
    StateFile(with_its_journal).update(counted())
    after = StateFile(with_its_journal).history()
    assert [record["event"] for record in after[len(before) :]] == ["upgraded", "tokens"]
    assert after[: len(before)] == before


def test_it_is_recovered_from_a_copy_and_a_journal_of_version_2(with_its_journal: Path) -> None:
    good = StateFile(with_its_journal).read()
    with_its_journal.write_bytes(b"rubbish")
    assert StateFile(with_its_journal).read() == good
    StateFile(with_its_journal).update(counted())
    assert StateFile(with_its_journal).read().open_attempts == good.open_attempts
    assert json.loads(with_its_journal.read_text())["version"] == VERSION
    assert "attempt" not in json.loads(with_its_journal.read_text())


@pytest.mark.parametrize("changes", [1, 2])
def test_it_is_recovered_from_a_copy_and_lines_of_this_version(with_its_journal: Path, changes: int) -> None:
    """After one change the copy is of the upgraded state, before that of version 2."""
    for _ in range(changes):
        StateFile(with_its_journal).update(counted())
    good = StateFile(with_its_journal).read()
    with_its_journal.write_bytes(b"rubbish")
    assert StateFile(with_its_journal).read() == good


def test_a_copy_of_version_2_goes_on_with_the_upgrade_and_what_came_after_it(with_its_journal: Path) -> None:
    copy = with_its_journal.with_name("batch_state.json.bak")
    of_version_2 = copy.read_bytes()
    StateFile(with_its_journal).update(counted(5))
    good = StateFile(with_its_journal).read()
    copy.write_bytes(of_version_2)
    with_its_journal.write_bytes(b"rubbish")
    assert StateFile(with_its_journal).read() == good


def test_it_is_made_again_from_a_journal_of_lines_of_both_versions(with_its_journal: Path) -> None:
    StateFile(with_its_journal).update(counted())
    StateFile(with_its_journal).update(counted())
    good = StateFile(with_its_journal).read()
    with_its_journal.write_bytes(b"rubbish")
    with_its_journal.with_name("batch_state.json.bak").write_bytes(b"rubbish")
    assert StateFile(with_its_journal).read() == good


def test_one_that_was_ended_by_version_2_is_listed_and_can_be_had_again(with_its_journal: Path) -> None:
    batch = StateFile(with_its_journal).read()
    past = with_its_journal.parent / "batches" / f"{batch.batch_id}.json"
    with_its_journal.rename(past)
    with_its_journal.with_name("batch_state.json.bak").unlink()
    assert past_batches(with_its_journal.parent.parent) == [batch]
    assert StateFile(with_its_journal).restore(batch.batch_id).features == batch.features


@pytest.mark.parametrize(
    "fields",
    [
        {"attempt": [1]},
        {"attempt": {"number": 1}},
        {"attempts": {"one": [{}]}},
        {"attempts": [7]},
        {"issue_bodies": 7},
        {"issue_numbers": 7},
        {"stalls": [1]},
        {"pause": "why"},
        {"feature_dependencies": {"0": 7}},
        {"analysis_metadata": {"evidence": [7]}},
    ],
)
def test_a_hostile_state_of_version_2_under_a_right_checksum_gets_a_clean_error(
    state_file: Path, fields: dict[str, Any]
) -> None:
    held = json.loads((Path(__file__).with_name("released_states") / "version_2_by_hand.json").read_text())
    del held["checksum"]
    state_file.parent.mkdir()
    state_file.write_bytes(Document.of({**held, **fields}).render())
    for call in (StateFile(state_file).read, lambda: StateFile(state_file).update(counted())):
        with pytest.raises(CorruptStateError, match=r"batch_state\.json is damaged"):
            call()
