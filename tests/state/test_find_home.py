"""From every kind of folder the shell guard of the hooks and Python find the same batch."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.faults.system_calls import require_strace
from tests.plugin import ROOT

from batch_implement.state.find_home import Place, find_home
from batch_implement.state.lane_marker import mark_lane

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD = "a 'b' \"$(touch c)\" `d`;\n\tü 世界 \udcff\n"
SHELLS = ("sh", "bash")
NOBODY = 65534


@dataclass(frozen=True)
class Row:
    """From ``start``: the home, if any, whether a batch is at work there, and the tree that is worked."""

    start: str
    home: str | None
    at_work: bool = False
    workspace: str = ""


TABLE = {
    "the root": Row("project", "project", at_work=True),
    "a subfolder": Row("project/packages/web/src", "project", at_work=True),
    "a package with a .claude of its own": Row("project/packages/web", "project", at_work=True),
    "a copy of a state in a subfolder": Row("project/fixtures", "project", at_work=True),
    "the folder of the state": Row("project/.claude", "project", at_work=True),
    "a clone below": Row("project/vendor/clone/src", "project/vendor/clone"),
    "a clone below, with a batch": Row("project/vendor/busy", "project/vendor/busy", at_work=True),
    "a submodule": Row("project/sub", "project", at_work=True),
    "a submodule of a submodule": Row("project/sub/inner/src", "project", at_work=True),
    "a submodule with a batch": Row("project/busy-sub/src", "project/busy-sub", at_work=True),
    "a submodule of a quiet project": Row("quiet/sub", "quiet/sub"),
    "a worktree of a submodule": Row("sub-worktree", "sub-worktree"),
    "a worktree inside": Row("project/tree/src", "project/tree"),
    "a worktree of the client's": Row("project/.claude/worktrees/agent", "project/.claude/worktrees/agent"),
    "a worktree beside": Row("beside/src", "beside"),
    "a worktree with a batch": Row("busy-tree/src", "busy-tree", at_work=True),
    "a submodule of a worktree": Row("beside/sub", "beside/sub"),
    "a worktree whose repository is gone": Row("project/orphan", "project/orphan"),
    "a lane": Row("lane", "project", at_work=True, workspace="lane"),
    "a subfolder of a lane": Row("lane/src", "project", at_work=True, workspace="lane"),
    "a submodule of a lane": Row("lane/sub", "project", at_work=True, workspace="lane"),
    "a lane of a commit that has a state in it": Row("lane-of-state", "tracked", workspace="lane-of-state"),
    "a lane of a batch that ended": Row("quiet-lane/src", "quiet", workspace="quiet-lane"),
    "a lane whose home is gone": Row("lost-lane/src", "lost-lane"),
    "a lane with rubbish for a mark": Row("rubbish-lane", "rubbish-lane"),
    "a link to the project": Row("link", "project", at_work=True),
    "a link to a subfolder": Row("link-below/src", "project", at_work=True),
    "a link in the project that leads out": Row("project/out", "quiet"),
    "a repository without a batch": Row("quiet/src", "quiet"),
    "a repository whose git directory is elsewhere": Row("apart/src", "apart", at_work=True),
    "a git directory elsewhere, below the project": Row("project/vendor/apart", "project/vendor/apart"),
    "a .git file with something else in it": Row("project/vendor/odd", "project/vendor/odd"),
    "no git, with .claude": Row("notes/deep", "notes"),
    "no git, with a batch": Row("by-hand/deep", "by-hand", at_work=True),
    "no git, a .claude below a batch": Row("by-hand/inner", "by-hand", at_work=True),
    "no git, no .claude": Row("nothing/deep", None),
    "a name with blanks, quotes, a newline": Row(f"{ODD}/src", ODD, at_work=True),
    "a submodule there": Row(f"{ODD}/sub", ODD, at_work=True),
    "a lane there": Row(f"{ODD}-lane/src", ODD, at_work=True, workspace=f"{ODD}-lane"),
    "a worktree there": Row(f"{ODD}/tree", f"{ODD}/tree"),
    "the user's home folder": Row("user", None),
    "no git, below the user's home folder": Row("user/notes", None),
    "a repository below the user's home folder": Row("user/code", "user/code"),
    "/": Row("/", None),
    "a folder that is gone": Row("project/gone/deeper", None),
    "a file": Row("project/file", None),
    "a link to itself": Row("project/loop", None),
    "a link to nothing": Row("project/dangling", None),
}


def _git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True)


def _repository(folder: Path, *options: str) -> Path:
    (folder / "src").mkdir(parents=True)
    (folder / "src/file").touch()
    _git(folder, "init", "--quiet", *options)
    _commit(folder)
    return folder


def _commit(folder: Path) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "Begin")


def _begin_batch(home: Path) -> None:
    (home / ".claude").mkdir(exist_ok=True)
    (home / ".claude/batch_state.json").touch()


def _add_submodules(folder: Path, module: Path, *names: str) -> None:
    for name in names:
        _git(folder, "submodule", "add", "--quiet", str(module), name)
    _git(folder, "submodule", "update", "--quiet", "--init", "--recursive")
    _commit(folder)


def _worktree(repository: Path, place: Path, *, submodules: bool = False) -> Path:
    _git(repository, "worktree", "add", "--quiet", "--detach", str(place))
    if submodules:
        _git(place, "submodule", "update", "--quiet", "--init", "--recursive")
    return place


def _git_directory(worktree: Path) -> Path:
    return Path((worktree / ".git").read_text().removeprefix("gitdir: ").removesuffix("\n"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the table names; nothing in it is changed."""
    world = tmp_path_factory.mktemp("world").resolve()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "A")
            patch.setenv(f"GIT_{role}_EMAIL", "a@example.org")
        module = _repository(world / "module")
        _add_submodules(module, _repository(world / "inner-module"), "inner")
        _make_project(world, module)
        _make_quiet_projects(world, module)
        _make_odd_project(world / ODD)
    _make_plain_folders(world)
    return world


