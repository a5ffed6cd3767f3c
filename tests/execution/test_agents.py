"""Whether an agent is at work is known after whatever happens to the conversation that started it."""

from __future__ import annotations

import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from batch_implement.engine.awaited_worker import MAX_AWAITED
from batch_implement.model import attempts
from batch_implement.model.batch import Batch as State
from batch_implement.model.feature import Feature
from batch_implement.model.transition import NOTHING
from batch_implement.oversight.session import Session
from batch_implement.oversight.workers import at_work
from batch_implement.system.process.identity import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.batches import Batch
    from tests.plugin import Plugin

pytestmark = pytest.mark.slow

OURS = "batch-implement:feature-implementer"
AT_WORK = "An agent is at work on feature 1. Don't start another"
CUT_OFF = "was cut off. Start it again"
FINISHED = "An agent has finished its work on feature 1.\nRun this first;"


class Client:
    """A session of a client that runs, and what its hooks are told of agents."""

    def __init__(self, batch: Batch, plugin: Plugin, pid: int) -> None:
        self._batch = batch
        self._plugin = plugin
        self._pid = str(pid)
        self.session = Session("owner", identity(pid))

    def starts(self, agent_id: str) -> None:
        self._agent("subagent-start", agent_id)

    def ends(self, agent_id: str) -> None:
        self._agent("subagent-stop", agent_id)

    def _agent(self, hook: str, agent_id: str) -> None:
        event = {"session_id": "owner", "agent_id": agent_id, "agent_type": OURS}
        assert self._plugin.hook(hook, self._batch.root, event, CLAUDE_PID=self._pid).status == 0

    def fails(self, agent_id: str) -> None:
        self._agent("stop-failure", agent_id)

    def is_told(self, source: str) -> str:
        """At the beginning of a session, or, with ``stop``, at the end of a turn in which nothing runs."""
        hook = "stop" if source == "stop" else "session-start"
        event = {"session_id": "owner", "source": source, "background_tasks": []}
        told = self._plugin.hook(hook, self._batch.root, event, CLAUDE_PID=self._pid).context
        asks = "Run: batch-implement next" in told
        return self._batch.call("next", session=self.session).text if asks else told


@pytest.fixture
def client(batch: Batch, plugin: Plugin, a_client: subprocess.Popen[bytes]) -> Client:
    batch.begin(session=Session("owner", identity(a_client.pid)))
    return Client(batch, plugin, a_client.pid)


@pytest.fixture
def another_client(batch: Batch, plugin: Plugin) -> Iterator[Client]:
    with subprocess.Popen(["sleep", "300"]) as process:
        yield Client(batch, plugin, process.pid)
        process.kill()


def test_before_an_agent_was_started_nothing_is_said_of_one(client: Client) -> None:
    told = client.is_told("compact")
    assert not any(words in told for words in (AT_WORK, CUT_OFF, FINISHED))
    assert "Start agent" in told


@pytest.mark.parametrize("source", ["compact", "clear"])
def test_beside_an_agent_at_work_no_second_one_is_asked_for(client: Client, source: str) -> None:
    client.starts("a1")
    told = client.is_told(source)
    assert AT_WORK in told
    assert "end your turn now" in told
    assert "Start agent" not in told
    assert "batch-implement done 1" in told


def test_a_turn_that_ends_while_no_agent_runs_is_told_to_start_one_again(client: Client) -> None:
    client.starts("a1")
    told = client.is_told("stop")
    assert CUT_OFF in told
    assert "Start agent" in told


@pytest.mark.parametrize("source", ["compact", "stop"])
def test_finished_work_goes_on_to_done(client: Client, source: str) -> None:
    client.starts("a1")
    client.ends("a1")
    assert FINISHED in client.is_told(source)


def test_an_agent_that_was_given_up_does_not_end_the_one_after_it(client: Client) -> None:
    client.starts("a1")
    client.starts("a2")
    client.ends("a1")
    assert AT_WORK in client.is_told("compact")
    client.ends("a2")
    assert FINISHED in client.is_told("compact")


def test_an_agent_does_not_outlive_its_client(
    client: Client, another_client: Client, a_client: subprocess.Popen[bytes]
) -> None:
    client.starts("a1")
    a_client.kill()
    a_client.wait()
    assert CUT_OFF in another_client.is_told("resume")
    another_client.starts("a2")
    assert AT_WORK in another_client.is_told("compact")
    another_client.ends("a2")
    assert FINISHED in another_client.is_told("compact")


