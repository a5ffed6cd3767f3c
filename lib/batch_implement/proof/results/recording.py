"""A step of a check, run so that its results can be read: what is asked of this room from outside."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.errors import PathError
from batch_implement.proof.results.base import Place
from batch_implement.proof.results.commands import commands_of
from batch_implement.proof.results.counts import count_kinds
from batch_implement.proof.results.outcome import NamedTest, Results, TestOutcome
from batch_implement.proof.results.runners import RUNNERS

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from batch_implement.proof.check_command import Step

_PLUGGED = Path(__file__).with_name("plugged")
# By this pytest finds the plugin where the folder is on its path.
_ENTRY_POINT = "[pytest11]\nbatch_results_pytest = batch_results_pytest\n"
# So it stands in no file of code: a count of what the tests cover would have it among the project's lines.
_UNCOUNTED = """\
with open(__file__ + ".text", encoding="utf-8") as file:
    exec(compile(file.read(), "<batch-implement>", "exec"))
"""
_METADATA = "Metadata-Version: 2.1\nName: batch-results\nVersion: 1\n"


@dataclass(frozen=True)
class Recording:
    """``step`` is to be run in the place of the one that was given, with the environment that was given.

    ``expected`` are the runners that it is seen to start.
    """

    step: Step
    expected: tuple[str, ...]
    place: Place

    def results(self, output: str, *, truncated: bool = False) -> Results:
        """What the tests came to; ``output`` is what the step printed, both streams in one.

        Where its beginning is gone (``truncated``), no names are read from it.
        """
        counts = dict(count_kinds(output))
        tests: list[NamedTest] = []
        missing: list[str] = []
        cut_off = ""
        for runner in RUNNERS:
            report = runner.read(self.place, "" if truncated else output)
            if report is not None:
                tests += report.tests
                cut_off = cut_off or report.cut_off
                counts.pop(runner.NAME, None)
            elif runner.NAME in self.expected:
                missing.append(runner.NAME)
        return Results(tuple(tests), _summed(counts), cut_off, tuple(missing))


def record(step: Step, *, root: Path, folder: Path, environment: Mapping[str, str]) -> Recording:
    """Make a new folder for the reports of one run of a step in the workspace ``root``.

    ``environment`` is what the step will be started with; it is added to. Raises :class:`PathError` for a
    folder inside of the workspace, whose files would be taken for a feature's, and
    :class:`FileExistsError` for one that is there: reports of an earlier run would be read as this one's.
    """
    folder, root = folder.absolute(), root.resolve()
    if folder.resolve().is_relative_to(root):
        raise PathError(f"The reports of a check would be written into {folder}, which is inside of {root}.")
    place = Place(root, folder / "tools", folder / "reports", environment)
    _lay_out(place)
    commands = commands_of(step.argv, root)
    expected = tuple(runner.NAME for runner in RUNNERS if any(map(runner.used_by, commands)))
    for runner in RUNNERS:
        step = runner.prepared(step, commands, place)
    return Recording(step, expected, place)


def _lay_out(place: Place) -> None:
    place.reports.mkdir(parents=True)
    place.tools.mkdir()
    for path in _PLUGGED.iterdir():
        if path.name.startswith("batch_results"):
            is_python = path.suffix == ".py"
            shutil.copyfile(path, place.tools / (f"{path.name}.text" if is_python else path.name))
            if is_python:
                (place.tools / path.name).write_text(_UNCOUNTED, encoding="utf-8")
    about = place.tools / "batch_results-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(_METADATA, encoding="utf-8")
    (about / "entry_points.txt").write_text(_ENTRY_POINT, encoding="utf-8")


def _summed(counts: Mapping[str, Counter[TestOutcome]]) -> tuple[tuple[TestOutcome, int], ...]:
    return tuple(
        (outcome, number)
        for outcome in TestOutcome
        if (number := sum(kinds[outcome] for kinds in counts.values()))
    )
