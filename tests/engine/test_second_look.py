"""A feature that touched tests: its old ones are run on its code, its new ones on the old code.

The projects are real ones, checked by Python's own test runner.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.batches import Batch, assigned, refusal

from batch_implement.engine.claim import Claim
from batch_implement.engine.done import finish_feature
from batch_implement.model import attempts
from batch_implement.model.outcomes import ReviewWanted, Waiting
from batch_implement.model.refusals import (
    ChangedTests,
    NothingChanged,
    ShownByNoTest,
    WeakerChecks,
)
from batch_implement.presentation.outcomes import answer_to
from batch_implement.presentation.report import render_report
from batch_implement.proof.second_look.claims import Named
from batch_implement.system.process import identity

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.model.outcomes import Outcome

CODE = "def total(prices):\n    return sum(prices)\n"
TESTS = (
    "import unittest\nfrom cart import total\n\n\nclass CartTest(unittest.TestCase):\n"
    "    def test_total(self):\n        self.assertEqual(total([60, 60]), 120)\n\n"
    "    def test_empty(self):\n        self.assertEqual(total([]), 0)\n"
)
DISCOUNT = CODE.replace("sum(prices)", "sum(prices) - (sum(prices) > 100) * 10")
OTHER = TESTS.replace("120)", "110)")
TOTAL = "test_cart.CartTest.test_total"
NAMED = Named("test_cart.py::CartTest::test_total", "orders over 100 cost 10 less")


@pytest.fixture
def shop(run_again: Batch, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """Tested by name."""
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", f"{sys.executable} -m unittest -q")
    run_again.repository.commit(**{"cart.py": CODE, "test_cart.py": TESTS})
    return run_again


def _done(batch: Batch, *named: Named, accept: str = "", wait: float = 60.0) -> Outcome:
    return finish_feature(batch.project, 1, Claim(named=named, accept_weaker=accept), wait=wait)


def _discount(batch: Batch) -> None:
    batch.repository.write("cart.py", DISCOUNT)
    batch.repository.write("test_cart.py", OTHER)


def _report(batch: Batch) -> str:
    return render_report(batch.project.state.read())


def test_an_expectation_that_was_changed_without_a_word_is_refused_with_its_lines(shop: Batch) -> None:
    assigned(shop.begin("Give a discount", "Something else"))
    _discount(shop)
    refused = refusal(_done(shop))
    assert isinstance(refused, ChangedTests)
    (test,) = refused.tests
    assert test.name == TOTAL
    assert test.lines[0] == "test_cart.py"
    assert "-         self.assertEqual(total([60, 60]), 120)" in test.lines
    assert "+         self.assertEqual(total([60, 60]), 110)" in test.lines


def test_named_with_a_reason_it_stands_above_what_is_done(shop: Batch) -> None:
    assigned(shop.begin("Give a discount", "Something else"))
    _discount(shop)
    assert assigned(_done(shop, NAMED)) == 2
    (changed,) = shop.project.state.read().evidence[0].changed
    assert (changed.test, changed.why) == (TOTAL, NAMED.why)
    report = _report(shop)
    assert report.index("## Changed expectations") < report.index("## Done")
    assert "-         self.assertEqual(total([60, 60]), 120)" in report


def test_it_is_read_by_a_reviewer_before_it_counts(shop: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_REVIEW", "flagged")
    assigned(shop.begin("Give a discount", "Something else"))
    _discount(shop)
    assert _done(shop, NAMED) == Waiting(cause=ReviewWanted(number=1))


def test_what_the_agent_named_last_needs_no_second_word(shop: Batch) -> None:
    assigned(shop.begin("Give a discount", "Something else"))
    said = f"Orders over 100 cost 10 less.\n- `Changed: {NAMED.what}: {NAMED.why}`\n"
    state = shop.project.state
    state.update(lambda current: attempts.worker_begun(current, 0, "a1", "4711 1 boot"))
    state.update(lambda current: attempts.worker_ended(current, "a1", said))
    _discount(shop)
    assert assigned(_done(shop)) == 2
    (changed,) = state.read().evidence[0].changed
    assert changed.test == TOTAL


def test_what_was_named_once_holds_when_who_mends_it_says_nothing_of_it(
    shop: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_REVIEW", "flagged")
    assigned(shop.begin("Give a discount", "Something else"))
    _discount(shop)
    assert _done(shop, NAMED) == Waiting(cause=ReviewWanted(number=1))
    shop.repository.write("cart.py", DISCOUNT + "\n\nLIMIT = 100\n")
    assert _done(shop) == Waiting(cause=ReviewWanted(number=1))


def test_the_name_is_given_on_the_command_line(shop: Batch) -> None:
    assigned(shop.begin("Give a discount", "Something else"))
    _discount(shop)
    said = shop.call("done", "1", "--changes", f"{NAMED.what}: {NAMED.why}").text
    assert "Feature 1 is done, committed" in said


@pytest.mark.parametrize("handling", ["hold", "refuse"])
def test_where_a_person_decides_the_worker_s_word_is_not_enough(
    shop: Batch, monkeypatch: pytest.MonkeyPatch, handling: str
) -> None:
    monkeypatch.setenv("BATCH_CHANGED_TESTS", handling)
    assigned(shop.begin("Give a discount", "Something else"))
    # What a feature sets while it is at work changes nothing.
    monkeypatch.setenv("BATCH_CHANGED_TESTS", "report")
    _discount(shop)
    refused = refusal(_done(shop, NAMED))
    assert isinstance(refused, ChangedTests)
    assert refused.handling == handling
    accepted = _done(shop, accept="the shop wants it")
    if handling == "refuse":
        assert isinstance(refusal(accepted), ChangedTests)
    else:
        assert assigned(accepted) == 2
        assert shop.project.state.read().evidence[0].accepted == "the shop wants it"


def test_a_test_that_is_skipped_now_is_named_or_refused(shop: Batch) -> None:
    assigned(shop.begin("Give a discount", "Something else"))
    shop.repository.write("cart.py", CODE + "\n\ndef count(prices):\n    return len(prices)\n")
    shop.repository.write(
        "test_cart.py", TESTS.replace("    def test_total", "    @unittest.skip('later')\n    def test_total")
    )
    refused = refusal(_done(shop))
    assert isinstance(refused, ChangedTests)
    assert [(test.name, test.became) for test in refused.tests] == [(TOTAL, "skipped")]


def test_a_test_that_went_and_passes_in_its_old_form_is_no_obstacle(shop: Batch) -> None:
    assigned(shop.begin("Tidy the tests up", "Something else"))
    merged = TESTS[: TESTS.index("    def test_total")] + (
        "    def test_both(self):\n        self.assertEqual(total([60, 60]), 120)\n"
        "        self.assertEqual(total([]), 0)\n"
    )
    shop.repository.write("test_cart.py", merged)
    assert assigned(_done(shop)) == 2
    evidence = shop.project.state.read().evidence[0]
    assert evidence.gone == ("test_cart.CartTest.test_empty", TOTAL)
    assert evidence.kind == "tests"
    assert "## Changed" not in _report(shop)


def test_a_feature_that_no_test_shows_is_told(shop: Batch) -> None:
    assigned(shop.begin("Count the prices", "Something else"))
    shop.repository.write("cart.py", CODE + "\n\ndef count(prices):\n    return len(prices)\n")
    assert assigned(_done(shop)) == 2
    assert shop.project.state.read().evidence[0].unshown
    report = _report(shop)
    assert report.index("no test shows this feature") < report.index("## Done")


def test_one_that_a_test_shows_names_it(shop: Batch) -> None:
    assigned(shop.begin("Count the prices", "Something else"))
    shop.repository.write("cart.py", CODE + "\n\ndef count(prices):\n    return len(prices)\n")
    shop.repository.write(
        "test_count.py",
        "import unittest\nimport cart\n\n\nclass CountTest(unittest.TestCase):\n"
        "    def test_count(self):\n        self.assertEqual(cart.count([1]), 1)\n",
    )
    assert assigned(_done(shop)) == 2
    evidence = shop.project.state.read().evidence[0]
    assert evidence.shown_by == ("test_count.CountTest.test_count",)
    assert not evidence.unshown


def test_where_a_test_is_asked_for_one_that_none_shows_is_refused(
    shop: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_REQUIRE_TEST", "true")
    assigned(shop.begin("Count the prices", "Document it"))
    shop.repository.write("cart.py", CODE + "\n\ndef count(prices):\n    return len(prices)\n")
    assert isinstance(refusal(_done(shop)), ShownByNoTest)
    shop.repository.write("cart.py", CODE)
    shop.repository.write("README.md", "A cart.\n")
    assert assigned(_done(shop)) == 2


def test_what_is_removed_is_shown_by_the_tests_that_went_with_it(
    shop: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_REQUIRE_TEST", "true")
    count = CODE + "\n\ndef count(prices):\n    return len(prices)\n"
    tests = (
        "import unittest\nimport cart\n\n\nclass CountTest(unittest.TestCase):\n    def test_count(self):\n"
    )
    shop.repository.commit(
        **{"cart.py": count, "test_count.py": f"{tests}        self.assertEqual(cart.count([1]), 1)\n"}
    )
    assigned(shop.begin("Remove count(), nobody uses it", "Something else"))
    shop.repository.write("cart.py", CODE)
    (shop.root / "test_count.py").unlink()
    assert isinstance(refusal(_done(shop)), ChangedTests)
    assert assigned(_done(shop, Named("test_count.py", "count() is removed"))) == 2
    assert not shop.project.state.read().evidence[0].unshown


def test_white_space_and_comments_are_no_feature(shop: Batch) -> None:
    assigned(shop.begin("Count the prices", "Something else"))
    shop.repository.write("cart.py", CODE + "\n\n# counting is for later\n")
    assert refusal(_done(shop)) == NothingChanged(number=1, says_nothing=True)


def test_without_second_runs_lines_are_compared_and_that_is_said(
    shop: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_PROOF", "count")
    assigned(shop.begin("Give a discount", "Something else"))
    shop.repository.write("cart.py", DISCOUNT)
    shop.repository.write("test_cart.py", TESTS.replace("self.assertEqual(total([60, 60]), 120)", "pass"))
    assert isinstance(refusal(_done(shop)), WeakerChecks)
    assert assigned(_done(shop, Named("test_cart.py", "another total"))) == 2
    assert "tests compared by their lines only (second runs are off)" in _report(shop)


@pytest.mark.parametrize("handling", ["hold", "refuse"])
def test_there_too_the_worker_s_word_is_not_enough_where_a_person_decides(
    shop: Batch, monkeypatch: pytest.MonkeyPatch, handling: str
) -> None:
    monkeypatch.setenv("BATCH_PROOF", "count")
    monkeypatch.setenv("BATCH_CHANGED_TESTS", handling)
    assigned(shop.begin("Give a discount", "Something else"))
    shop.repository.write("cart.py", DISCOUNT)
    shop.repository.write("test_cart.py", TESTS.replace("self.assertEqual(total([60, 60]), 120)", "pass"))
    refused = refusal(_done(shop, Named("test_cart.py", "another total")))
    assert isinstance(refused, WeakerChecks)
    assert refused.handling == handling
    accepted = _done(shop, accept="the shop wants it")
    assert isinstance(refusal(accepted), WeakerChecks) if handling == "refuse" else assigned(accepted) == 2


def test_a_second_run_that_is_killed_is_made_again_and_leaves_nothing(shop: Batch, tmp_path: Path) -> None:
    """The check waits in the scratch workspaces, which have another place than the project."""
    slow = f"import os, time\nif os.getcwd() != {str(shop.root)!r}:\n    time.sleep(60)\n"
    shop.repository.commit(**{"test_cart.py": slow + TESTS})
    assigned(shop.begin("Give a discount", "Something else"))
    shop.repository.write("cart.py", DISCOUNT)
    shop.repository.write("test_cart.py", OTHER)
    before = shop.repository.run("status", "--porcelain")
    assert isinstance(_done(shop, wait=0.1), Waiting)
    deadline = time.monotonic() + 60
    while not (scratch := list((tmp_path / "temporary").glob("*/*/test_cart.py"))):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    run = next((shop.root / ".claude/batches").glob("check-run*.json")).read_text()
    worker = int(run.split('"worker\\": \\"')[1].split(" ")[0])
    assert identity.identity(worker) != str(worker)
    os.kill(worker, signal.SIGKILL)
    assert shop.repository.run("status", "--porcelain") == before
    assert scratch[0].exists()
    assert isinstance(_done(shop, wait=0.1), Waiting)
    while scratch[0].exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    answer_to(_done(shop, wait=0.1))


def test_settings_of_which_nothing_could_be_run_again_are_told(
    shop: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_PROOF", "count")
    assigned(shop.begin("Give a discount", "Something else"))
    shop.repository.write("cart.py", CODE + "\n\ndef count(prices):\n    return len(prices)\n")
    shop.repository.write(".testrc", "--tag ~slow\n")
    assigned(_done(shop))
    above = _report(shop).partition("## Done")[0]
    assert "checked less strictly by .testrc (perhaps: its old version was not tried)" in above
