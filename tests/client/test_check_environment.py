"""What the real client was started with can be asked of the system from within its Bash tool."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from batch_implement.demo.loopback_model import LoopbackModel
from batch_implement.demo.messages_api import bash, say
from batch_implement.execution.client.session import Prompt, run_headless

if TYPE_CHECKING:
    from batch_implement.demo.messages_api import Answer, ModelRequest
    from tests.client.conftest import ClientFactory

pytestmark = pytest.mark.client

LIB = Path(__file__).resolve().parents[2] / "lib"
_ASKS = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from batch_implement.oversight.session import Session
from batch_implement.system.process.started_with import environment_of
print(json.dumps(environment_of(Session.of_environment(os.environ).client)))
"""


def test_a_variable_of_a_call_is_not_among_what_the_client_was_started_with(
    make_client: ClientFactory, project: Path
) -> None:
    asks = shlex.join([sys.executable, "-c", _ASKS, str(LIB)])

    def policy(request: ModelRequest) -> Answer:
        if request.news_results:
            return say(request.news_results[0].text)
        return bash(f"export SKIP_SLOW=1; PATH=/elsewhere:$PATH {asks}")

    with LoopbackModel(policy) as model:
        client = make_client(model, GREETING="hello")
        result = run_headless(client, Prompt("go", allowed_tools=("Bash",)), project=project)
    found = json.loads(result.text)
    assert found["GREETING"] == "hello"
    assert "SKIP_SLOW" not in found
    assert "/elsewhere" not in found["PATH"].split(":")
