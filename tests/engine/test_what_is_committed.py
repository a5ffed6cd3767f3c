"""What is proven is what is committed: where the working files are others, the check is run on the tree.

The projects are real ones, checked by pytest.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from tests.batches import Batch, assigned, refusal

from batch_implement.model.refusals import IgnoredFiles, SettingsChanged, TreeFails

if TYPE_CHECKING:
    from batch_implement.model.outcomes import Outcome

CODE = "def total(prices):\n    return sum(prices)\n"
TESTS = "from cart import total\n\n\ndef test_total():\n    assert total([60, 60]) == 120\n"
COUNT = "\n\ndef count(prices):\n    return len(prices)\n"
COUNT_TESTS = "import cart\n\n\ndef test_count():\n    assert cart.count([1]) == 1\n"
BROKEN = CODE.replace("sum(prices)", "sum(prices) - 1")


@pytest.fixture
def shop(run_again: Batch, monkeypatch: pytest.MonkeyPatch) -> Batch:
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", f"{sys.executable} -m pytest -q -p no:cacheprovider")
    run_again.repository.commit(
        **{
            "cart.py": CODE,
            "tests/test_cart.py": TESTS,
            "tests/test_more.py": "def test_more():\n    assert True\n",
            "pytest.ini": "[pytest]\npythonpath = .\n",
            ".gitignore": "lib/\nlocal_*\ndist/\nbin/\n__pycache__/\n",
        }
    )
    return run_again


def _begin(batch: Batch) -> None:
    assigned(batch.begin("Count the prices", "Something else", "Another thing"))


def _count(batch: Batch, before: str = "") -> None:
    """The first feature with its test; ``before`` is code above it."""
    batch.repository.write("cart.py", before + CODE + COUNT)
    batch.repository.write("tests/test_count.py", COUNT_TESTS)


def _fails(outcome: Outcome) -> TreeFails:
    why = refusal(outcome)
    assert isinstance(why, TreeFails), why
    return why


def test_a_module_that_git_ignores_is_missed_where_the_commit_needs_it(shop: Batch) -> None:
    _begin(shop)
    shop.repository.write("lib/stats.py", "count = len\n")
    _count(shop, before="from lib.stats import count  # noqa: F401\n\n\n")
    why = _fails(shop.done(1))
    assert why.apart == ("lib/stats.py",)
    assert "No module named 'lib'" in why.output
    shop.repository.run("add", "--force", "lib/stats.py")
    assert assigned(shop.done(1)) == 2
    assert "lib/stats.py" in shop.repository.tracked()


def test_one_that_nothing_needs_is_no_obstacle_until_something_does(shop: Batch) -> None:
    _begin(shop)
    shop.repository.write("local_notes.py", "count = len\n")
    _count(shop)
    assert assigned(shop.done(1)) == 2
    assert shop.state.evidence[0].beside == ("local_notes.py is ignored by git",)
    shop.repository.write("cart.py", "import local_notes  # noqa: F401\n\n\n" + CODE + COUNT)
    assert _fails(shop.done(2)).apart == ("local_notes.py",)


def test_a_test_that_git_ignores_is_none_that_passes(shop: Batch) -> None:
    _begin(shop)
    _count(shop)
    (shop.root / "tests/test_count.py").rename(shop.root / "tests/local_test.py")
    shop.repository.write("pytest.ini", "[pytest]\npythonpath = .\npython_files = test_*.py *_test.py\n")
    assert _fails(shop.done(1)).tests == ("tests/local_test.py::test_count",)


@pytest.mark.parametrize("output", ["dist/app.js", "bin/tool", "local.db"])
def test_what_a_build_has_written_is_no_obstacle(shop: Batch, output: str) -> None:
    with (shop.root / ".git/info/exclude").open("a") as file:
        file.write("*.db\n")
    _begin(shop)
    shop.repository.write(output)
    _count(shop)
    assert assigned(shop.done(1)) == 2


def test_a_program_in_a_folder_for_what_is_built_is_missed(shop: Batch) -> None:
    _begin(shop)
    shop.repository.write("bin/__init__.py", "count = len\n")
    _count(shop, before="from bin import count  # noqa: F401\n\n\n")
    assert _fails(shop.done(1)).apart == ("bin/",)


def test_a_file_that_was_taken_out_of_the_index_is_missed(shop: Batch) -> None:
    shop.repository.commit(**{"prices.py": "FULL = 100\n"})
    _begin(shop)
    _count(shop, before="from prices import FULL  # noqa: F401\n\n\n")
    shop.repository.run("rm", "--quiet", "--cached", "prices.py")
    with (shop.root / ".gitignore").open("a") as file:
        file.write("prices.py\n")
    why = _fails(shop.done(1))
    assert why.apart == ("prices.py",)
    shop.repository.run("add", "--force", "prices.py")
    assert assigned(shop.done(1)) == 2


def test_one_that_nothing_needs_may_be_taken_out(shop: Batch) -> None:
    shop.repository.commit(**{"notes.txt": "Notes\n"})
    _begin(shop)
    _count(shop)
    shop.repository.run("rm", "--quiet", "--cached", "notes.txt")
    with (shop.root / ".gitignore").open("a") as file:
        file.write("notes.txt\n")
    assert assigned(shop.done(1)) == 2
    assert "notes.txt" not in shop.repository.tracked()
    assert (shop.root / "notes.txt").exists()


def test_settings_that_the_check_needs_are_not_changed_for_it(shop: Batch) -> None:
    """Without them it fails at the base already, so that nothing can be said by running it."""
    shop.repository.write("local_settings.py", "LIMIT = 3\n")
    shop.repository.commit(**{"cart.py": "import local_settings  # noqa: F401\n\n\n" + CODE})
    _begin(shop)
    _count(shop, before="import local_settings  # noqa: F401\n\n\n")
    shop.repository.write("local_settings.py", "LIMIT = 4\n")
    assert refusal(shop.done(1)) == IgnoredFiles(number=1, changed=("local_settings.py",))
    shop.repository.write("local_settings.py", "LIMIT = 3\n")
    assert assigned(shop.done(1)) == 2


def test_where_nothing_is_run_again_they_hold_the_feature(
    shop: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_PROOF", "count")
    _begin(shop)
    shop.repository.write("local_notes.py")
    _count(shop)
    assert refusal(shop.done(1)) == IgnoredFiles(number=1, new=("local_notes.py",))


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
class TestHiddenFromStatus:
    def test_a_test_that_is_changed_there_is_run_as_it_is_committed(self, shop: Batch, flag: str) -> None:
        _begin(shop)
        _count(shop)
        shop.repository.write("cart.py", BROKEN + COUNT)
        shop.repository.run("update-index", flag, "tests/test_cart.py")
        shop.repository.write("tests/test_cart.py", TESTS.replace("120", "119"))
        why = _fails(shop.done(1))
        assert why.tests == ("tests/test_cart.py::test_total",)
        assert why.hidden == ("files hidden from git status: tests/test_cart.py",)

    def test_it_is_still_looked_at_in_the_next_feature(self, shop: Batch, flag: str) -> None:
        _begin(shop)
        _count(shop)
        shop.repository.run("update-index", flag, "tests/test_cart.py")
        shop.repository.write(
            "tests/test_cart.py", "from cart import total\n\n\ndef test_total(): total([])\n"
        )
        assert assigned(shop.done(1)) == 2
        shop.repository.write("cart.py", BROKEN + COUNT)
        assert _fails(shop.done(2)).tests == ("tests/test_cart.py::test_total",)

    def test_what_the_user_has_hidden_may_not_be_changed(self, shop: Batch, flag: str) -> None:
        shop.repository.run("update-index", flag, "tests/test_cart.py")
        _begin(shop)
        _count(shop)
        shop.repository.write("tests/test_cart.py", "")
        assert isinstance(refusal(shop.done(1)), SettingsChanged)


class TestASparseCheckout:
    def _leave_out(self, batch: Batch, path: str) -> None:
        batch.repository.run("sparse-checkout", "set", "--no-cone", "/*", f"!/{path}")
        assert not (batch.root / path).exists()

    def test_a_test_that_it_leaves_out_is_not_lost(self, shop: Batch) -> None:
        _begin(shop)
        shop.repository.write("cart.py", CODE + COUNT)
        self._leave_out(shop, "tests/test_cart.py")
        assert assigned(shop.done(1)) == 2
        assert "tests/test_cart.py" in shop.repository.tracked()

    def test_one_that_fails_is_found(self, shop: Batch) -> None:
        _begin(shop)
        _count(shop)
        self._leave_out(shop, "tests/test_cart.py")
        shop.repository.write("cart.py", BROKEN + COUNT)
        assert _fails(shop.done(1)).tests == ("tests/test_cart.py::test_total",)
