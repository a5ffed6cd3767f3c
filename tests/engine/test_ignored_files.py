"""What git ignores is in the tree that is checked, and in no commit: where the check sees no other folder's
files, that is an objection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import assigned, refusal

from batch_implement.model.refusals import IgnoredFiles, SettingsChanged
from batch_implement.oversight.session import NO_SESSION
from batch_implement.workspace.ignored import MOST_FILES, IgnoredSince

if TYPE_CHECKING:
    from tests.batches import Batch


@pytest.fixture
def ignoring(batch: Batch) -> Batch:
    """What is in ``lib/``, and whatever is called ``local_*``, is ignored; nothing is there yet."""
    batch.repository.commit(
        **{".gitignore": "lib/\nlocal_*\n.env\ndist/\n*.log\nnode_modules/\n__pycache__/\n"}
    )
    return batch


def _held(batch: Batch, number: int = 1) -> tuple[tuple[str, ...], tuple[str, ...]]:
    why = refusal(batch.done(number))
    assert isinstance(why, IgnoredFiles), why
    return why.new, why.changed


def test_a_new_module_in_an_ignored_folder_holds_the_feature(ignoring: Batch) -> None:
    ignoring.begin()
    ignoring.work(1)
    ignoring.repository.write("lib/deep/stats.py")
    assert _held(ignoring) == (("lib/deep/stats.py",), ())
    ignoring.repository.run("add", "--force", "lib/deep/stats.py")
    assert assigned(ignoring.done(1)) == 2
    assert "lib/deep/stats.py" in ignoring.repository.tracked()


def test_also_where_the_feature_itself_has_git_ignore_it(ignoring: Batch) -> None:
    ignoring.begin()
    ignoring.work(1)
    ignoring.repository.write("app/counting.py")
    with (ignoring.root / ".gitignore").open("a") as file:
        file.write("app/counting.py\n")
    assert _held(ignoring) == (("app/counting.py",), ())


@pytest.mark.parametrize("how", ["exclude", "global"])
def test_also_where_nothing_in_the_tree_says_that_it_is_ignored(
    ignoring: Batch, how: str, request: pytest.FixtureRequest
) -> None:
    ignoring.begin()
    ignoring.work(1)
    ignoring.repository.write("counting.py")
    if how == "exclude":
        with (ignoring.root / ".git/info/exclude").open("a") as file:
            file.write("counting.py\n")
    else:
        place = request.getfixturevalue("git_home") / ".config/git/ignore"
        place.parent.mkdir(parents=True)
        place.write_text("counting.py\n")
    assert _held(ignoring) == (("counting.py",), ())


def test_one_that_was_there_and_is_changed_holds_it_too(ignoring: Batch) -> None:
    ignoring.repository.write("local_settings.py", "slow = True\n")
    ignoring.begin()
    ignoring.work(1)
    ignoring.repository.write("local_settings.py", "slow = False\n")
    assert _held(ignoring) == ((), ("local_settings.py",))
    ignoring.repository.write("local_settings.py", "slow = True\n")
    assert assigned(ignoring.done(1)) == 2


def test_one_taken_out_of_the_index_and_ignored_holds_it(ignoring: Batch) -> None:
    ignoring.begin()
    ignoring.work(1)
    ignoring.repository.run("rm", "--quiet", "--cached", "tests/one.t")
    with (ignoring.root / ".gitignore").open("a") as file:
        file.write("tests/one.t\n")
    assert _held(ignoring) == (("tests/one.t",), ())


def test_taken_out_of_the_index_alone_it_stays_in_the_commit(ignoring: Batch) -> None:
    ignoring.begin()
    ignoring.work(1)
    ignoring.repository.run("rm", "--quiet", "--cached", "tests/one.t")
    assert assigned(ignoring.done(1)) == 2
    assert "tests/one.t" in ignoring.repository.tracked()


def test_caches_what_runs_write_and_what_was_there_hold_nothing(ignoring: Batch) -> None:
    ignoring.repository.write("lib/old.py")
    ignoring.begin()
    ignoring.work(1)
    for path in ("node_modules/x/index.js", "__pycache__/app.pyc", "dist/app.js", "debug.log", "local_.log"):
        ignoring.repository.write(path)
    (ignoring.root / "lib/old.py").unlink()
    assert assigned(ignoring.done(1)) == 2


def test_what_builds_and_runs_have_written_is_told_to_who_wants_to_know(ignoring: Batch) -> None:
    baseline = ignoring.repository.baseline()
    ignoring.repository.write("dist/app.js")
    ignoring.repository.write("debug.log")
    assert ignoring.repository.changes(baseline).ignored_since == IgnoredSince(outputs=("debug.log", "dist/"))


def test_what_the_check_writes_is_no_objection_to_the_next_feature(ignoring: Batch) -> None:
    check = ignoring.root / "check.sh"
    ignoring.repository.write(
        "check.sh", f"{check.read_text()}mkdir -p lib; date +%N > lib/made\n", executable=True
    )
    ignoring.repository.commit()
    ignoring.begin()
    for number in (1, 2):
        ignoring.work(number)
        (ignoring.root / "lib/made").unlink()
        assert assigned(ignoring.done(number)) == number + 1


def test_what_a_feature_that_failed_has_left_holds_the_next_one(ignoring: Batch) -> None:
    ignoring.begin()
    ignoring.repository.write("lib/stats.py")
    ignoring.fail(1)
    ignoring.work(2)
    assert _held(ignoring, 2) == (("lib/stats.py",), ())
    (ignoring.root / "lib/stats.py").unlink()
    assert assigned(ignoring.done(2)) == 3


def test_a_person_may_let_it_through(ignoring: Batch) -> None:
    ignoring.begin()
    ignoring.work(1)
    ignoring.repository.write("lib/stats.py")
    assert assigned(ignoring.done(1, allowed=("lib/*",), session=NO_SESSION)) == 2
    assert ignoring.state.evidence[0].allowed == ("lib/stats.py is ignored by git",)


def test_settings_of_ours_may_be_changed_while_a_batch_runs(ignoring: Batch) -> None:
    ignoring.repository.write(".env", "TOKEN=x\n")
    ignoring.begin()
    ignoring.work(1)
    ignoring.repository.write(".env", "TOKEN=x\nBATCH_RETRY_ENABLED=true\n")
    assert assigned(ignoring.done(1)) == 2
    ignoring.work(2)
    ignoring.repository.write(".env", "TOKEN=x\nPYTEST_ADDOPTS=-x\n")
    assert _held(ignoring, 2) == ((), (".env",))


def test_a_crowded_folder_is_not_looked_into(ignoring: Batch) -> None:
    for number in range(MOST_FILES + 1):
        ignoring.repository.write(f"lib/{number}.dat")
    baseline = ignoring.repository.baseline()
    assert baseline.ignored == {"lib/": "many"}
    ignoring.repository.write("lib/more.dat")
    assert ignoring.repository.changes(baseline).ignored_since == IgnoredSince()


def test_names_of_any_bytes_come_back(ignoring: Batch) -> None:
    ignoring.begin()
    ignoring.work(1)
    ignoring.repository.write("lib/gr\udcfc.py")
    assert _held(ignoring) == (("lib/gr\udcfc.py",), ())


@pytest.mark.parametrize(
    "place",
    [
        "__pycache__/helper.py",
        ".pytest_cache/helper.py",
        ".claude/batches/helper.py",
        ".claude/worktrees/helper.py",
        "app.egg-info/helper.js",
    ],
)
def test_a_program_in_a_cache_that_has_none_is_no_cache(ignoring: Batch, place: str) -> None:
    ignoring.begin()
    with (ignoring.root / ".git/info/exclude").open("a") as file:
        file.write(f"{place.rpartition('/')[0]}/\n")
    ignoring.work(1)
    ignoring.repository.write(place)
    assert _held(ignoring) == ((place,), ())


@pytest.mark.parametrize("mark", ["CACHEDIR.TAG", "pyvenv.cfg"])
@pytest.mark.parametrize("is_ignored", [True, False])
def test_a_folder_does_not_become_a_cache_by_a_mark(ignoring: Batch, mark: str, is_ignored: bool) -> None:
    folder = "lib" if is_ignored else "helpers"
    ignoring.begin()
    ignoring.work(1)
    ignoring.repository.write(f"{folder}/{mark}", "Signature: 8a477f597d28d172789f06886806bc55\n")
    ignoring.repository.write(f"{folder}/stats.py")
    if is_ignored:
        assert "lib/stats.py" in _held(ignoring)[0]
    else:
        assert assigned(ignoring.done(1)) == 2
        assert "helpers/stats.py" in ignoring.repository.tracked()


class TestHiddenFromStatus:
    @pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
    def test_one_that_the_user_has_hidden_may_not_be_changed(self, batch: Batch, flag: str) -> None:
        batch.repository.run("update-index", flag, "tests/one.t")
        batch.begin()
        batch.work(1)
        assert assigned(batch.done(1)) == 2
        batch.work(2)
        batch.repository.write("tests/one.t", "otherwise\n")
        why = refusal(batch.done(2))
        assert isinstance(why, SettingsChanged)
        assert "tests/one.t" in " ".join(why.lines)
        batch.repository.write("tests/one.t", "")
        assert assigned(batch.done(2)) == 3

    def test_a_sparse_checkout_is_no_way_to_lose_a_test(self, batch: Batch) -> None:
        batch.begin()
        batch.work(1)
        for name in ("a", "b", "c"):
            batch.repository.write(f"more/{name}.t")
        batch.repository.run("sparse-checkout", "set", "--no-cone", "/*", "!/tests/two.t")
        assert not (batch.root / "tests/two.t").exists()
        why = refusal(batch.done(1))
        assert isinstance(why, SettingsChanged)
        assert "tests/two.t" in " ".join(why.lines)
        batch.repository.run("sparse-checkout", "disable")
        assert assigned(batch.done(1)) == 2
        batch.repository.run("config", "--unset", "core.sparseCheckout", check=False)

    def test_one_that_the_user_has_is_the_users(self, batch: Batch) -> None:
        batch.repository.run("sparse-checkout", "set", "--no-cone", "/*", "!/users/")
        batch.begin()
        batch.work(1)
        assert assigned(batch.done(1)) == 2
        assert "users/script.sh" in batch.repository.tracked()
