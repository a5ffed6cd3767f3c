"""What every test against the real client needs: the client, a project, a home, a small plugin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from batch_implement.execution.client import installation
from batch_implement.execution.client.session import Client
from batch_implement.system.process import program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batch_implement.demo.loopback_model import LoopbackModel

    ClientFactory = Callable[..., Client]
    PluginFactory = Callable[[Mapping[str, str]], Path]

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def executable() -> Path:
    """The pinned client, installed once for this checkout whatever the number of workers."""
    cache = REPOSITORY / ".cache"
    cache.mkdir(exist_ok=True)
    with FileLock(cache / "install.lock", timeout=900):
        return installation.install(cache, print)


@pytest.fixture(scope="session")
def plugin_home() -> Path:
    """The plugin's own Python environment, made once for this checkout as a first call would make it."""
    folder = REPOSITORY / ".cache" / "plugin-home"
    with FileLock(REPOSITORY / ".cache" / "plugin-home.lock", timeout=900):
        program.run(
            [str(REPOSITORY / "bin" / "batch-implement"), "--version"],
            cwd=REPOSITORY,
            timeout=600,
            env={"BATCH_IMPLEMENT_HOME": str(folder)},
        )
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def make_client(executable: Path, home: Path, plugin_home: Path) -> ClientFactory:
    """Makes a client that asks the given model; plugins and variables by keyword."""

    def make(model: LoopbackModel, *plugin_dirs: Path, **env: str) -> Client:
        variables = {"BATCH_IMPLEMENT_HOME": str(plugin_home), **env}
        return Client(executable, home, model.base_url, plugin_dirs, variables)

    return make


@pytest.fixture
def make_plugin(tmp_path: Path) -> PluginFactory:
    """Makes a plugin named ``tiny`` from file names and texts; what is below bin/ and hooks/*.sh can run."""

    def make(files: Mapping[str, str]) -> Path:
        folder = tmp_path / "plugin"
        manifest = json.dumps({"name": "tiny", "version": "0.0.1", "description": "For a test."})
        for name, text in {".claude-plugin/plugin.json": manifest, **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            if name.startswith("bin/") or name.endswith(".sh"):
                path.chmod(0o755)
        return folder

    return make
