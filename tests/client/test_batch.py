"""`/batch-implement features.txt` in the real client, with models that know only what they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.demo import scripted_developer
from batch_implement.demo.loopback_model import LoopbackModel
from batch_implement.demo.messages_api import say
from batch_implement.execution.client.session import Prompt, run_headless
from tests.client import developers
from tests.client.batch_project import REPOSITORY, BatchProject, feature_names
from tests.client.headless_run import start_headless

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.demo.messages_api import ModelRequest, Policy
    from batch_implement.execution.client.session import ClientResult
    from tests.client.conftest import ClientFactory

pytestmark = pytest.mark.client

COMMAND = "/batch-implement features.txt"


@pytest.fixture
def batch_project(tmp_path: Path) -> BatchProject:
    return BatchProject.make(tmp_path / "project", 5)


def run_batch(
    make_client: ClientFactory,
    project: BatchProject,
    policy: Policy,
    *,
    text: str = COMMAND,
    **env: str,
) -> tuple[ClientResult, tuple[ModelRequest, ...]]:
    with LoopbackModel(policy) as model:
        result = run_headless(
            make_client(model, REPOSITORY, **env),
            Prompt(text, permission_mode="acceptEdits", allowed_tools=("Bash",)),
            project=project.root,
            timeout=240,
        )
        return result, model.requests


def assert_all_done(project: BatchProject, count: int = 5) -> None:
    assert project.state["status"] == "completed"
    assert project.state["completed_features"] == list(range(count))
    assert project.feature_trailers == list(range(1, count + 1))
    assert project.clean


def test_five_features_are_committed_in_order_one_commit_each(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    result, requests = run_batch(make_client, batch_project, scripted_developer.answer)
    assert_all_done(batch_project)
    assert batch_project.subjects == [f"feat({name}): add {name}" for name in feature_names(5)]
    assert "5 of 5 done" in result.text
    assert not (batch_project.root / ".claude" / "batches" / "hook-errors.log").exists()
    # Beyond the work itself (the agent), a feature costs the main conversation one round trip.
    main = [request for request in requests if not request.from_subagent and request.tools]
    assert len(main) == 5 * 2 + 1


def test_a_reviewer_reads_each_feature_and_is_given_what_it_has_to_know(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    _, requests = run_batch(make_client, batch_project, scripted_developer.answer, BATCH_REVIEW="all")
    assert_all_done(batch_project)
    assert [proof["reviewed"] for proof in batch_project.state["evidence"].values()] == [True] * 5
    reviews = [request for request in requests if "Review feature" in request.conversation]
    assert len(reviews) == 5
    assert {tool for review in reviews for tool in review.tools} <= {"Read", "Grep", "Glob"}


def test_what_a_reviewer_finds_is_mended_by_the_agent_and_looked_at_again(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    run_batch(make_client, batch_project, developers.reviewed_harshly(2), BATCH_REVIEW="all")
    assert_all_done(batch_project)
    assert batch_project.events.count("review_returned") == 1
    assert all(
        proof["reviewed"] and not proof.get("found") for proof in batch_project.state["evidence"].values()
    )


def test_an_agent_is_given_its_work_order_without_asking(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    _, requests = run_batch(make_client, batch_project, scripted_developer.answer)
    first = next(request for request in requests if request.from_subagent)
    assert "[batch-implement] Implement feature 1 of 5:" in first.conversation
    assert "unittest" in first.conversation


def test_a_turn_that_ends_with_a_question_is_sent_on(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    _, requests = run_batch(make_client, batch_project, developers.lazy(4))
    assert_all_done(batch_project)
    assert requests[-1].conversation.count(developers.LAZY_WORDS) == 4


def test_a_model_that_never_goes_on_fails_its_feature_and_then_pauses_the_batch(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    result, _ = run_batch(make_client, batch_project, lambda _: say(developers.LAZY_WORDS))
    state = batch_project.state
    assert state["status"] == "paused"
    assert len(state["failed_features"]) >= 1
    assert developers.LAZY_WORDS in state["failed_features"][0]["error_message"]
    assert state["completed_features"] == []
    assert result.returncode == 0


def test_what_was_only_said_to_be_done_is_not_completed(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    run_batch(make_client, batch_project, developers.lying(2))
    state = batch_project.state
    assert state["completed_features"] == [0, 2, 3, 4]
    assert [record["feature_index"] for record in state["failed_features"]] == [1]
    assert batch_project.feature_trailers == [1, 3, 4, 5]


def test_a_feature_whose_check_fails_is_mended_before_it_is_committed(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    _, requests = run_batch(make_client, batch_project, developers.wrong_at_first(3))
    assert any("Feature 3 is not done." in request.news for request in requests)
    assert_all_done(batch_project)
    assert "1 + x" not in batch_project.git("log", "--patch")


def test_a_deleted_test_is_found_out(make_client: ClientFactory, batch_project: BatchProject) -> None:
    path = "tests/test_times_one.py"
    _, requests = run_batch(make_client, batch_project, developers.deleting_a_test(2, path))
    assert any("would say less than before" in request.news for request in requests)
    assert 1 not in batch_project.state["completed_features"]
    assert path in batch_project.git("ls-files")
    assert (batch_project.root / path).exists()


def test_a_later_feature_can_not_be_reported_out_of_turn(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    _, requests = run_batch(make_client, batch_project, developers.impatient(4))
    assert any("Feature 4 is not being worked on" in request.news for request in requests)
    assert_all_done(batch_project)


def test_a_compaction_between_two_features_and_one_within_a_feature_lose_nothing(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    policy = developers.compacting(after_agents=[4], after_done=[2])
    _, requests = run_batch(make_client, batch_project, policy, CLAUDE_CODE_AUTO_COMPACT_WINDOW="100000")
    assert any(request.asks_for_summary for request in requests)
    assert batch_project.state["compactions"] == 2
    assert_all_done(batch_project)


def test_a_refusal_is_told_without_asking_the_model(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    result, requests = run_batch(
        make_client, batch_project, scripted_developer.answer, text="/batch-implement missing.txt"
    )
    assert "missing.txt is not there" in result.text
    assert requests == ()


def test_auto_implement_does_one_feature(make_client: ClientFactory, batch_project: BatchProject) -> None:
    text = '/auto-implement "Add half(x) returning x / 2; half(4) is 2"'
    result, _ = run_batch(make_client, batch_project, scripted_developer.answer, text=text)
    assert batch_project.subjects == ["feat(half): add half"]
    assert "1 of 1 done" in result.text


def test_status_costs_no_model_turn(make_client: ClientFactory, batch_project: BatchProject) -> None:
    result, requests = run_batch(make_client, batch_project, scripted_developer.answer, text="/batch-status")
    assert "There was no batch" in result.text
    assert requests == ()


def test_another_session_is_told_in_a_line_and_can_not_end_the_batch_unseen(
    make_client: ClientFactory, batch_project: BatchProject
) -> None:
    with LoopbackModel(developers.slow(3.0)) as model:
        client = make_client(model, REPOSITORY)
        owner = start_headless(
            client,
            Prompt(COMMAND, permission_mode="acceptEdits", allowed_tools=("Bash",)),
            project=batch_project.root,
        )
        while not batch_project.subjects:
            assert owner.running, owner.wait().text
        with LoopbackModel(lambda _: say("Hello.")) as other_model:
            other = make_client(other_model, REPOSITORY)
            hello = run_headless(other, Prompt("hello"), project=batch_project.root)
            stop = run_headless(other, Prompt("/batch-implement --stop"), project=batch_project.root)
        ended = owner.wait()
    assert hello.text == "Hello."
    assert "it is not this session's task" in other_model.requests[0].conversation
    assert len(other_model.requests) == 1
    assert "is the user's to call" in stop.text
    assert batch_project.state["status"] == "completed"
    assert ended.returncode == 0


def test_without_a_batch_the_hooks_add_nothing_to_the_conversation(
    make_client: ClientFactory, project: Path
) -> None:
    def conversation(*plugins: Path) -> str:
        with LoopbackModel(lambda _: say("Hello.")) as model:
            run_headless(make_client(model, *plugins), Prompt("hello"), project=project)
            return model.requests[0].conversation

    added = set(conversation(REPOSITORY).splitlines()) - set(conversation().splitlines())
    # The agents' own lines in the client's list are all there is.
    assert all(line.startswith("- batch-implement:") for line in added), added
