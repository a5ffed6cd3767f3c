"""Many processes change one state while some of them are killed at random moments.

    python -m tests.endurance.many_writers --workers 16 --updates 200 --kills 1000 [--variant "no lock"]

Prints what was acknowledged, what of it is lost, and what a reader saw meanwhile.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).parent
LIB = str(HERE.parent.parent / "lib")
sys.path.insert(0, LIB)

from tests.batch_projects import begun, new_batch  # noqa: E402 -- needs the path above
from tests.decisions import setting  # noqa: E402

from batch_implement.errors import BatchImplementError  # noqa: E402
from batch_implement.state import journal  # noqa: E402
from batch_implement.system.files.folder import Folder  # noqa: E402

if TYPE_CHECKING:
    from batch_implement.state.state_file import StateFile

VARIANTS = ("", "no lock", "in place")


@dataclass
class Result:
    """``lost`` are acknowledged updates that the state does not have; ``repeated`` those it has twice."""

    acknowledged: int
    kills: int
    reads: int
    invalid_reads: int
    problems: list[str]
    lost: int
    repeated: int
    unacknowledged: int
    journal_is_whole: bool
    temporary_files: int
    seconds: float

    @property
    def flawless(self) -> bool:
        flaws = self.lost + self.repeated + self.invalid_reads + self.temporary_files
        return flaws == 0 and self.journal_is_whole


@dataclass
class Writer:
    """One of the workers; killed, it is started again under another name for what it has not done."""

    number: int
    updates: int
    folder: Path
    variant: str
    lives: int = 0
    process: subprocess.Popen[bytes] | None = None
    acknowledgements: list[Path] = field(default_factory=list)

    def start(self, path: Path) -> None:
        self.lives += 1
        name = f"{self.number}.{self.lives}"
        self.acknowledgements.append(self.folder / name)
        left = str(self.updates - len(self.acknowledged()))
        command = [sys.executable, "-I", "-S", str(HERE / "writer.py"), LIB, str(path)]
        self.process = subprocess.Popen(
            [*command, str(self.acknowledgements[-1]), name, left, self.variant], stderr=subprocess.PIPE
        )

    def acknowledged(self) -> list[str]:
        found = [path.read_text().split() for path in self.acknowledgements if path.exists()]
        return [name for names in found for name in names]

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def run(
    folder: Path, *, workers: int, updates: int, kills: int, seed: int, variant: str = "", features: int = 20
) -> Result:
    """Begin a batch in ``folder``, have it changed, and compare the state with what was acknowledged."""
    path = folder / "project" / ".claude" / "batch_state.json"
    (folder / "project" / ".git").mkdir(parents=True)
    state = begun(path, features=features)
    started = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-I", "-S", str(HERE / "reader.py"), LIB, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        writers = [Writer(number, updates, folder, variant) for number in range(workers)]
        killed = _work(writers, path, kills, random.Random(seed))  # noqa: S311 -- moments to kill at
        seen = json.loads(reader.communicate("stop")[0])
    return _compare(state, path, writers, killed, seen, time.monotonic() - started)


def _work(writers: list[Writer], path: Path, kills: int, chance: random.Random) -> int:
    for writer in writers:
        writer.start(path)
    killed = 0
    at_work = list(writers)
    while at_work:
        time.sleep(chance.expovariate(100))
        victim = chance.choice(at_work)
        if killed < kills and not victim.has_ended() and victim.process is not None:
            victim.process.kill()
            killed += 1
        for writer in [writer for writer in at_work if writer.has_ended()]:
            _said(writer)
            if len(writer.acknowledged()) < writer.updates and writer.lives < 10_000:
                writer.start(path)
            else:
                at_work.remove(writer)
    return killed


def _said(writer: Writer) -> None:
    """What an ended writer had to say; only the broken variants may fail by themselves."""
    if writer.process is None or writer.process.stderr is None:
        return
    said = writer.process.stderr.read().decode()
    writer.process.stderr.close()
    if said and not writer.variant:
        raise AssertionError(said)


def _compare(
    state: StateFile, path: Path, writers: list[Writer], killed: int, seen: dict[str, object], seconds: float
) -> Result:
    acknowledged = {name for writer in writers for name in writer.acknowledged()}
    try:
        batch = state.update(setting("end", compactions=1))
        with Folder.open(path.parent / journal.FOLDER) as past:
            records = journal.read(past, "batch-1")
    except BatchImplementError:
        batch, records = new_batch(), []
    notices, features = batch.notices, batch.completed_features
    return Result(
        acknowledged=len(acknowledged),
        kills=killed,
        reads=int(str(seen["reads"])),
        invalid_reads=int(str(seen["invalid"])),
        problems=list(seen["problems"]),  # type: ignore[call-overload]
        lost=len(acknowledged - set(notices)),
        repeated=len(notices) - len(set(notices)) + len(features) - len(set(features)),
        unacknowledged=len(set(notices) - acknowledged),
        journal_is_whole=[r["sequence"] for r in records] == list(range(1, batch.sequence + 1)),
        temporary_files=len(list(path.parent.rglob("*.tmp"))),
        seconds=round(seconds, 1),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", choices=VARIANTS, default="")
    options = vars(parser.parse_args())
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), **options)
    print(json.dumps(asdict(result), indent=1))
    sys.exit(not result.flawless)


if __name__ == "__main__":
    main()
