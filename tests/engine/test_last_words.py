"""What a worker says last reaches the report, and what only a person can do is no failure to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.engine.last_words import needed_person
from batch_implement.model import attempts

if TYPE_CHECKING:
    from tests.batches import Batch

SAID = (
    "Added a greeting; tests/feature1.t shows it. Left the farewell alone.\n"
    "Needs a person: publish version 9.0.0 to PyPI with `twine upload`."
)


def _worker_says(batch: Batch, said: str) -> None:
    batch.project.state.update(lambda current: attempts.worker_begun(current, 0, "a1", "4711 1 boot"))
    batch.project.state.update(lambda current: attempts.worker_ended(current, "a1", said))


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("Needs a person: log in to the registry.", "log in to the registry."),
        ("All done.\n- **Needs a person:** approve it\nBye", "approve it"),
        ("NEEDS A PERSON — a key", "a key"),
        ("It needs a person at the door.", ""),
        ("Needs a person:", ""),
        ("", ""),
    ],
)
def test_what_a_person_has_to_do_is_found_in_a_line_of_its_own(text: str, needs: str) -> None:
    assert needed_person(text) == needs


def test_what_was_decided_reaches_the_report(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    _worker_says(batch, "Both --loud and --quiet given: --quiet wins.\nToken: ghp_" + "a" * 36)
    report = batch.call("done", "1").text
    assert "Both --loud and --quiet given: --quiet wins." in report
    assert "ghp_" not in report + str(batch.past())


def test_what_can_t_be_done_from_here_is_told_first_and_not_tried_again(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_RETRY_ENABLED", "true")
    batch.begin("Publish version 9.0.0 to PyPI", "Greet the user")
    batch.work(1)
    _worker_says(batch, SAID)
    # By its words alone this would be an account's refusal, for which the whole batch is paused.
    answer = batch.call("fail", "1", "--error", "401 Unauthorized: invalid credentials")
    assert "Feature 2 of 2" in answer.text
    assert batch.state.evidence[0].needs == "publish version 9.0.0 to PyPI with `twine upload`."
    batch.work(2)
    report = batch.call("done", "2").text
    assert report.index("## Needs you") < report.index("## Done") < report.index("## Failed")
    assert "twine upload" in report
