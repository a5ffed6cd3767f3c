"""What the bases of the corpus are run with."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from batch_implement.system.process import program

collect_ignore = ["bases"]  # they are projects of their own, with tests of their own
REPOSITORY = Path(__file__).resolve().parents[2]
_NEEDED = {
    "cargo": "cargo",
    "go": "go",
    "ctest": "ctest",
    "node": "node",
    "jest": "npm",
    "vitest": "npm",
    "mocha": "npm",
}
WANTED = Path(__file__).with_name("tools") / "package.json"


@pytest.fixture(scope="session")
def tools() -> Path:
    """A folder with the runners of the bases that have a ``package.json``, installed once."""
    folder = REPOSITORY / ".cache" / "adversarial-tools"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock"), timeout=900):
        present = folder / "package.json"
        if not present.is_file() or present.read_bytes() != WANTED.read_bytes():
            shutil.copyfile(WANTED, present)
            finished = program.run(
                ["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=folder, timeout=800
            )
            if not finished.ok:
                present.unlink()
            assert finished.ok, finished.error_text
    return folder


@pytest.fixture
def tools_of(request: pytest.FixtureRequest) -> Callable[[str], Path | None]:
    """What :func:`corpus.lay_base` is given for a base; a base whose program is missing is skipped, in CI a
    failure."""

    def tools_for(base: str) -> Path | None:
        needed = next((program for name, program in _NEEDED.items() if base.startswith(name)), "git")
        if shutil.which(needed) is None:
            if os.environ.get("CI") == "true":
                pytest.fail(f"needs {needed}")
            pytest.skip(f"needs {needed}")
        return request.getfixturevalue("tools") if needed == "npm" else None

    return tools_for
