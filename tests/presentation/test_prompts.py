"""What Claude is told of a feature, word for word."""

from __future__ import annotations

import pytest
from tests.presentation.examples import a_batch

from batch_implement.model.attempt import Attempt, Baseline, Worker
from batch_implement.model.batch import Batch, Delivery, Owner
from batch_implement.model.check import Check
from batch_implement.model.feature import Feature
from batch_implement.model.record import replace
from batch_implement.model.review import Review
from batch_implement.presentation.issue_quotation import quote_issue_body
from batch_implement.presentation.prompts import assignment, current_work_order, resumed, work_order

AT = "2026-01-31T08:05:00.000000Z"
NEXT = "[batch-implement] To go on, run: batch-implement next"
HEAD = "[batch-implement] Feature 1 of 3: Greet the user"
START = (
    'Start agent batch-implement:feature-implementer, prompt "Feature 1"; it is given the details. '
    "When it has ended, run:"
)
END = (
    "batch-implement done 1 --message 'type(scope): summary'\n"
    "or batch-implement fail 1 --error 'why'. Don't ask, go on."
)
ORDER = "[batch-implement] Implement feature 1 of 3:\nGreet the user\n"
SHOWN = (
    "And a new test has to show the feature: one that fails without it. (A refactoring needs none; old and "
    "new tests have to agree.)\n"
    "Where an existing test contradicts the feature, or tests what it removes, changing or removing it is "
    "part of your work: name it in your summary, a line each: Changed: FILE::TEST: why. Every other test and "
    "check stays as strict as it is."
)
CHECK = f"Afterwards this has to pass: make test. {SHOWN}"
LEAVE = (
    "Nothing leaves this machine: don't publish, deploy, send or buy. What needs that, or access you don't "
    "have, you leave undone; end with a line: Needs a person: what they have to do.\n"
    "Leave your changes uncommitted: don't commit, push or stash, and don't edit .claude/. If you give up, "
    "they are kept on a branch of their own, and the next feature begins without them. What is unclear you "
    "decide as the project's conventions suggest, and say so in your summary."
)
OPEN = Attempt(feature_index=0, number=1, started_at=AT)
USERS = Baseline(
    commit="c1", branch="main", users={"draft.txt": "file:1", "b.py": "file:2", "features.txt": "file:3"}
)
FAILED = Attempt(feature_index=0, number=1, started_at=AT, ended_at=AT, error="the sum is 5")
CLIENT = "4711 1 boot"
FOUND = '{"verdict": "findings", "findings": [{"file": "a.py", "line": 3, "problem": "Only 2 is handled."}]}'
SENT_BACK = Review(tree="t", asked=1, said=FOUND, returned=1)


def _at_work(attempt: Attempt = OPEN, **fields: object) -> Batch:
    owner = Owner(session_id="owner", client=CLIENT)
    return a_batch(open_attempts={attempt.feature_index: attempt}, owner=owner, **fields)