def _make_project(world: Path, module: Path) -> None:
    project = _repository(world / "project")
    _add_submodules(project, module, "sub", "busy-sub")
    _begin_batch(project)
    _begin_batch(project / "busy-sub")
    (project / "packages/web/src").mkdir(parents=True)
    (project / "packages/web/.claude").mkdir()
    (project / "fixtures").mkdir()
    _begin_batch(project / "fixtures")
    _repository(project / "vendor/clone")
    _begin_batch(_repository(project / "vendor/busy"))
    _repository(project / "vendor/apart", f"--separate-git-dir={world / 'apart.git'}")
    (project / "vendor/odd").mkdir()
    (project / "vendor/odd/.git").write_text("something else")
    for place in ("tree", ".claude/worktrees/agent"):
        _worktree(project, project / place)
    _worktree(project, world / "beside", submodules=True)
    _begin_batch(_worktree(project, world / "busy-tree"))
    _worktree(project / "sub", world / "sub-worktree")
    shutil.rmtree(_git_directory(_worktree(project, project / "orphan")))
    mark_lane(_worktree(project, world / "lane", submodules=True), project)
    for name, mark in (("lost-lane", str(world / "was here")), ("rubbish-lane", "\0\nproject\n")):
        place = _git_directory(_worktree(project, world / name))
        (place / "batch-implement-home").write_text(mark)
    (world / "link").symlink_to("project")
    (world / "link-below").symlink_to("project/packages/web")
    (project / "out").symlink_to(world / "quiet")
    (project / "loop").symlink_to("loop")
    (project / "dangling").symlink_to("nowhere")
    (project / "file").touch()


def _make_quiet_projects(world: Path, module: Path) -> None:
    quiet = _repository(world / "quiet")
    _add_submodules(quiet, module, "sub")
    mark_lane(_worktree(quiet, world / "quiet-lane"), quiet)
    tracked = _repository(world / "tracked")
    _begin_batch(tracked)
    _commit(tracked)
    mark_lane(_worktree(tracked, world / "lane-of-state"), tracked)
    (tracked / ".claude/batch_state.json").unlink()
    _begin_batch(_repository(world / "apart", f"--separate-git-dir={world / 'other.git'}"))


def _make_odd_project(odd: Path) -> None:
    _repository(odd)
    # git's own command for submodules takes no such name, so this one is made by hand.
    (odd / ".git/modules/sub").mkdir(parents=True)
    (odd / "sub").mkdir()
    (odd / "sub/.git").write_text("gitdir: ../.git/modules/sub\n")
    _begin_batch(odd)
    _worktree(odd, odd / "tree")
    mark_lane(_worktree(odd, odd.with_name(f"{ODD}-lane")), odd)


def _make_plain_folders(world: Path) -> None:
    (world / "notes/.claude").mkdir(parents=True)
    (world / "by-hand/inner/.claude").mkdir(parents=True)
    _begin_batch(world / "by-hand")
    for name in (
        "notes/deep",
        "by-hand/deep",
        "nothing/deep",
        "user/.claude",
        "user/notes",
        "user/code/.git",
    ):
        (world / name).mkdir(parents=True)


