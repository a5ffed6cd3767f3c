"""What the plugin adds to the conversation, in bytes: python -m benchmarks.context_bytes

Counted in the requests that a server on loopback received from the real client, against the same session
with a plugin that has nothing in it. A scripted model works a batch of 20 features to its end.

- idle: the first request of a session that says hello.
- start: the first request of ``/batch-implement features.txt`` against the same words as a plain prompt.
- per feature: by how much the main conversation grows from one assignment to the next; whole, and without
  what the client itself would add: a session with another plugin makes the same Agent call, gets the same
  report back, and then calls Bash once for ``true``.
"""

from __future__ import annotations

import itertools
import json
import re
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "lib")]

from tests.client.batch_project import BatchProject  # noqa: E402 -- needs the paths above

from batch_implement.demo import scripted_developer  # noqa: E402
from batch_implement.demo.loopback_model import LoopbackModel  # noqa: E402
from batch_implement.demo.messages_api import Reply, bash, delegate, say  # noqa: E402
from batch_implement.execution.client import installation  # noqa: E402
from batch_implement.execution.client.session import Client, Prompt, run_headless  # noqa: E402
from batch_implement.oversight.workers import AGENT  # noqa: E402

if TYPE_CHECKING:
    from batch_implement.demo.messages_api import ModelRequest, Policy

FEATURES = 20
_NAME, _, _AGENT_NAME = AGENT.partition(":")
_AGENT_FILE = f"agents/{_AGENT_NAME}.md"
_CALL = {"subagent_type": AGENT, "description": "scripted", "prompt": "Feature 1", "run_in_background": False}
_WAITED_FOR = {"hookSpecificOutput": {"hookEventName": "PreToolUse", "updatedInput": _CALL}}


@dataclass(frozen=True)
class Conversation:
    """Sizes in bytes of the requests of one session: all of the main conversation, each agent's first."""

    main: tuple[int, ...]
    agents: tuple[int, ...]

    @property
    def growth(self) -> float:
        """From the request with one assignment to the one with the next; the middle one of all features.

        The first is left out: in it stands what the client says once.
        """
        assigned = self.main[2::2]
        return statistics.median(later - earlier for earlier, later in itertools.pairwise(assigned))


@dataclass(frozen=True)
class ContextBytes:
    idle: int
    start: int
    feature: float
    client: float
    agent: int
    round_trips: float

    @property
    def own(self) -> float:
        """Of a feature's bytes, what the client would not have added without the plugin."""
        return self.feature - self.client


class Sessions:
    """Sessions alike in all but the plugin: the same names and lengths of folders, the same prompt."""

    def __init__(self, executable: Path, folder: Path, plugin_home: Path) -> None:
        self._executable = executable
        self._folder = folder
        self._env = {"BATCH_IMPLEMENT_HOME": str(plugin_home)}
        self._number = 10
        self._empty = _plugin(folder / "empty", {})
        # With the same tools, whose descriptions would otherwise be counted as ours.
        tools = re.search(r"^tools: .*$", (ROOT / _AGENT_FILE).read_text(), re.MULTILINE)
        assert tools is not None
        agent = f"---\nname: {_AGENT_NAME}\ndescription: Works\n{tools[0]}\n---\nWork.\n"
        # Nobody is there in a headless session, so its agents are waited for, as the plugin has it.
        waited = f"echo '{json.dumps(_WAITED_FOR)}'"
        hook = {"matcher": "Agent", "hooks": [{"type": "command", "command": waited}]}
        hooks = json.dumps({"hooks": {"PreToolUse": [hook]}})
        self._agent_only = _plugin(folder / "agent", {_AGENT_FILE: agent, "hooks/hooks.json": hooks})

    def measure(self, worked: int = FEATURES) -> ContextBytes:
        """``worked`` is after how many features of the batch the session is cut off."""
        hello = [self._run(plugin, "hello", lambda _: say("Hello.")) for plugin in (ROOT, self._empty)]
        typed = self._run(self._empty, "batch-implement features.txt", lambda _: say("Hello."))
        batch = self._run(ROOT, "/batch-implement features.txt", scripted_developer.answer, worked)
        alike = self._run(self._agent_only, "batch-implement features.txt", _same_calls(worked), worked)
        return ContextBytes(
            idle=hello[0].main[0] - hello[1].main[0],
            start=batch.main[0] - typed.main[0],
            feature=batch.growth,
            client=alike.growth,
            agent=batch.agents[0] - alike.agents[0],
            round_trips=(len(batch.main) - 1) / worked - 1,
        )

    def _run(self, plugin: Path, text: str, policy: Policy, worked: int = 1) -> Conversation:
        self._number += 1
        project = BatchProject.make(self._folder / f"project{self._number}", FEATURES)
        home = self._folder / f"home{self._number}"
        home.mkdir()
        with LoopbackModel(policy) as model:
            client = Client(self._executable, home, model.base_url, (plugin,), self._env)
            prompt = Prompt(
                text,
                permission_mode="acceptEdits",
                allowed_tools=("Bash",),
                options=("--max-turns", str(2 * worked + 1)),
            )
            run_headless(client, prompt, project=project.root, timeout=600)
            asked = [request for request in model.requests if not request.is_side_request]
        firsts = [request for request in asked if request.from_subagent and request.answers == 0]
        return Conversation(
            tuple(request.size for request in asked if not request.from_subagent),
            tuple(request.size for request in firsts),
        )


def _plugin(folder: Path, files: dict[str, str]) -> Path:
    manifest = f'{{"name": "{_NAME}", "version": "0.1.0", "description": "For a measurement."}}'
    for name, text in {".claude-plugin/plugin.json": manifest, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def _same_calls(features: int) -> Policy:
    """For each feature what the scripted developer does, without a plugin: the agent, then one command."""

    def answer(request: ModelRequest) -> Reply:
        if request.from_subagent:
            return say(scripted_developer.REPORT)
        feature, said = divmod(request.answers, 2)
        if feature == features:
            return say("Done.")
        return bash("true") if said else delegate(AGENT, f"Feature {feature + 1}")

    return answer


def main() -> None:
    executable = installation.install(ROOT / ".cache", print)
    with tempfile.TemporaryDirectory() as name:
        counted = Sessions(executable, Path(name), ROOT / ".cache" / "plugin-home").measure()
    rows = [
        ("an idle session", counted.idle, "under 600"),
        (f"start of a batch of {FEATURES}, first assignment in it", counted.start, "under 4,000"),
        ("each further feature, in the main conversation", counted.feature, "under 1,400"),
        ("  of these, what the client adds to the same calls", counted.client, ""),
        ("  of these, the plugin's", counted.own, ""),
        ("each feature, in the context of its own agent", counted.agent, ""),
    ]
    for what, size, goal in rows:
        print(f"{what:54} {size:7,.0f} bytes{f' (goal: {goal})' if goal else ''}")
    print(f"{'round trips per feature beyond the work itself':54} {counted.round_trips:7.2f} (goal: 1)")


if __name__ == "__main__":
    main()
