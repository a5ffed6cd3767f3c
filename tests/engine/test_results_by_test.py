"""A feature is judged by what became of each test, by its name: with real runners and whole batches."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from tests.batches import Batch, assigned, refusal

from batch_implement.model.outcomes import Paused
from batch_implement.model.refusals import ChangedTests, CheckFailed, FewerTests, SilentRunners
from batch_implement.oversight.session import NO_SESSION

if TYPE_CHECKING:
    from batch_implement.model.refusals import Refusal

pytestmark = pytest.mark.slow

CODE = "def double(x):\n    return 2 * x\n"
TESTS = """import unittest
from shop import double

class Doubling(unittest.TestCase):
    def test_two(self):
        self.assertEqual(double(2), 4)

    def test_three(self):
        self.assertEqual(double(3), 6)
"""
NEW_TEST = """
    def test_four(self):
        self.assertEqual(double(4), 8)
"""
SKIPS = "import unittest\nraise unittest.SkipTest('later')\n"
# As where a pytest is started by a test, whose tests are none of the check's.
SILENT = "import os\nos.environ['BATCH_RESULTS_PYTEST'] = '1'\n"
THREE = "test_shop.Doubling.test_three"


@pytest.fixture(autouse=True)
def _a_pytest_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what the pytest that runs these tests has set for itself."""
    for name in list(os.environ):
        if name.startswith(("PYTEST_", "COV_", "BATCH_RESULTS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


@pytest.fixture
def shop(batch: Batch) -> Batch:
    """A module and its two tests."""
    batch.repository.commit(**{"shop.py": CODE, "test_shop.py": TESTS})
    return batch


def _begin(shop: Batch, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", command)
    assert assigned(shop.begin()) == 1


UNITTEST = f"{sys.executable} -m unittest"
PYTEST = f"{sys.executable} -m pytest -q -p no:cacheprovider"


def _change(shop: Batch, tests: str) -> None:
    """A feature that leaves the tests like this."""
    shop.repository.write("shop.py", f"{CODE}\ndef triple(x):\n    return 3 * x\n")
    shop.repository.write("test_shop.py", tests)


def _said(shop: Batch, **claim: str) -> Refusal:
    return refusal(shop.done(1, **claim))


def test_a_failed_test_is_named_whatever_the_exit_status_says(
    shop: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.repository.commit(Makefile=f"test:\n\t-@{PYTEST} || true\n")
    _begin(shop, monkeypatch, "make test")
    _change(shop, TESTS.replace("6", "7"))
    why = _said(shop)
    assert isinstance(why, CheckFailed)
    assert why.exit_code == 0
    assert why.failed == ("test_shop.py::Doubling::test_three",)


@pytest.mark.parametrize(
    ("mark", "wanted", "became"),
    [("@unittest.skip('later')", 6, "skipped"), ("@unittest.expectedFailure", 7, "expected failure")],
)
def test_a_test_that_shows_nothing_any_more_is_named_though_as_many_pass(
    shop: Batch, monkeypatch: pytest.MonkeyPatch, mark: str, wanted: int, became: str
) -> None:
    # By its name no pattern of ours knows this file for one of tests.
    shop.repository.commit(**{"checks.py": TESTS})
    _begin(shop, monkeypatch, f"{UNITTEST} checks")
    marked = TESTS.replace("    def test_three", f"    {mark}\n    def test_three").replace("6", str(wanted))
    shop.repository.write("checks.py", marked + NEW_TEST)
    why = _said(shop)
    assert isinstance(why, ChangedTests)
    assert [(test.name, test.became) for test in why.tests] == [("checks.Doubling.test_three", became)]
    assert why.tests[0].lines[0] == "checks.py"
    assert why.files == ()


def test_tests_of_the_feature_before_are_missed_too(shop: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    _begin(shop, monkeypatch, UNITTEST)
    _change(shop, TESTS + NEW_TEST)
    assert assigned(shop.done(1)) == 2
    shop.repository.write("shop.py", SKIPS)
    why = refusal(shop.done(2))
    assert isinstance(why, ChangedTests)
    assert {test.name for test in why.tests} >= {
        "test_shop.Doubling.test_two",
        "test_shop.Doubling.test_four",
    }


def test_a_runner_that_is_kept_from_telling_is_named(shop: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.repository.commit(**{"conftest.py": ""})
    _begin(shop, monkeypatch, PYTEST)
    _change(shop, TESTS + NEW_TEST)
    shop.repository.write("conftest.py", SILENT)
    assert _said(shop) == SilentRunners(number=1, command=PYTEST, runners=("pytest",))


def test_a_new_name_for_a_test_is_no_loss(shop: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    _begin(shop, monkeypatch, UNITTEST)
    _change(shop, TESTS.replace("test_three", "test_of_three") + NEW_TEST)
    assert assigned(shop.done(1)) == 2


def test_a_skipped_test_from_before_may_stay_skipped(shop: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.repository.commit(
        **{"test_shop.py": TESTS.replace("    def test_three", "    @unittest.skip('x')\n    def test_three")}
    )
    _begin(shop, monkeypatch, UNITTEST)
    _change(shop, (shop.root / "test_shop.py").read_text() + NEW_TEST)
    assert assigned(shop.done(1)) == 2
    assert shop.state.check is not None
    assert shop.state.check.counts == {"passed": 2, "skipped": 1}


def test_a_hidden_failure_before_the_first_feature_pauses_the_batch(
    shop: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.repository.commit(**{"test_shop.py": TESTS.replace("6", "7"), "Makefile": f"test:\n\t-{PYTEST}\n"})
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "make test")
    outcome = shop.begin()
    assert isinstance(outcome, Paused)
    assert outcome.pause.kind == "failing-check"
    assert outcome.pause.output.startswith("test_shop.py::Doubling::test_three\n")


def test_less_that_a_person_accepts_is_written_down(shop: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    _begin(shop, monkeypatch, UNITTEST)
    _change(shop, TESTS.replace("    def test_three", "    @unittest.skip('x')\n    def test_three"))
    assert assigned(shop.done(1, session=NO_SESSION, accept_weaker="it is slow")) == 2
    evidence = shop.state.evidence[0]
    assert evidence.accepted == "it is slow"
    assert f"{THREE}: skipped" in evidence.weaker


def test_the_results_lie_beside_the_state_and_not_in_it(shop: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    _begin(shop, monkeypatch, UNITTEST)
    first = shop.state.check
    assert first is not None
    _change(shop, TESTS + NEW_TEST)
    assert assigned(shop.done(1)) == 2
    second = shop.state.check
    assert second is not None
    assert first.results != second.results
    assert (shop.root / ".claude/batches" / second.results).exists()
    assert b"test_three" not in shop.state_bytes
    assert shop.state.evidence[0].results == ""


def test_without_that_file_the_numbers_are_compared(shop: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    _begin(shop, monkeypatch, UNITTEST)
    check = shop.state.check
    assert check is not None
    (shop.root / ".claude/batches" / check.results).unlink()
    shop.repository.write("shop.py", SKIPS)
    why = _said(shop)
    assert isinstance(why, FewerTests)
    assert (why.before, why.after) == (2, 0)
    [notice] = shop.state.notices
    assert "only their numbers were compared" in notice