@pytest.mark.parametrize("how", ["ends", "fails"])
def test_an_agent_that_ends_while_the_batch_is_paused_is_not_waited_for_afterwards(
    client: Client, batch: Batch, how: str
) -> None:
    client.starts("a1")
    batch.call("pause", session=client.session)
    getattr(client, how)("a1")
    assert not at_work(batch.state)
    batch.call("resume", session=client.session)
    assert (FINISHED if how == "ends" else CUT_OFF) in client.is_told("compact")


def test_an_agent_that_the_api_failed_is_cut_off(client: Client) -> None:
    client.starts("a1")
    client.fails("another")
    assert AT_WORK in client.is_told("compact")
    client.fails("a1")
    assert CUT_OFF in client.is_told("compact")


@pytest.mark.parametrize("command", [("done",), ("fail", "--error", "too hard")], ids=["done", "fail"])
def test_while_its_agent_is_at_work_a_feature_is_neither_done_nor_failed(
    client: Client, batch: Batch, command: tuple[str, ...]
) -> None:
    name, *options = command
    client.starts("a1")
    batch.work(1)
    for _ in range(2):
        waiting = batch.call(name, "1", *options, session=client.session, wait=0.0)
        assert waiting.kind == "waiting"
        assert "still at work. End your turn now" in waiting.text
    assert (batch.fields["completed_features"], batch.fields["failed_features"]) == ([], [])
    client.ends("a1")
    assert batch.call(name, "1", *options, session=client.session).kind == "assigned"


def test_a_call_goes_on_as_soon_as_the_agent_has_ended(client: Client, batch: Batch) -> None:
    client.starts("a1")
    batch.work(1)
    ending = threading.Timer(0.5, client.ends, ["a1"])
    ending.start()
    assert "Feature 1 is done" in batch.call("done", "1", session=client.session).text
    ending.join()


def test_after_a_turn_that_nothing_ran_in_the_feature_can_be_done(client: Client, batch: Batch) -> None:
    """A person has ended the agent, or it is gone for a reason that nobody tells."""
    client.starts("a1")
    batch.work(1)
    client.is_told("stop")
    assert "Feature 1 is done" in batch.call("done", "1", session=client.session, wait=60).text


def test_who_calls_again_and_again_is_not_waiting_for_ever(client: Client, batch: Batch) -> None:
    client.starts("a1")
    batch.work(1)
    for _ in range(MAX_AWAITED):
        assert batch.call("done", "1", session=client.session, wait=0.0).kind == "waiting"
    assert "Feature 1 is done" in batch.call("done", "1", session=client.session).text


def test_a_person_need_not_wait_for_an_agent(client: Client, batch: Batch) -> None:
    client.starts("a1")
    batch.work(1)
    assert "Feature 1 is done" in batch.call("done", "1", session=Session()).text


def test_another_feature_s_number_is_told_as_ever(client: Client, batch: Batch) -> None:
    client.starts("a1")
    told = batch.call("done", "2", session=client.session)
    assert told.kind == "refused"
    assert "Feature 2 is not being worked on" in told.text


def test_the_journal_says_of_which_feature_an_agent_began_ended_or_was_cut_off(
    client: Client, batch: Batch
) -> None:
    client.starts("a1")
    client.fails("a1")
    client.starts("a2")
    client.ends("a2")
    records = [record for record in batch.project.state.history() if record["event"].startswith("agent")]
    assert [(record["event"], record["feature"]) for record in records] == [
        ("agent", 1),
        ("agent_cut_off", 1),
        ("agent", 1),
        ("agent_ended", 1),
    ]


def test_between_two_features_an_agent_is_nobody_s() -> None:
    state = State(batch_id="batch-1", features_file="", features=(Feature(id="1", text="Greet the user"),))
    assert attempts.worker_begun(state, 0, "a1", "1 2 3") is NOTHING
    assert attempts.worker_ended(state, "a1") is NOTHING
    assert attempts.worker_cut_off(state, "a1") is NOTHING
    assert at_work(state) == ()


def test_an_attempt_that_ended_does_not_keep_its_agent(client: Client, batch: Batch) -> None:
    client.starts("a1")
    batch.work(1)
    batch.call("done", "1", session=Session())
    [attempt] = batch.state.attempts[0]
    assert (attempt.workers, attempt.worker) == (1, None)
