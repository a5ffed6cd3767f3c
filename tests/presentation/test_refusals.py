"""What is said of each refusal, word for word: this is where the words are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.presentation.examples import classes_of, kinds_in

from batch_implement.model import refusals as why
from batch_implement.model.batch import Pause
from batch_implement.presentation.refusals import sentence_of, told_of

if TYPE_CHECKING:
    from batch_implement.model.refusals import Refusal

NOT_DONE = "Feature 2 is not done."
MEND = "Mend it and run done again."
ALLOW = (
    "--allow is the user's: typed as /batch-implement --done N --allow NAME, or in a terminal outside of "
    "Claude Code."
)
ASKED = "Feature 2 of 3 is being worked on. End the batch all the same? Type /batch-implement --stop --yes."
STAYS = (
    "stays in the working tree, uncommitted, and /batch-implement --resume goes on from there. "
    "To hold the batch instead: /batch-implement --pause"
)
ROWS: tuple[tuple[Refusal, str], ...] = (
    (
        why.PersonsOnly(command="stop", doubt="session"),
        "batch-implement stop is the user's to call: the user types /batch-implement --stop in the session, "
        "or calls it in a terminal outside of Claude Code. Don't look for another way.",
    ),
    (
        why.PersonsOnly(command="consent", doubt="no-terminal"),
        "batch-implement consent is the user's to call: the user calls it in a terminal; this call has none.",
    ),
    (
        why.PersonsOnly(command="resume", doubt="strange-terminal"),
        "batch-implement resume is the user's to call: the user types /batch-implement --resume in the "
        "session, or calls it in a terminal of theirs: who opened this one came after the session began.",
    ),
    (
        why.PersonsOnly(command="done", doubt="unconfirmed"),
        "batch-implement done was not confirmed, so nothing was done.",
    ),
    (
        why.StrangerSession(),
        "The batch in this project belongs to another Claude Code session. Leave it alone; to take it over, "
        "type /batch-implement --resume.",
    ),
    (
        why.OwnerIsAlive(),
        "The batch belongs to a Claude Code session that is still running. Go on there; or take it from that "
        "session: /batch-implement --resume --take-over",
    ),
    (
        why.BatchAtWork(batch_id="batch-1", status="paused"),
        "A batch is at work in this project already (batch-1, paused). /batch-status shows it, "
        "/batch-implement --resume goes on with it, /batch-implement --stop ends it.",
    ),
    (
        why.OtherBatch(current="batch-1", asked="x" * 200),
        f"The batch in this project is batch-1, not {'x' * 100}.",
    ),
    (
        why.NothingToResume(batch_id="batch-1", status="completed"),
        "Nothing in batch batch-1 is left to be done. "
        "/batch-implement --resume --failed tries what failed once more.",
    ),
    (
        why.NotGoing(status="paused", pause=Pause(kind="person")),
        "[batch-implement] The batch is paused: by the user. Stop here. "
        "The user goes on with /batch-implement --resume.",
    ),
    (
        why.NotGoing(status="paused"),
        "[batch-implement] The batch is paused: paused. Stop here. "
        "The user goes on with /batch-implement --resume.",
    ),
    (
        why.NotGoing(status="cancelled"),
        "[batch-implement] The batch was stopped. Nothing is left to do; stop here.",
    ),
    (
        why.NotGoing(status="completed"),
        "[batch-implement] The batch has ended: batch-implement status --report shows how.",
    ),
    (
        why.WorkGoesOn(number=2, total=3),
        f"{ASKED} What it has changed {STAYS}",
    ),
    (
        why.WorkGoesOn(number=2, total=3, by_agent=True),
        f"{ASKED} Its agent works on until it has ended, or is ended in the list of agents; what it changes "
        f"{STAYS}",
    ),
    (
        why.CannotStart(reasons=("A merge has begun.", "Commit first.")),
        "The batch was not started. A merge has begun. Commit first.",
    ),
    (
        why.NoSuchFeature(number=7, total=3),
        "There is no feature 7: the batch has 3, counted from 1.",
    ),
    (
        why.NotAtWork(number=2, current=1),
        "Feature 2 is not being worked on, so it can be neither done nor failed. "
        "Feature 1 is the one to work on. Run: batch-implement next",
    ),
    (
        why.NotAtWork(number=2),
        "Feature 2 is not being worked on, so it can be neither done nor failed. "
        "No feature is left. Run: batch-implement next",
    ),
    (
        why.UnusableMessage(problems=("it is empty", "it has a trailer")),
        "The commit message can't be used: it is empty; it has a trailer. "
        "Call again with --message 'type(scope): summary', or without --message.",
    ),
    (
        why.NothingChanged(number=2),
        "Nothing has changed since feature 2 began, so it is not done. Implement it; or, if nothing has to "
        "change: batch-implement done 2 --no-change 'why'",
    ),
    (
        why.NothingChanged(number=2, says_nothing=True),
        "For feature 2 only white space, comments, empty files or file modes changed, so it is not done. "
        "Implement it; or, if nothing has to change: batch-implement done 2 --no-change 'why'",
    ),
    (
        why.UsersFilesTouched(number=2, paths=("app.py", "a\nb")),
        "Feature 2 changed what the user had uncommitted before it began: app.py, a\\nb. The two can't be "
        "told apart. Put those files back as they were, or run: batch-implement fail 2 --error 'needs files "
        "with uncommitted changes of the user'",
    ),
    (
        why.ChangedMeanwhile(number=2),
        "Files changed while feature 2 was being checked, so the check says nothing about them. "
        "Wait until nothing works on them any more, then run done again.",
    ),
    (
        why.BranchLeft(number=2, branch="main", now="other", head="c" * 40),
        "Feature 2 began on branch main, and the working tree is on branch other. Go back with the work: git "
        "switch main, and for what was committed there git merge --squash other. Then run done again.",
    ),
    (
        why.BranchLeft(number=2, branch="main", now="", head=""),
        "Feature 2 began on branch main, and the working tree is on no branch (a detached HEAD). Go back "
        "with the work: git switch main. Then run done again.",
    ),
    (
        why.CommitsMerged(number=2, merge="d" * 40, base="c" * 40),
        "Feature 2 is not done: dddddddddddd is a merge, and what came in by it is not the feature's. Go "
        "back to before it, git reset --keep dddddddddddd^1, then run done again.",
    ),
    (
        why.CommitsPushed(number=2, commits=("c" * 40,), where=("origin/main",)),
        "Feature 2 is not done: what was committed since it began is on origin/main already, and what is "
        "pushed is not made again. The user can take it back there; or run: batch-implement fail 2 --error "
        "'it was pushed unproven'",
    ),
    (
        why.IgnoredFiles(number=2, new=("lib/a\nb.py",), changed=(".env",)),
        "Feature 2 is not done: git ignores these files, so the check would see what no commit has.\n"
        "- new: lib/a\\nb.py\n- changed: .env\nOf what you made, git add --force what belongs to the feature "
        "and delete the rest: what the check makes itself comes back. Put back what you changed. Then run "
        f"done again. {ALLOW}",
    ),
    (
        why.SettingsChanged(number=2, lines=("core.hooksPath is new",), names=("core.hooksPath", "remote")),
        "Feature 2 changed the repository's own settings, which nobody asked for:\n- core.hooksPath is new\n"
        "Put them back, then run done again. If that is meant, the user allows it: "
        f"--allow 'core.hooksPath' --allow 'remote'. {ALLOW}",
    ),
    (
        why.PathsHeld(number=2, lines=("key.pem: a private key",)),
        f"Feature 2 can't be committed as it is:\n- key.pem: a private key\n{ALLOW}",
    ),
    (
        why.WeakerChecks(number=2, lines=("tests/a.py:3: a test is gone",)),
        "Feature 2 is not done: its checks would say less than before.\n- tests/a.py:3: a test is gone\n"
        "Put back what the feature does not ask for, then run done again.\n"
        "Where the feature itself asks for another result, or removes what they test, say so in the same "
        "command, once for each test, file or pattern of names: batch-implement done 2 --changes "
        "'tests/a.py: why'. It stands at the top of the report.\n"
        "Or give it up: batch-implement fail 2 --error 'why'",
    ),
    (
        why.CheckFailed(number=2, command="make test", exit_code=3, output="1 failed"),
        f"{NOT_DONE} make test failed with exit status 3:\n1 failed\n{MEND}",
    ),
    (
        why.CheckFailed(
            number=2, command="make test", exit_code=-9, timed_out=True, seconds=600.0, output="…"
        ),
        f"{NOT_DONE} make test was ended after 10m 00s:\n…\n{MEND}",
    ),
    (
        why.CheckFailed(number=2, command="make test", exit_code=1, output="…", failed=("test_a", "test_b")),
        f"{NOT_DONE} These tests fail:\n- test_a\n- test_b\nmake test failed with exit status 1:\n…\n{MEND}",
    ),
    (
        why.CheckFailed(
            number=2, command="make test", exit_code=0, output="…", failed=("test_a",), failures=1
        ),
        f"{NOT_DONE} These tests fail:\n- test_a\n"
        f"make test hides with exit status 0 that 1 test fails:\n…\n{MEND}",
    ),
    (
        why.CheckFailed(number=2, command="make test", exit_code=0, output="…", failures=2),
        f"{NOT_DONE} make test hides with exit status 0 that 2 tests fail:\n…\n{MEND}",
    ),
    (
        why.CheckFailed(number=2, command="make test", exit_code=0, output="…", cut_off="pytest ended"),
        f"{NOT_DONE} make test ended before its last test, though with exit status 0 (pytest ended):\n"
        f"…\n{MEND}",
    ),
    (
        why.LostTests(
            number=2,
            command="make test",
            tests=(
                why.LostTest(name="t.py::a", became="skipped"),
                why.LostTest(name="t.py::b", became="expected failure"),
                why.LostTest(name="t.py::c"),
            ),
        ),
        f"{NOT_DONE} These tests passed before it, and don't any more:\n- t.py::a is skipped\n"
        "- t.py::b is expected to fail\n- t.py::c is gone\n"
        f"make test passes without them; they have to run and pass.\n{MEND}",
    ),
    (
        why.SilentRunners(number=2, command="make test", runners=("pytest",)),
        f"{NOT_DONE} make test passes, but pytest no longer told which tests ran. Take back what keeps "
        f"PYTHONPATH, NODE_OPTIONS or a plugin from it.\n{MEND}",
    ),
    (
        why.FewerTests(number=2, command="make test", before=5, after=4),
        f"{NOT_DONE} In make test 4 tests pass, and before this feature 5 did. "
        f"Put back the tests that are missing.\n{MEND}",
    ),
    (
        why.FewerTests(number=2, command="make test", before=5, after=1, skipped=2),
        f"{NOT_DONE} In make test 1 test passes, and before this feature 5 did, 2 more skipped or "
        f"expected to fail now. Put back the tests that are missing.\n{MEND}",
    ),
    (
        why.FewerTests(number=2, command="make test", before=5),
        f"{NOT_DONE} make test passes but no longer says how many tests it ran; there were 5.\n{MEND}",
    ),
    (
        why.ChangedTests(
            number=2,
            tests=(
                why.OpenTest(name="test_a.py::test_b", became="failed", lines=("test_a.py", "- 1", "+ 2")),
                why.OpenTest(name="test_a.py::test_c"),
            ),
            files=(why.OpenTest(name="Makefile", lines=("Makefile", "+ true")),),
        ),
        "Feature 2 is not done: what passed before it does not pass on its code.\n"
        "- test_a.py::test_b fails on the new code as it was\n"
        "    test_a.py\n    - 1\n    + 2\n"
        "- test_a.py::test_c does not run on the new code as it was\n"
        "Without the changes of these files the check fails on the new code, or has more tests:\n"
        "- Makefile\n    Makefile\n    + true\n"
        "Mend the code where the old tests are right.\n"
        "Where the feature itself asks for another result, or removes what they test, say so in the same "
        "command, once for each test, file or pattern of names: batch-implement done 2 --changes "
        "'test_a.py::test_b: why'. It stands at the top of the report.\n"
        "Or give it up: batch-implement fail 2 --error 'why'",
    ),
    (
        why.ChangedTests(
            number=2,
            tests=tuple(why.OpenTest(name=f"t.py::t[{row}]", lines=("t.py", "- 1", "+ 2")) for row in "ab"),
        ),
        "Feature 2 is not done: what passed before it does not pass on its code.\n"
        "- t.py::t[a] does not run on the new code as it was\n"
        "- t.py::t[b] does not run on the new code as it was\n"
        "    t.py\n    - 1\n    + 2\n"
        "Mend the code where the old tests are right.\n"
        "Where the feature itself asks for another result, or removes what they test, say so in the same "
        "command, once for each test, file or pattern of names: batch-implement done 2 --changes "
        "'t.py::t: why'. It stands at the top of the report.\n"
        "Or give it up: batch-implement fail 2 --error 'why'",
    ),
    (
        why.ChangedTests(number=2, tests=(why.OpenTest(name="t", became="skipped"),), handling="hold"),
        "Feature 2 is not done: what passed before it does not pass on its code.\n- t is skipped now\n"
        "Mend the code where the old tests are right.\n"
        "In this project a person decides about that (BATCH_CHANGED_TESTS=hold), in a terminal outside of "
        "Claude Code: batch-implement done 2 --accept-weaker 'why'\n"
        "Or give it up: batch-implement fail 2 --error 'why'",
    ),
    (
        why.ShownByNoTest(number=2),
        f"{NOT_DONE[:-1]}: no test fails without it, and BATCH_REQUIRE_TEST asks for one. Add a test that "
        "shows what it does, then run done again.",
    ),
    (
        why.TreeFails(
            number=2, command="make test", output="no module", apart=("lib/a\nb.py",), tests=("t",)
        ),
        f"{NOT_DONE[:-1]}: make test passes here, and not in a checkout of what would be committed, which "
        "has none of this:\n- lib/a\\nb.py (git ignores it)\nThese tests pass only here:\n- t\nOf what you "
        "made, git add --force what belongs to the feature, and make it work without the rest. Then run done "
        "again.\nThe check there printed:\nno module",
    ),
    (
        why.TreeFails(
            number=2, command="make test", output="", hidden=("files hidden from git status: a.py",)
        ),
        f"{NOT_DONE[:-1]}: make test passes here, and not in a checkout of what would be committed, which "
        "has none of this:\n- files hidden from git status: a.py\nOf what you made, git add --force what "
        "belongs to the feature, and make it work without the rest. Let git see what it was told not to: git "
        "update-index --no-skip-worktree --no-assume-unchanged PATH, or git sparse-checkout disable. Then "
        "run done again.\nThe check there printed:\n",
    ),
    (
        why.FoundByReviewer(number=2, lines=("a.py:3: Only 2 is handled.",)),
        "Feature 2 is not done: a reviewer found\n- a.py:3: Only 2 is handled.\n"
        "Mend what is right in that, then run done again; what is not stays as it is. Agent "
        'batch-implement:feature-implementer, prompt "Feature 2", is told of it and can do it for you.',
    ),
    (
        why.CommitRefused(number=2, why="The hook says: no."),
        f"{NOT_DONE} The hook says: no.\n{MEND}",
    ),
)


def test_there_is_a_sentence_for_every_refusal() -> None:
    assert kinds_in(ROWS) == classes_of(why.Refusal, why)


@pytest.mark.parametrize(("refusal", "sentence"), ROWS, ids=[type(row[0]).__name__ for row in ROWS])
def test_a_refusal_is_said_like_this(refusal: Refusal, sentence: str) -> None:
    assert sentence_of(refusal) == sentence


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (
            why.StrangerSession(),
            "The batch in this project belongs to another Claude Code session. "
            "To take it over: /batch-implement --resume",
        ),
        (
            why.NotGoing(status="paused", pause=Pause(kind="person")),
            "The batch is paused: by the user. To go on: /batch-implement --resume",
        ),
        (
            why.NotGoing(status="cancelled"),
            "The batch was stopped. To go on with it: /batch-implement --resume",
        ),
        (why.NotGoing(status="completed"), "The batch has ended. How: /batch-status --report"),
    ],
)
def test_a_person_is_not_told_what_claude_is_to_do(refusal: Refusal, told: str) -> None:
    assert told_of(refusal) == told


def test_of_many_lines_a_dozen_is_shown_and_none_is_long() -> None:
    said = sentence_of(why.PathsHeld(number=2, lines=tuple("x" * 1_000 for _ in range(15)))).splitlines()
    assert len([line for line in said if line.startswith("- x")]) == 12
    assert "- and 3 more" in said
    assert max(map(len, said)) < 250
