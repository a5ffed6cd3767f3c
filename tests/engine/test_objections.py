"""What holds a feature although its check passes, how a person allows it, and that the report says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.delivery.guard import SIZE_LIMIT
from batch_implement.errors import UsageError, VerificationError
from batch_implement.oversight.ownership import NO_SESSION

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
    with pytest.raises(VerificationError) as held:
        begun.done(1)
    assert name in str(held.value)
    assert f"--allow '{name}'" in str(held.value)
    assert "outside of Claude Code" in str(held.value)
    assert (begun.feature_commits(), begun.fields["completed_features"]) == ([], [])

    assert begun.done(1, "--allow", name, session=NO_SESSION).kind == "assigned"
    assert begun.feature_commits() == ["1"]
    report = begun.finish(2).text
    assert "ALLOWED: " in report
    assert name in report
    if add in {_hooks_path, _remote}:
        begun.repository.run("config", "--unset", name)


def test_put_right_it_needs_no_permission(begun: BusyBatch) -> None:
    _secret(begun.repository)
    _hooks_path(begun.repository)
    with pytest.raises(VerificationError):
        begun.done(1)
    (begun.root / "deploy.pem").unlink()
    begun.repository.run("config", "--unset", "core.hooksPath")
    begun.done(1)
    assert "ALLOWED" not in begun.finish(2).text


def test_allowing_one_thing_allows_no_other(begun: BusyBatch) -> None:
    _secret(begun.repository)
    _remote(begun.repository)
    with pytest.raises(VerificationError, match=r"remote\.origin\.url"):
        begun.done(1, "--allow", "deploy.pem", session=NO_SESSION)
    begun.repository.run("remote", "remove", "origin")


def test_a_clone_within_the_project_is_held(begun: BusyBatch) -> None:
    name = _clone(begun.repository)
    with pytest.raises(VerificationError, match=f"{name} is a git repository of its own"):
        begun.done(1)


def test_the_batchs_own_state_is_held_when_it_was_committed(begun: BusyBatch) -> None:
    begun.repository.run("add", "--force", ".claude/batch_state.json")
    begun.repository.run("commit", "--quiet", "--message", "feat: all of it", "--", ".claude")
    with pytest.raises(
        VerificationError, match=r"batch_state\.json is the batch's own state.*git rm --cached"
    ):
        begun.done(1)


@pytest.mark.parametrize("flag", ["--allow=deploy.pem", "--accept-weaker=trust me"])
def test_the_model_can_not_allow_it_itself(
    begun: BusyBatch, monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    _secret(begun.repository)
    with pytest.raises(UsageError, match="outside of Claude Code"):
        begun.done(1, flag)
    # Without the session's id, as a subagent that clears its environment would call it.
    monkeypatch.setenv("CLAUDECODE", "1")
    with pytest.raises(UsageError, match="outside of Claude Code"):
        begun.done(1, flag, session=NO_SESSION)
    assert begun.feature_commits() == []


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
        with pytest.raises(VerificationError) as held:
            tested.done(1)
        assert f"- {path}:" in str(held.value)
        assert said in str(held.value)
        assert "--accept-weaker 'why'" in str(held.value)
        tested.done(1, "--accept-weaker", "it was wrong", session=NO_SESSION)
        report = tested.finish(2).text
        assert "WEAKER CHECKS ACCEPTED (it was wrong)" in report
        assert path in report


def _commit_tests(repository: Repository) -> None:
    """Without the user's own changes, which are there already."""
    repository.write("test_app.py", _TEST)
    repository.write("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "--strict-markers"\n')
    names = ("test_app.py", "pyproject.toml")
    repository.run("add", *names)
    repository.run("commit", "--quiet", "--message", "Add tests", "--", *names)
