"""The project's check: the command that proves a feature, and what it said before anything changed."""

from __future__ import annotations

from batch_implement.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.model.kinds import Count, Line, Sentence


@record(frozen=True, kw_only=True)
class CheckStep:
    """One program of the check; it is started without a shell."""

    argv: tuple[str, ...]
    variables: tuple[tuple[str, ...], ...] = ()
    """Pairs of a name and a value, for its environment."""


@record(frozen=True, kw_only=True)
class FirstRun:
    """What came of running the check before the first feature."""

    exit_code: int
    timed_out: bool = False
    seconds: float = 0.0
    output: str = ""
    """The end of what it printed, where it failed."""
    failed: tuple[str, ...] = ()
    """The tests that failed although its exit status said success."""


@record(frozen=True, kw_only=True)
class Check:
    """The check as it was agreed on when the batch began."""

    command: Sentence
    source: Sentence = ""
    """Where it was found: a setting, a file."""
    steps: tuple[CheckStep, ...] = ()
    before: Mapping[str, str] = {}
    """What was untracked or changed before it was first run, with its content's id."""
    baseline: FirstRun | None = None
    tests: Count | None = None
    """How many it ran last, the skipped ones too."""
    counts: Mapping[str, Count] = {}
    """How many of each kind there were: ``passed``, ``skipped``…; fewer that pass prove nothing."""
    results: Line = ""
    """What the file beside the state is called that has them by name."""
    second_runs: bool = True
    """Whether old tests are run on new code, and new ones on old code."""
    changed_tests: Line = "report"
    """What becomes of a changed expectation that the worker names: ``report``, ``hold`` or ``refuse``."""
    require_test: bool = False
    """Whether a feature that no test shows is refused."""
    generated: tuple[str, ...] = ()
    """Untracked paths that the check itself writes: never part of a feature."""
    rewritten: Mapping[str, str] = {}
    """Tracked paths that its first run changed, with the content's id that it gave them: nobody's work."""
    volatile: tuple[str, ...] = ()
    """Those of them that its second run changed again: never part of a feature."""
