"""What holds a feature although its check passes, how a person allows it, and that this is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import assigned, ended, refusal

from batch_implement.delivery.guard import SIZE_LIMIT
from batch_implement.model.refusals import PathsHeld, SettingsChanged, WeakerChecks
from batch_implement.oversight.session import NO_SESSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.hosting import BusyBatch
    from tests.git_repositories import Repository

pytestmark = pytest.mark.slow

pytest_plugins = ("tests.github.fixtures", "tests.engine.hosting")


def _secret(repository: Repository) -> str:
    repository.write("deploy.pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n")
    return "deploy.pem"


def _env(repository: Repository) -> str:
    repository.write("config/.env", "TOKEN=x\n")
    return "config/.env"


def _token(repository: Repository) -> str:
    repository.write("client.py", f'TOKEN = "ghp_{"a1B2" * 9}"\n')
    return "client.py"


def _big(repository: Repository) -> str:
    repository.write("data.bin", b"\0" * (SIZE_LIMIT + 1))
    return "data.bin"


def _clone(repository: Repository) -> str:
    repository.run("init", "--quiet", "vendor/clone")
    return "vendor/clone/"


def _hooks_path(repository: Repository) -> str:
    repository.run("config", "core.hooksPath", "/dev/null")
    return "core.hookspath"


def _remote(repository: Repository) -> str:
    repository.run("remote", "add", "origin", "https://example.com/elsewhere.git")
    return "remote.origin.url"


@pytest.fixture
def begun(busy_batch: BusyBatch) -> BusyBatch:
    busy_batch.begin("Greet the user", "Count the visits")
    busy_batch.work(1)
    return busy_batch


_TEST = "def test_adds():\n    assert 1 + 1 == 2\n    assert 2 + 2 == 4\n"
HELD: list[Callable[[Repository], str]] = [_secret, _env, _token, _big, _hooks_path, _remote]


@pytest.mark.parametrize("add", HELD)
def test_it_is_held_by_name_until_a_person_allows_it(
    begun: BusyBatch, add: Callable[[Repository], str]
) -> None:
    name = add(begun.repository)
    is_setting = add in {_hooks_path, _remote}
    why = refusal(begun.done(1))
    if is_setting:
        assert isinstance(why, SettingsChanged)
        assert why.names == (name,)
    else:
        assert isinstance(why, PathsHeld)
        [line] = why.lines
        assert line.startswith(f"{name} ")
        assert f"--allow '{name}'" in line
    assert (begun.feature_commits(), begun.state.completed_features) == ([], ())

    assert assigned(begun.done(1, allowed=(name,), session=NO_SESSION)) == 2
    assert begun.feature_commits() == ["1"]
    [waived] = begun.state.evidence[0].allowed
    assert name in waived
    if is_setting:
        begun.repository.run("config", "--unset", name)


def test_put_right_it_needs_no_permission(begun: BusyBatch) -> None:
    _secret(begun.repository)
    _hooks_path(begun.repository)
    refusal(begun.done(1))
    (begun.root / "deploy.pem").unlink()
    begun.repository.run("config", "--unset", "core.hooksPath")
    assert assigned(begun.done(1)) == 2
    assert begun.state.evidence[0].allowed == ()


def test_allowing_one_thing_allows_no_other(begun: BusyBatch) -> None:
    _secret(begun.repository)
    _remote(begun.repository)
    why = refusal(begun.done(1, allowed=("deploy.pem",), session=NO_SESSION))
    assert isinstance(why, SettingsChanged)
    assert why.names == ("remote.origin.url",)
    begun.repository.run("remote", "remove", "origin")


def test_a_clone_within_the_project_is_held(begun: BusyBatch) -> None:
    name = _clone(begun.repository)
    why = refusal(begun.done(1))
    assert isinstance(why, PathsHeld)
    [line] = why.lines
    assert line.startswith(f"{name} ")


def test_the_batchs_own_state_that_was_committed_is_in_no_commit_of_ours(begun: BusyBatch) -> None:
    begun.repository.run("add", "--force", ".claude/batch_state.json")
    begun.repository.run("commit", "--quiet", "--message", "feat: all of it", "--", ".claude")
    assert assigned(begun.done(1)) == 2
    assert ".claude/batch_state.json" not in begun.repository.tracked()


class TestWeakerChecks:
    @pytest.fixture
    def tested(self, busy_batch: BusyBatch) -> BusyBatch:
        _commit_tests(busy_batch.repository)
        busy_batch.begin("Greet the user", "Count the visits")
        busy_batch.work(1)
        return busy_batch

    @pytest.mark.parametrize(
        ("path", "content", "said"),
        [
            ("test_app.py", "def test_adds():\n    assert 1 + 1 == 2\n", "has 1 assertions and had 2"),
            ("test_app.py", "", "the test 'test_adds' was deleted"),
            (
                "test_app.py",
                f"import pytest\n@pytest.mark.skip\n{_TEST}",
                "a test is skipped",
            ),
            ("pyproject.toml", "[tool.pytest.ini_options]\n", "[tool.pytest.ini_options] addopts"),
            (
                "check.sh",
                "#!/bin/sh\necho 9 passed in 0.01s\n",
                "a line of the checks was changed or removed",
            ),
        ],
    )
    def test_it_is_held_with_the_line_until_a_person_accepts_it(
        self, tested: BusyBatch, path: str, content: str, said: str
    ) -> None:
        tested.repository.write(path, content, executable=path == "check.sh")
        why = refusal(tested.done(1))
        assert isinstance(why, WeakerChecks)
        assert any(line.startswith(f"{path}:") and said in line for line in why.lines)
        assert assigned(tested.done(1, accept_weaker="it was wrong", session=NO_SESSION)) == 2
        proof = ended(tested.finish(2)).evidence[0]
        assert (proof.accepted, proof.weaker) == ("it was wrong", why.lines)


def _commit_tests(repository: Repository) -> None:
    """Without the user's own changes, which are there already."""
    repository.write("test_app.py", _TEST)
    repository.write("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "--strict-markers"\n')
    names = ("test_app.py", "pyproject.toml")
    repository.run("add", *names)
    repository.run("commit", "--quiet", "--message", "Add tests", "--", *names)
