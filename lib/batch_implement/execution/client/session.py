"""Sessions of the real client: a clean environment, a home of their own, a server on loopback.

Nothing of the machine's own installation or account takes part: no settings, no login, no history.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from batch_implement.json_types import JsonMapping
from batch_implement.system.process import program

# Any key does: the server is ours. Interactive sessions ask about a key they don't know.
API_KEY = "anything"


@dataclass(frozen=True)
class Client:
    """An installed client, the home it may write to, the server it asks, the plugins it loads.

    ``env`` is laid over the environment; ``PATH`` is the caller's, since the model's commands need git
    and an interpreter, and nothing else is inherited.
    """

    executable: Path
    home: Path
    base_url: str
    plugin_dirs: tuple[Path, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "ANTHROPIC_BASE_URL": self.base_url,
            "ANTHROPIC_API_KEY": API_KEY,
            "NO_PROXY": "127.0.0.1",
            "CLAUDE_CODE_TMPDIR": str(self.home),
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "CLAUDE_CODE_MAX_RETRIES": "1",
            "DISABLE_AUTOUPDATER": "1",
            "DISABLE_TELEMETRY": "1",
            "IS_SANDBOX": "1",  # as root it otherwise refuses to skip permissions
            **self.env,
        }

    def command(self, *arguments: str) -> list[str]:
        """The whole command line, its environment in it: ``env -i`` leaves nothing of the caller's."""
        variables = [f"{name}={value}" for name, value in self.environment().items()]
        plugins = [part for folder in self.plugin_dirs for part in ("--plugin-dir", str(folder))]
        return ["env", "-i", *variables, str(self.executable), *plugins, *arguments]


@dataclass(frozen=True)
class Prompt:
    """What a headless session is asked, and under which rules.

    ``text`` may be None where a SessionStart hook supplies the first turn; ``options`` are the client's own.
    """

    text: str | None
    permission_mode: str | None = None
    allowed_tools: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        options = ["--print", "--output-format", "json", *self.options]
        if self.permission_mode is not None:
            options += ["--permission-mode", self.permission_mode]
        if self.allowed_tools:
            options += ["--allowedTools", ",".join(self.allowed_tools)]
        # The option that ends the list of options comes last, so that a prompt may begin with a dash.
        return options if self.text is None else [*options, "--", self.text]


@dataclass(frozen=True)
class ClientResult:
    """A headless session that has ended. ``output`` is its result document, empty when it was cut off.

    An API error has ``is_error`` there; the client's own ``subtype`` lies.
    """

    finished: program.Finished
    output: JsonMapping

    @property
    def returncode(self) -> int:
        return self.finished.returncode

    @property
    def stderr(self) -> str:
        return self.finished.error_text

    @property
    def text(self) -> str:
        """The last message of the model, or the sentence that says what went wrong."""
        return str(self.output.get("result", ""))

    @property
    def session_id(self) -> str:
        return str(self.output.get("session_id", ""))


def run_headless(client: Client, prompt: Prompt, *, project: Path, timeout: float = 120.0) -> ClientResult:
    """Run a session in ``project`` to its end; an API error is a result, not an exception."""
    return result_of(program.run(client.command(*prompt.arguments()), cwd=project, timeout=timeout))


def result_of(finished: program.Finished) -> ClientResult:
    return ClientResult(finished, _result_document(finished.text))


def _result_document(text: str) -> JsonMapping:
    """The result the client printed as its last line; empty when it was killed before it had one."""
    for line in reversed(text.splitlines()):
        try:
            document = json.loads(line)
        except ValueError:
            continue
        if isinstance(document, dict) and document.get("type") == "result":
            return document
    return {}