ASSIGNMENTS = {
    "nothing has begun": (a_batch(), NEXT),
    "for an agent": (_at_work(), f"{HEAD}\n{START}\n{END}"),
    "for the main conversation": (
        _at_work(workflow_mode="direct"),
        f"{HEAD}\n{ORDER}{CHECK}\n{LEAVE}\nWhen it works, run:\n{END}",
    ),
    "after a failure": (
        _at_work(replace(OPEN, number=2), attempts={0: (FAILED,)}),
        f"{HEAD}\nAttempt 2; before: the sum is 5\n{START}\n{END}",
    ),
    "its agent is at work": (
        _at_work(replace(OPEN, workers=1, worker=Worker(id="a1", client=CLIENT))),
        f"{HEAD}\nAn agent is at work on feature 1. Don't start another: end your turn now, and you are "
        f"woken when it has ended.\nThen run:\n{END}",
    ),
    "its agent was cut off": (
        _at_work(replace(OPEN, workers=1, worker=Worker(id="a1"))),
        f"{HEAD}\nThe agent that was started for feature 1 was cut off. Start it again: it goes on from what "
        f"is there.\n{START}\n{END}",
    ),
    "its agent has ended": (
        _at_work(replace(OPEN, workers=1)),
        f"{HEAD}\nAn agent has finished its work on feature 1.\nRun this first; start agent "
        'batch-implement:feature-implementer, prompt "Feature 1", only for what it asks for:\n'
        f"{END}",
    ),
    "its reviewer was cut off": (
        _at_work(replace(OPEN, workers=1, worker=Worker(id="r1", kind="reviewer"))),
        f"{HEAD}\nAn agent has finished its work on feature 1.\nRun this first; start agent "
        'batch-implement:feature-implementer, prompt "Feature 1", only for what it asks for:\n'
        f"{END}",
    ),
    "the log has plain sentences": (
        _at_work(delivery=Delivery(message_style="plain")),
        f"{HEAD}\n{START}\nbatch-implement done 1 --message 'Summary in the style of git log'\n"
        "or batch-implement fail 1 --error 'why'. Don't ask, go on.",
    ),
}
WORK_ORDERS = {
    "a check": (_at_work(), f"{ORDER}{CHECK}\n{LEAVE}"),
    "a check that counts": (
        _at_work(check=Check(command="make test", tests=12)),
        f"{ORDER}Afterwards this has to pass: make test (12 tests before). {SHOWN}\n{LEAVE}",
    ),
    "no check": (
        _at_work(check=None),
        f"{ORDER}The project has no check command. Show your work by a test where that is possible.\n{LEAVE}",
    ),
    "an issue": (
        a_batch(features=(Feature(id="1", text="Greet the user", issue=72, body="Say hello."),)),
        "[batch-implement] Implement feature 1 of 1:\nGreet the user\n"
        f"{quote_issue_body('Say hello.', 72)}\n{CHECK}\n{LEAVE}",
    ),
    "failed before": (
        _at_work(replace(OPEN, number=2), attempts={0: (FAILED,)}),
        f"{ORDER}Attempt 1 ended with: the sum is 5\n"
        f"What it changed is still in the working tree: look at it, and try another way.\n{CHECK}\n{LEAVE}",
    ),
    "begun before": (
        _at_work(replace(OPEN, workers=2)),
        f"{ORDER}It was begun before: look at what is there (git status, git diff), and go on from it."
        f"\n{CHECK}\n{LEAVE}",
    ),
    "begun before, to its end": (
        _at_work(replace(OPEN, workers=2, said="It greets.\nChanged: a.py::test_b: so")),
        f"{ORDER}It was begun before: look at what is there (git status, git diff), and go on from it.\n"
        f"Your summary takes the place of this one: It greets.\nChanged: a.py::test_b: so\n{CHECK}\n{LEAVE}",
    ),
    "sent back by a reviewer": (
        _at_work(replace(OPEN, workers=1, review=SENT_BACK)),
        f"{ORDER}A reviewer found this; mend what is right in it, and say why the rest is not:\n"
        f"a.py:3: Only 2 is handled.\n{CHECK}\n{LEAVE}",
    ),
    "work of the user in the tree": (
        _at_work(replace(OPEN, baseline=USERS)),
        f"{ORDER}{CHECK}\nUncommitted work of the user, not to be touched: b.py, draft.txt.\n{LEAVE}",
    ),
}


@pytest.mark.parametrize(("batch", "text"), ASSIGNMENTS.values(), ids=ASSIGNMENTS.keys())
def test_an_assignment_is_said_like_this(batch: Batch, text: str) -> None:
    assert assignment(batch) == text


def test_what_happened_just_before_stands_in_place_of_the_last_failure() -> None:
    batch = _at_work(attempts={0: (FAILED,)})
    assert assignment(batch, earlier="Feature 3 is done.") == f"{HEAD}\nFeature 3 is done.\n{START}\n{END}"


@pytest.mark.parametrize(("batch", "text"), WORK_ORDERS.values(), ids=WORK_ORDERS.keys())
def test_a_work_order_is_said_like_this(batch: Batch, text: str) -> None:
    assert work_order(batch, 0) == text
    assert current_work_order(batch) == text


def test_with_nothing_left_there_is_no_work_order() -> None:
    batch = a_batch(completed_features=(0, 1, 2))
    assert current_work_order(batch) == "[batch-implement] There is no feature to work on."


def test_a_long_feature_is_cut_in_the_hook_and_whole_when_it_is_asked_for() -> None:
    text = "word " * 1_800
    cut, whole = (work_order(a_batch(text), 0, whole=whole) for whole in (False, True))
    assert "\n(Cut. The whole: batch-implement next --work-order)\n" in cut
    assert len(cut) < 8_000
    assert "(Cut." not in whole
    assert text.strip() in whole


def test_a_conversation_that_has_lost_everything_is_told_what_it_is_about() -> None:
    begin = (
        "[batch-implement] A batch is being worked through unattended in this session (0 of 3 done). "
        "Go on with it until it reports its end; don't ask whether to continue.\n"
    )
    assert resumed(_at_work()) == f"{begin}{HEAD}\n{START}\n{END}"
    assert resumed(_at_work(), is_sure=False) == begin + NEXT