@pytest.fixture(autouse=True)
def _at_home(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(world / "user"))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In place of the plugin's Python, a program that says what it was given last."""
    home = tmp_path_factory.mktemp("environment")
    (home / "env/bin").mkdir(parents=True)
    (home / "env/bin/python").write_text('#!/bin/sh\nfor last; do :; done\nprintf %s "$last"\n')
    (home / "env/bin/python").chmod(0o755)
    return home


def _guard(
    shell: str,
    start: str,
    environment: Path,
    *watch: str,
    hook: Path = ROOT / "hooks/stop",
    cwd: Path = Path("/"),
    user: int | None = None,
) -> str:
    """The home that the guard hands on; ``""`` where it ends."""
    finished = subprocess.run(
        [*watch, str(shutil.which(shell)), str(hook)],
        cwd=cwd,
        env={"CLAUDE_PROJECT_DIR": start, "BATCH_IMPLEMENT_HOME": str(environment), "PATH": ""},
        user=user,
        capture_output=True,
        check=False,
    )
    assert (finished.returncode, finished.stderr) == (0, b"")
    return os.fsdecode(finished.stdout)


def _python(start: str) -> Place | None:
    try:
        return find_home(Path(start))
    except FileNotFoundError:
        return None


each_row = pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())


@each_row
def test_the_guard_and_python_find_the_same(world: Path, environment: Path, row: Row) -> None:
    start = os.path.join(world, row.start)  # noqa: PTH118 -- "/" stays as it is
    if row.home is None:
        assert _python(start) is None
    else:
        assert _python(start) == Place(world / row.home, world / (row.workspace or row.home))
    answer = str(world / row.home) if row.home and row.at_work else ""
    assert [_guard(shell, start, environment) for shell in SHELLS] == [answer] * len(SHELLS)


@each_row
def test_the_guard_starts_no_program_to_find_it(
    world: Path, environment: Path, row: Row, tmp_path: Path
) -> None:
    require_strace()
    log = tmp_path / "log"
    watch = ("strace", "-f", "-qq", "-e", "trace=execve,fork,vfork,clone,clone3", "-o", str(log))
    strace = str(shutil.which(watch[0]))
    start = os.path.join(world, row.start)  # noqa: PTH118 -- the same
    _guard("sh", start, environment, strace, *watch[1:])
    calls = [line for line in log.read_text(errors="replace").splitlines() if "exited" not in line]
    assert all("execve(" in call for call in calls)
    assert len(calls) == (2 if row.at_work else 1)  # the shell itself, and what it ends as


@pytest.fixture
def closed() -> Iterator[Path]:
    """A project with a batch, for everybody, and in it what nobody may enter or read."""
    with tempfile.TemporaryDirectory() as name:
        project = Path(name).resolve()
        (project / ".git").mkdir()
        _begin_batch(project)
        (project / "closed").mkdir(mode=0)
        (project / "unreadable").mkdir()
        (project / "unreadable/.git").touch(mode=0)
        shutil.copytree(ROOT / "hooks", project / "hooks")
        project.chmod(0o755)
        yield project


def test_from_a_folder_that_can_not_be_entered_nothing_is_found(closed: Path, environment: Path) -> None:
    environment = shutil.copytree(environment, closed / "environment")
    environment.chmod(0o755)
    for place, answer in ((".", str(closed)), ("closed", ""), ("unreadable", "")):
        start = str(closed / place)
        assert _guard("sh", start, environment, hook=closed / "hooks/stop", user=_somebody()) == answer
    with _rights_of_somebody():
        assert find_home(closed / "unreadable").home == closed / "unreadable"
        with pytest.raises(FileNotFoundError, match=r"closed is not in a project: .*Permission denied"):
            find_home(closed / "closed")


def _somebody() -> int:
    """A user who is not root."""
    return NOBODY if os.geteuid() == 0 else os.geteuid()


@contextlib.contextmanager
def _rights_of_somebody() -> Iterator[None]:
    rights = os.geteuid()
    os.seteuid(_somebody())
    try:
        yield
    finally:
        os.seteuid(rights)


def test_a_relative_project_folder_is_taken_from_where_the_hook_runs(world: Path, environment: Path) -> None:
    assert _guard("sh", "project/sub", environment, cwd=world) == str(world / "project")
    assert _guard("sh", "", environment, cwd=world / "lane/src") == str(world / "project")


def test_a_hook_that_is_called_by_a_relative_path_finds_its_own_files(
    world: Path, environment: Path, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "hooks", tmp_path / "hooks")
    for place, home in (("project", "project"), ("lane", "project"), ("by-hand", "by-hand")):
        found = _guard("sh", str(world / place), environment, hook=Path("hooks/stop"), cwd=tmp_path)
        assert found == str(world / home)
