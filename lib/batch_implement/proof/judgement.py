"""What a run of the check says about a feature, beside what the tests came to before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.model.named_tests import LostTest
from batch_implement.model.refusals import CheckFailed, FewerTests, LostTests, SilentRunners
from batch_implement.proof.results.comparison import failed, lost
from batch_implement.proof.results.outcome import FAILURES, Results, TestOutcome
from batch_implement.system.text.excerpt import what_failed

if TYPE_CHECKING:
    from typing import TypeAlias

    from batch_implement.proof.check_steps import CheckResult
    from batch_implement.proof.results.comparison import Loss

    Weaker: TypeAlias = "LostTests | SilentRunners | FewerTests"

SHOWN = 3_000
_NAMES = 200
_NONE = Results()


def failure(number: int, command: str, result: CheckResult, before: Results | None) -> CheckFailed | None:
    """Why a check has failed, whatever its exit status says; None when it has not.

    A failure that is only counted, and was so ``before`` too, is what the project's check prints.
    """
    results, earlier = result.results or _NONE, before or _NONE
    failures = failed(results)
    names = tuple(test.name for test in failures if test.name)
    more = _counted(results) > _counted(earlier)
    cut_off = results.cut_off if result.succeeded and not earlier.cut_off else ""
    if result.succeeded and not names and not more and not cut_off:
        return None
    return CheckFailed(
        number=number,
        command=command,
        exit_code=result.exit_code,
        timed_out=result.timed_out,
        seconds=result.seconds,
        output=what_failed(result.output, SHOWN),
        failed=names[:_NAMES],
        failures=results.failures,
        cut_off=cut_off,
    )


def weaker(number: int, command: str, before: Results, after: Results | None) -> Weaker | None:
    """What a check that passes no longer shows, in its first kind; None when it shows as much as before."""
    now = after or _NONE
    losses = lost(before, now)
    told = {test.name for test in now.tests}
    silent = tuple(runner for runner in now.missing if runner not in before.missing)
    if silent and any(test.name not in told for test in before.tests):
        return SilentRunners(number=number, command=command, runners=silent)
    named = tuple(loss for loss in losses if loss.name)
    fewer = now.counts[TestOutcome.PASSED] < before.counts[TestOutcome.PASSED]
    # One that is gone while as many pass has another name now, or its place was taken.
    objected = tuple(loss for loss in named if loss.became is not None or fewer)
    if objected:
        tests = (LostTest(name=loss.name, became=_word(loss)) for loss in objected)
        return LostTests(number=number, command=command, tests=tuple(tests)[:_NAMES])
    if len(losses) > len(named):
        return FewerTests(
            number=number,
            command=command,
            before=before.counts[TestOutcome.PASSED],
            after=now.counts[TestOutcome.PASSED] if after is not None else None,
            skipped=sum(loss.number for loss in losses if loss.became is not None),
        )
    return None


def _word(loss: Loss) -> str:
    return loss.became.value if loss.became is not None else ""


def _counted(results: Results) -> int:
    return sum(number for outcome, number in results.counted if outcome in FAILURES)
