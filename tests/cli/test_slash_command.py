"""A slash command is carried out before the model is asked anything, whatever was typed after it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.cli.main import SUBCOMMANDS
from batch_implement.execution.in_session.slash_command import forms, translate
from batch_implement.model.record import replace
from batch_implement.model.transition import Transition
from batch_implement.oversight.session import NO_SESSION
from batch_implement.recovery.failure import FailureFacts
from batch_implement.recovery.failures import BatchRetryManager

if TYPE_CHECKING:
    from tests.batches import Batch
    from tests.plugin import Answer, Plugin


pytestmark = pytest.mark.slow


def _type(plugin: Plugin, root: Path, command: str, typed: str = "", **event: Any) -> Answer:
    told = {
        "hook_event_name": "UserPromptExpansion",
        "session_id": "owner",
        "permission_mode": "auto",
        "command_name": f"batch-implement:{command}",
        "command_args": typed,
        **event,
    }
    answer = plugin.hook("user-prompt-expansion", root, told)
    assert answer.status == 0
    assert "Traceback" not in answer.stderr
    return answer


def test_the_batch_is_begun_and_its_first_assignment_given(batch: Batch, plugin: Plugin) -> None:
    batch.list_features()
    answer = _type(plugin, batch.root, "batch-implement", "features.txt")
    assert "Feature 1 of 3: Greet the user" in answer.context
    assert answer.json["systemMessage"].startswith("Batch batch-")
    assert "Feature 1 of 3" not in answer.json["systemMessage"]
    assert batch.fields["owner"]["session_id"] == "owner"


def test_the_permission_mode_is_looked_at(batch: Batch, plugin: Plugin) -> None:
    batch.list_features()
    answer = _type(plugin, batch.root, "batch-implement", "features.txt", permission_mode="plan")
    assert answer.json["continue"] is False
    assert "plan mode" in answer.json["stopReason"]
    assert not batch.project.state.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("none.txt", "none.txt is not there"),
        ("", "Call: /batch-implement FILE"),
        ("../features.txt", "outside the project"),
        ("features.txt extra.txt", "extra.txt is not there"),
        ("--nonsense features.txt", "unrecognized arguments: --nonsense"),
        ("'unclosed", "is not there"),
        ("$(rm -rf .)", "unrecognized arguments"),
        ("x" * 5_000, "can't be read"),
        ("--resume", "batch"),
    ],
)
def test_what_can_not_be_done_is_said_to_the_person_and_the_model_is_not_asked(
    batch: Batch, plugin: Plugin, typed: str, words: str
) -> None:
    batch.list_features()
    answer = _type(plugin, batch.root, "batch-implement", typed).json
    assert answer["continue"] is False
    assert words in answer["stopReason"]
    assert not batch.project.state.exists()


@pytest.mark.parametrize(
    "name",
    ["my features.txt", "it's.txt", 'a "b".txt', "$(date).txt", "a;b&c|d.txt", "`id`.txt", "-f.txt"],
)  # fmt: skip
def test_a_name_needs_no_quoting(batch: Batch, plugin: Plugin, name: str) -> None:
    batch.repository.write(name, "Greet the user\n")
    assert "Feature 1 of 1" in _type(plugin, batch.root, "batch-implement", name).context
    assert batch.fields["features_file"] == name


@pytest.mark.parametrize(
    "typed", ["'my features.txt'", '"my features.txt"', "my\\ features.txt", " my features.txt "]
)
def test_a_name_may_be_quoted(batch: Batch, plugin: Plugin, typed: str) -> None:
    batch.repository.write("my features.txt", "Greet the user\n")
    assert "Feature 1 of 1" in _type(plugin, batch.root, "batch-implement", typed).context


@pytest.mark.parametrize(
    "typed",
    ["@my features.txt", '@"my features.txt"', "--again @my features.txt", "@my features.txt --keep-dirty"],
)
def test_a_name_may_be_one_that_the_client_completed(batch: Batch, plugin: Plugin, typed: str) -> None:
    batch.repository.write("my features.txt", "Greet the user\n")
    assert "Feature 1 of 1" in _type(plugin, batch.root, "batch-implement", typed).context
    assert batch.fields["features_file"] == "my features.txt"


@pytest.mark.parametrize("typed", ["plans/*.txt", "plans/a.txt plans/b.txt", "@plans/a.txt @plans/b.txt"])
def test_several_files_are_one_batch(batch: Batch, plugin: Plugin, typed: str) -> None:
    batch.repository.write("plans/a.txt", "Greet the user\n")
    batch.repository.write("plans/b.txt", "Count the visits\n")
    assert "Feature 1 of 2" in _type(plugin, batch.root, "batch-implement", typed).context
    assert [feature.origin for feature in batch.state.features] == ["plans/a.txt:1", "plans/b.txt:1"]
    assert batch.state.features_files == {"plans/a.txt", "plans/b.txt", "plans/a.txt, plans/b.txt"}


@pytest.mark.parametrize(
    "typed", ["add a login form", '"add a login form"', "add a --quick login, it's late"]
)
def test_a_sentence_in_place_of_a_file_is_told_its_command(batch: Batch, plugin: Plugin, typed: str) -> None:
    answer = _type(plugin, batch.root, "batch-implement", typed).json
    assert answer["continue"] is False
    assert '/auto-implement "add a ' in answer["stopReason"]
    assert not batch.project.state.exists()


@pytest.mark.parametrize(
    "typed", ["--plan my features.txt", "my features.txt --plan", "--plan 'my features.txt'"]
)
def test_a_plan_is_shown_to_the_person_and_nothing_is_begun(batch: Batch, plugin: Plugin, typed: str) -> None:
    batch.repository.write("my features.txt", "Greet the user\n")
    answer = _type(plugin, batch.root, "batch-implement", typed).json
    assert "1. Greet the user" in answer["stopReason"]
    assert not batch.project.state.exists()


def test_uncommitted_work_is_kept_when_that_is_typed(batch: Batch, plugin: Plugin) -> None:
    batch.repository.write("app.py", "changed\n")
    batch.repository.write("my features.txt", "Greet the user\n")
    assert "Feature 1" in _type(plugin, batch.root, "batch-implement", "--keep-dirty my features.txt").context


def test_another_session_resumes_a_batch(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    answer = _type(plugin, batch.root, "batch-implement", "--resume", session_id="second")
    assert "Feature 1 of 3" in answer.context
    assert batch.fields["owner"]["session_id"] == "second"


def test_help_is_shown_to_the_person(batch: Batch, plugin: Plugin) -> None:
    for typed in ("--help", "-h"):
        answer = _type(plugin, batch.root, "batch-implement", typed).json
        assert answer["continue"] is False
        said = answer["stopReason"]
        assert all(f"usage: {form} " in said for form in forms())
        assert "--keep-dirty  " in said


def test_checks_that_fail_before_the_first_feature_are_told_to_the_person(
    batch: Batch, plugin: Plugin
) -> None:
    batch.repository.commit(broken="")
    batch.list_features()
    answer = _type(plugin, batch.root, "batch-implement", "features.txt").json
    assert "fails before any feature has begun" in answer["stopReason"]


@pytest.mark.parametrize("session_id", ["owner", "stranger"])
def test_the_status_and_the_end_work_from_any_session(batch: Batch, plugin: Plugin, session_id: str) -> None:
    batch.begin()
    answer = _type(plugin, batch.root, "batch-status", session_id=session_id).json
    assert answer["continue"] is False
    assert "0 of 3 done" in answer["stopReason"]
    event = {
        "session_id": session_id,
        "command_name": "batch-implement:batch-implement",
        "command_args": "--stop",
    }
    attended = {"CLAUDE_CODE_SESSION_ID": session_id}
    answer = plugin.hook("user-prompt-expansion", batch.root, event, **attended).json
    assert "Feature 1 of 3 is being worked on. End the batch all the same?" in answer["stopReason"]
    assert batch.project.state.exists()
    answer = _type(plugin, batch.root, "batch-implement", "--stop --yes", session_id=session_id).json
    assert "The batch is stopped" in answer["stopReason"]
    assert not batch.project.state.exists()


def test_the_status_that_is_read_quickly_is_the_subcommand_s(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    below = batch.root / "packages/web"
    below.mkdir(parents=True)
    said = batch.call("status").text
    for folder in (batch.root, below):
        assert _type(plugin, folder, "batch-status").json == {"continue": False, "stopReason": said}


def test_breakers_that_are_open_are_in_the_status(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    manager = BatchRetryManager(batch.root, batch.state.batch_id, enabled=True)
    for number in range(5):
        manager.record_failure(0, FailureFacts("report", f"SyntaxError: line {number}"))
    assert "No retries: 5" in _type(plugin, batch.root, "batch-status").json["stopReason"]
    manager.reset_breaker()
    assert "No retries" not in _type(plugin, batch.root, "batch-status").json["stopReason"]
    opened = {"consecutive_failures": 6, "opened_at": time.time()}
    batch.project.state.update(lambda current: Transition("x", replace(current, github_breaker=opened)))
    assert "No issues are closed: 6" in _type(plugin, batch.root, "batch-status").json["stopReason"]


def test_the_status_of_a_state_that_can_not_be_read_is_what_to_do(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    for path in [*batch.root.glob(".claude/batch_state.json*"), *batch.root.glob(".claude/batches/*.jsonl")]:
        path.write_text("rubbish")
    assert "batch_state.json" in _type(plugin, batch.root, "batch-status").json["stopReason"]


@pytest.mark.parametrize(
    ("typed", "feature"),
    [
        ('"Greet the user"', "Greet the user"),
        ("Greet the user; $(rm -rf .)", "Greet the user; $(rm -rf .)"),
        ('it\'s a "small" thing', 'it\'s a "small" thing'),
        ("Show --help to users who are lost", "Show --help to users who are lost"),
        ("Greet\nthe user", "Greet the user"),
    ],
)
def test_one_feature_is_taken_as_it_was_typed(batch: Batch, plugin: Plugin, typed: str, feature: str) -> None:
    answer = _type(plugin, batch.root, "auto-implement", typed)
    assert f"Feature 1 of 1: {feature}" in answer.context
    assert batch.fields["features"] == [feature]


@pytest.mark.parametrize("command", ["other-plugin:deploy", "batch", "", "batch-implement:unknown"])
def test_a_command_of_somebody_elses_is_left_alone(batch: Batch, plugin: Plugin, command: str) -> None:
    answer = plugin.hook("user-prompt-expansion", batch.root, {"command_name": command, "command_args": "x"})
    assert (answer.status, answer.stdout) == (0, "")


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"rubbish", b"[]", b"null", b'"text"', b"{}", b'{"command_name": 7}'),
        *(b"[" * 100_000, b"\xff\xfe"),
        b'{"command_name": "batch-implement:batch-status", "command_args": ["x"], "session_id": {}}',
    ],
)
def test_whatever_is_on_its_input_the_hook_does_not_fail(batch: Batch, plugin: Plugin, data: bytes) -> None:
    answer = plugin.hook("user-prompt-expansion", batch.root, data)
    assert answer.status == 0
    assert "Traceback" not in answer.stderr
    assert not answer.stdout or isinstance(json.loads(answer.stdout), dict)


@given(
    st.sampled_from(["batch-implement", "auto-implement", "batch-status"]),
    st.text(st.one_of(st.sampled_from(list("'\"\\ -$()`;\n\0")), st.characters()), max_size=300),
)
def test_any_words_become_a_subcommand_and_its_arguments(name: str, typed: str) -> None:

    chosen, arguments = translate(name, typed, Path("/proc"))
    assert chosen in SUBCOMMANDS
    assert all(isinstance(argument, str) for argument in arguments)


@pytest.mark.parametrize(
    ("command", "typed", "words"),
    [
        ("batch-implement", "none.txt", "none.txt is not there"),
        ("batch-implement", "--plan features.txt", "1. Greet the user"),
        ("batch-status", "", "There was no batch"),
    ],
)
def test_who_looks_first_is_told_what_is_for_the_person(
    batch: Batch, plugin: Plugin, command: str, typed: str, words: str
) -> None:
    batch.list_features()
    assert words in _type(plugin, batch.root, command, typed, is_look=True).json["stopReason"]


def test_who_looks_first_begins_no_batch_and_leaves_what_is_for_claude_to_the_hook(
    batch: Batch, plugin: Plugin
) -> None:
    batch.list_features()
    assert _type(plugin, batch.root, "batch-implement", "features.txt", is_look=True).stdout == ""
    assert not batch.project.state.exists()
    batch.begin()
    again = _type(plugin, batch.root, "batch-implement", "features.txt", is_look=True).json["stopReason"]
    assert "A batch is at work in this project already" in again
    for is_look in (True, False):
        answer = _type(plugin, batch.root, "batch-implement", "--resume", session_id="owner", is_look=is_look)
        assert bool(answer.stdout) != is_look
    assert "Feature 1 of 3" in answer.context


def test_a_person_at_a_shell_needs_no_session(batch: Batch) -> None:
    batch.list_features()
    assert batch.call("start", "features.txt", session=NO_SESSION).kind == "assigned"
    assert batch.fields["owner"] is None
