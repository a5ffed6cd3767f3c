"""Long batches over many seeds, in the real client.

    tests/endurance/run [--seeds 20] [--first 1] [--only compactions] [--scale 1.0]

Prints a line for each batch and the table for docs/reliability.md. Exit status 1 when one was not
completed as it should; its folder is kept.
"""

from __future__ import annotations

import argparse
import functools
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.client.batch_project import REPOSITORY, BatchProject
from tests.endurance import long_batches

from batch_implement.execution.client import installation
from batch_implement.execution.client.session import Client
from batch_implement.system.process import program

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.endurance.long_batches import Run

    from batch_implement.demo.loopback_model import LoopbackModel

CACHE = REPOSITORY / ".cache"


class Kind(NamedTuple):
    run: Callable[..., Run]
    features: int
    moments: int
    what: str


KINDS = {
    "compactions": Kind(long_batches.with_compactions, 50, 10, "auto-compactions"),
    "client-kills": Kind(long_batches.with_client_kills, 30, 6, "SIGKILL to the client"),
    "command-kills": Kind(long_batches.with_command_kills, 20, 15, "SIGKILL to the command"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", choices=tuple(KINDS), default=None)
    parser.add_argument("--scale", type=float, default=1.0, help="of the number of features and disturbances")
    options = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    executable = installation.install(CACHE, print)
    rows, failed = [], 0
    for name, kind in KINDS.items():
        if options.only in {None, name}:
            seeds = range(options.first, options.first + options.seeds)
            scaled = kind._replace(
                features=round(kind.features * options.scale), moments=round(kind.moments * options.scale)
            )
            runs = {seed: _run(executable, name, scaled, seed) for seed in seeds}
            failed += sum(run is None for run in runs.values())
            rows.append(_row(scaled, [run for run in runs.values() if run], len(runs)))
    head = (
        "| batch | disturbed by | seeds | disturbances | sessions | each feature once, one commit | seconds |"
    )
    print("\n".join(["", head, "|---|---|---|---|---|---|---|", *rows]))
    return min(failed, 1)


def _run(executable: Path, name: str, kind: Kind, seed: int) -> Run | None:
    """None when the batch did not come to its end as it should."""
    folder = Path(tempfile.mkdtemp(prefix=f"endurance-{name}-{seed}-"))
    (folder / "home").mkdir()
    project = BatchProject.make(folder / "project", kind.features)
    make_client = functools.partial(_client, executable, folder / "home")
    try:
        run = kind.run(make_client, project, features=kind.features, moments=kind.moments, seed=seed)
    except AssertionError as error:
        print(f"{name} {seed}: FAILED, kept in {folder}: {error}", flush=True)
        return None
    print(f"{name} {seed}: {run.disturbances} in {run.seconds:.0f} s, {run.sessions} sessions", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    return run


def _client(executable: Path, home: Path, model: LoopbackModel, *plugins: Path, **env: str) -> Client:
    python = CACHE / "plugin-home"
    program.run(
        [str(REPOSITORY / "bin" / "batch-implement"), "--version"],
        cwd=REPOSITORY,
        timeout=600,
        env={"BATCH_IMPLEMENT_HOME": str(python)},
    )
    return Client(executable, home, model.base_url, plugins, {"BATCH_IMPLEMENT_HOME": str(python), **env})


def _row(kind: Kind, runs: list[Run], count: int) -> str:
    disturbances, sessions = sum(run.disturbances for run in runs), sum(run.sessions for run in runs)
    seconds = f"{statistics.median(run.seconds for run in runs):.0f}" if runs else "-"
    return (
        f"| {kind.features} features | {kind.what} | {count} | {disturbances} | {sessions} | "
        f"{len(runs)} of {count} | {seconds} |"
    )


if __name__ == "__main__":
    sys.exit(main())
