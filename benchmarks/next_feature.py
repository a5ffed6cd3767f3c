"""How ``batch-implement next`` grows with the batch: python -m benchmarks.next_feature [ROUNDS]

The whole process, in turn, medians: the assignment again (which is what every net asks for), with 10
features, with 1,000 that have just begun, and with 1,000 of which 500 are done, each with its attempts, its
evidence and its git operations. Beside it the step that begins a feature, in which git is asked what is in
the working tree.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "lib")]

from benchmarks import batches  # noqa: E402 -- needs the paths above
from benchmarks.interleaved import Program, measure  # noqa: E402

from batch_implement.model.evidence import Evidence, Operation  # noqa: E402
from batch_implement.model.record import replace  # noqa: E402
from batch_implement.model.transition import Transition  # noqa: E402
from batch_implement.state.state_file import StateFile  # noqa: E402

if TYPE_CHECKING:
    from batch_implement.model.batch import Batch

ROUNDS = 30
_FEW, _MANY = 10, 1_000
_BARE, _SMALL, _SMALL_BEGUN = "python -c pass", f"{_FEW} features", f"{_FEW} features, beginning one"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    python = batches.python()
    with tempfile.TemporaryDirectory() as name:
        few, many, half = (_batch(Path(name) / kind, size) for kind, size in _SIZES.items())
        _complete(half, _MANY // 2)
        programs = {
            _BARE: Program([python, "-c", "pass"], few, batches.environment()),
            _SMALL: _next(few),
            f"{_MANY:,} features": _next(many),
            f"{_MANY:,} features, {_MANY // 2} done": _next(half),
            _SMALL_BEGUN: _beginning(few),
            f"{_MANY:,} features, beginning one": _beginning(many),
            f"{_MANY:,} features, {_MANY // 2} done, beginning one": _beginning(half),
        }
        times = measure(programs, rounds)
    print("batch-implement next, against the same with 10 features (goal: at most 2); against a bare start")
    for label, found in times.items():
        base = times[_SMALL_BEGUN if "beginning" in label else _SMALL]
        print(f"  {label:42} {found.over(base)}   {found.wall / times[_BARE].wall:5.2f}")


_SIZES = {"few": _FEW, "many": _MANY, "half": _MANY}


def _batch(root: Path, features: int) -> Path:
    batches.begin_batch(batches.make_repository(root), features)
    return root


def _complete(root: Path, count: int) -> None:
    """Half of the batch as it is after half a night; the feature at work is the one after it."""
    state = StateFile(root / ".claude" / "batch_state.json")

    def done(batch: Batch) -> Transition:
        at, attempt = batch.created_at, batch.open_attempts[0]
        files = tuple(f"package/part_{number}/module_{number}.py" for number in range(6))
        commit = Operation(success=True, timestamp=at, sha="5" * 40, branch="main", files=files)
        push = Operation(success=True, timestamp=at, sha="5" * 40, branch="main", remote="origin")
        evidence = Evidence(
            check="python3 -m pytest",
            exit_code=0,
            tests_before=1_234,
            tests_after=1_236,
            skipped=3,
            seconds=12.34,
            worked_seconds=345.6,
            commit="5" * 40,
        )
        after = replace(
            batch,
            completed_features=tuple(range(count)),
            current_index=count,
            git_operations={index: {"commit": commit, "push": push} for index in range(count)},
            evidence=dict.fromkeys(range(count), evidence),
            attempts={index: (replace(attempt, feature_index=index, ended_at=at),) for index in range(count)},
            open_attempts={count: replace(attempt, feature_index=count)},
        )
        return Transition("completed", after)

    state.update(done)


def _next(root: Path) -> Program:
    put_back = batches.Kept(root).put_back
    return Program([str(batches.PROGRAM), "next"], root, batches.environment(batches.SESSION), b"", put_back)


def _beginning(root: Path) -> Program:
    """The same at a state in which no feature has been begun."""
    begun = batches.Kept(root)
    StateFile(root / ".claude" / "batch_state.json").update(
        lambda batch: Transition("test", replace(batch, open_attempts={}))
    )
    program = _next(root)
    begun.put_back()
    return program


if __name__ == "__main__":
    main()
