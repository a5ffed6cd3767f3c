"""What the bases of the corpus are run with."""

import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from batch_implement.system.process import program

collect_ignore = ["bases"]  # they are projects of their own, with tests of their own
REPOSITORY = Path(__file__).resolve().parents[2]
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
