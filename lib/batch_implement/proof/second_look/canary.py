"""Whether a check in a scratch workspace sees the files there: everything is broken on purpose, and it has to
fail.

An editable installation or a linked package would have it look at the project's own tree, and say nothing
of value.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.proof.results.commands import commands_of
from batch_implement.proof.results.outcome import TestOutcome
from batch_implement.proof.second_look.parts import Part, files_of_tests, files_run, part_of
from batch_implement.proof.second_look.rehearsal import rehearse
from batch_implement.workspace.preparation import bring_along
from batch_implement.workspace.scratch import Layer, scratch_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.outcome import Results
    from batch_implement.proof.second_look.rehearsal import Rehearsed, Terms
    from batch_implement.system.git.git import Git

# No language's syntax; a shell goes on after what it doesn't know, so it is told to end.
_BROKEN = b"<<<((( broken on purpose )))>>>\n"
_ENDED = b"exit 97\n"
_SHELL = (".sh", ".bash", ".zsh")
# Of the tests that passed, the share that may come out otherwise in another folder.
_UNLIKE = 0.1


@dataclass(frozen=True)
class Sight:
    """``blind`` says why second runs of this check can't be believed, ``""`` where they can. ``unlike``
    are tests that don't pass in another folder, so that nothing is known about them."""

    blind: str = ""
    unlike: tuple[str, ...] = ()


def look_for_sight(
    git: Git,
    base: str,
    steps: Sequence[Step],
    before: Results | None,
    terms: Terms,
    users: Sequence[str] = (),
) -> Sight:
    """Run the base's check twice in a workspace of its own: as it is, and with the whole program broken.

    ``before`` is what its tests came to in the project, None where that is not known.
    """
    with scratch_workspace(git, base) as scratch:
        scratch.lay(Layer(working=tuple(users)))
        bring_along(scratch.project, scratch.root, terms.preparation)
        intact = rehearse(scratch, steps, terms, "intact")
        named = files_run(command for step in steps for command in commands_of(step.argv, scratch.root))
        paths = git.paths("ls-tree", "-r", "--name-only", "-z", base)
        tests = files_of_tests(test.name for test in intact.results.tests)
        sources = [path for path in paths if part_of(path, named, tests) is Part.PROGRAM]
        for path in sources:
            place = scratch.root / path
            if place.is_file() and not place.is_symlink():
                text = place.read_bytes()
                place.write_bytes((_ENDED if path.endswith(_SHELL) else _BROKEN) + text)
        broken = rehearse(scratch, steps, terms, "broken")
    return sight(before, intact, broken)


def sight(before: Results | None, intact: Rehearsed, broken: Rehearsed) -> Sight:
    """What the two runs say, where ``before`` is what the check said in the project."""
    unlike: tuple[str, ...] = ()
    if before is not None and before.by_name:
        passed = Counter(test.name for test in before.tests if test.outcome is TestOutcome.PASSED)
        here = Counter(test.name for test in intact.results.tests if test.outcome is TestOutcome.PASSED)
        unlike = tuple((passed - here).keys())
        if len(unlike) > _UNLIKE * len(passed):
            return Sight(blind="unlike")
    elif any(intact.exit_codes) or intact.timed_out:
        return Sight(blind="unlike")
    if intact.results.total and _passes(broken) >= _passes(intact):
        return Sight(blind="unbroken")
    if not intact.results.total and broken.passed:
        return Sight(blind="unbroken")
    return Sight(unlike=unlike)


def _passes(ran: Rehearsed) -> int:
    return ran.results.counts[TestOutcome.PASSED]
