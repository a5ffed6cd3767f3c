"""The plan in words: the whole of it, and a few lines when the batch begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.presentation.examples import a_batch

from batch_implement.delivery.git_settings import GitSettings, describe
from batch_implement.model.evidence import Evidence
from batch_implement.oversight.session import Session
from batch_implement.presentation.consents import RETRIES_UNANSWERED
from batch_implement.presentation.estimate import estimated

if TYPE_CHECKING:
    from tests.batches import Batch

    from batch_implement.presentation.answer import Answer


def _start(batch: Batch, *features: str, mode: str = "") -> Answer:
    batch.list_features(*features)
    return batch.call("start", "features.txt", mode=mode)


def test_the_beginning_is_told_in_a_few_lines(batch: Batch) -> None:
    text = _start(batch, "Greet", "- Count", "Greet", "- [x] Leave").text
    for line in (
        f"Batch {batch.state.batch_id} has begun.",
        "2 features from features.txt, in the order given.",
        "Features given twice are kept once (line 3).",
        "1 ticked off already and left out.",
        "Check: ./check.sh (BATCH_VERIFY_COMMAND).",
        "one commit per feature on main",
    ):
        assert line in text


def test_a_plan_tells_what_would_refuse_the_start(batch: Batch) -> None:
    batch.repository.write("app.py", "changed\n")
    batch.list_features("Add login", "Add logout (after: 1)")
    text = batch.call("plan", "features.txt", mode="plan").text
    assert "1. Add login" in text
    assert "Refused: Uncommitted changes in app.py." in text
    assert "Refused: Claude is in plan mode" in text


def test_a_plan_shows_what_was_taken_of_a_markdown_file_first(batch: Batch) -> None:
    batch.repository.write("ours.md", "# Ours\n\n- Add login\n  - by e-mail\n  - by name\n- Add search\n")
    lines = batch.call("plan", "ours.md").text.splitlines()
    assert lines[:5] == [
        "2 features from ours.md, in the order given.",
        "ours.md is read as Markdown: each bullet is a feature, and what is indented below it belongs to "
        "it. Passed over: 1 heading (line 1).",
        "",
        "  1. Add login · with 2 lines below it",
        "  2. Add search",
    ]


LOGIN = (
    "Add a greeting",
    "Add tests for the login form",
    "Add a login form with e-mail and password",
    "Add a password reset (requires login)",
    "Print a farewell (after: 1, 3)",
)


def test_a_plan_is_a_screen_in_which_each_thing_is_said_once(batch: Batch) -> None:
    batch.list_features(*LOGIN)
    lines = batch.call("plan", "features.txt").text.splitlines()
    assert lines[:8] == [
        "5 features from features.txt, in the order 1, 3, 2, 4, 5.",
        "",
        "  1. Add a greeting",
        "  3. Add a login form with e-mail and password",
        "  └─ 2. Add tests for the login form · “for the login form”",
        "  └─ 4. Add a password reset (requires login)",
        "  └─ 5. Print a farewell (after: 1, 3)",
        "",
    ]
    assert [line.partition(" ")[0] for line in lines[8:]] == ["Side", "Check:", "Git:", "Settings:", "Time:"]
    assert lines[8] == "Side by side could run: 1, 3; then 2, 4, 5."
    assert lines[12] == "Time: unknown until 5 features were done in this project."
    assert len(lines) < 24


def test_a_plan_in_full_has_every_reason_and_every_setting_and_counts_from_1(batch: Batch) -> None:
    batch.list_features(*LOGIN)
    text = batch.call("plan", "--full", "features.txt").text
    for line in (
        "  Total dependencies detected: 4",
        "  2 after 3: for the login form (test-of, 0.85)",
        "Feature 1: Add a greeting\n  └─> [no dependencies]",
        "  └─> [depends on] Feature 3: Add a login form with e-mail and password",
        "  BATCH_ORDER=dependencies (default)",
    ):
        assert line in text
    assert "Feature 0" not in text


def test_a_long_plan_is_cut_to_a_screen_and_whole_in_full(batch: Batch) -> None:
    features = [f"Build the part number {'x' * number}y" for number in range(40)]
    batch.list_features(*features)
    lines = batch.call("plan", "features.txt").text.splitlines()
    assert "    … and 16 more: --full" in lines
    assert len(lines) < 40
    assert "40. Build" in batch.call("plan", "features.txt", "--full").text


def test_a_chain_leaves_nothing_to_run_side_by_side(batch: Batch) -> None:
    batch.list_features("Add a", "Add b (after: 1)", "Add c (after: 2)")
    assert "Side by side: nothing, each needs the one before." in batch.call("plan", "features.txt").text


def test_one_feature_is_one_and_has_no_order(batch: Batch) -> None:
    batch.list_features("Greet")
    assert batch.call("plan", "features.txt").text.startswith("1 feature from features.txt.\n")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ([60.0] * 4, "unknown until 5 features were done in this project"),
        ([60.0, 60.0, 90.0, 120.0, 300.0], "10m 00s to 20m 00s, going by 5 features done before"),
    ],
)
def test_the_time_is_a_range_by_what_features_here_took(seconds: list[float], said: str) -> None:
    evidence = {index: Evidence(worked_seconds=taken) for index, taken in enumerate(seconds)}
    assert estimated([a_batch(evidence=evidence)], 10) == said


def test_a_plan_of_several_files_says_where_each_feature_stands(batch: Batch) -> None:
    batch.repository.write("plans/a.txt", "Add login\n")
    batch.repository.write("plans/b.txt", "# more\nAdd search\n")
    text = batch.call("plan", "plans/a.txt", "plans/b.txt").text
    assert text.startswith("2 features from plans/a.txt, plans/b.txt, in the order given.")
    assert "  2. Add search · plans/b.txt:2" in text


def test_a_plan_in_phases_keeps_its_order_and_says_so(batch: Batch) -> None:
    batch.repository.write(
        "plan.md", "## Phase 1\n- Add tests for the login form\n## Phase 2\n- Add a login form\n"
    )
    answer = batch.call("plan", "plan.md")
    assert "plan.md is a plan in phases" in answer.text
    assert answer.data["order"] == [1, 2]


def test_a_plan_tells_features_that_read_almost_the_same(batch: Batch) -> None:
    batch.list_features("Add a login form", "add a login form.")
    assert "Features 1 and 2 read almost the same" in batch.call("plan", "features.txt").text


def test_a_plan_tells_a_misspelt_mark(batch: Batch) -> None:
    batch.list_features("Add login", "Add logout (afer: 1)")
    said = "Feature 2: “(afer: 1)” is no mark; “(after: 1)” would be one; it was passed over."
    assert said in batch.call("plan", "features.txt").text


def test_a_plan_tells_a_setting_that_nobody_knows(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    batch.repository.write(".env", "BATCH_SIZE=64\n")
    batch.repository.write(".gitignore", ".env\n")
    batch.repository.commit()
    monkeypatch.setenv("BATCH_PARALLELISM", "9")
    said = (
        "Mind: BATCH_PARALLELISM (the environment), BATCH_SIZE (.env): no setting of batch-implement has "
        "that name."
    )
    batch.list_features()
    assert said in batch.call("plan", "features.txt").text


def test_a_start_that_is_refused_says_why_and_nothing_of_the_plan(batch: Batch) -> None:
    batch.repository.write("app.py", "changed\n")
    answer = _start(batch)
    assert answer.kind == "refused"
    assert answer.text.startswith("The batch was not started. Uncommitted changes in app.py.")
    assert "--keep-dirty" in answer.text


def test_a_start_mentions_the_files_that_stay_out(batch: Batch) -> None:
    for number in range(5):
        batch.repository.write(f"notes{number}.txt")
    said = "Mind: untracked files stay out of every commit: notes0.txt, notes1.txt, notes2.txt and 2 more."
    assert said in _start(batch).text


def test_a_start_mentions_a_permission_mode_that_asks(batch: Batch) -> None:
    said = "Mind: permission mode 'default' stops at the first call of Bash or Edit that no rule allows."
    assert said in _start(batch, mode="default").text


def test_a_start_without_a_check_says_how_to_set_one(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    text = _start(batch).text
    assert "Check: none found." in text
    assert "Mind: no check command was found" in text
    assert "Set BATCH_VERIFY_COMMAND in .env." in text


ALL = GitSettings(
    commit=True, push=True, pull_request=True, close_issues=True, branch_mode="batch", remote="origin"
)


@pytest.mark.parametrize(
    ("settings", "branch", "said"),
    [
        (
            ALL,
            "batch/1",
            "one commit per feature on batch/1, pushed to origin, a pull request against main, issues closed "
            "after the push",
        ),
        (
            replace(ALL, pull_request=False, skipped={"pr": "AUTO_GIT_PR=false"}),
            "main",
            "one commit per feature on main, pushed to origin, issues closed after the push; no pull "
            "request: AUTO_GIT_PR=false",
        ),
        (
            replace(
                ALL,
                pull_request=False,
                close_issues=False,
                skipped=dict.fromkeys(("pr", "issue_close"), "gitlab.com is not known to be GitHub"),
            ),
            "main",
            "one commit per feature on main, pushed to origin; no pull request and no issue closed: "
            "gitlab.com is not known to be GitHub",
        ),
        (
            replace(
                ALL,
                push=False,
                pull_request=False,
                close_issues=False,
                skipped={"push": "the repository has no remote"},
            ),
            "main",
            "one commit per feature on main; nothing is pushed: the repository has no remote",
        ),
        (
            replace(ALL, mind="gh is not logged in"),
            "main",
            "one commit per feature on main, pushed to origin, issues closed after the push; gh is not "
            "logged in",
        ),
        (
            GitSettings(
                commit=False,
                push=False,
                pull_request=False,
                close_issues=False,
                branch_mode="current",
                skipped={"commit": "AUTO_GIT_ENABLED=false"},
            ),
            "main",
            "off (AUTO_GIT_ENABLED=false); nothing is committed",
        ),
    ],
)
def test_what_git_will_do_is_one_line_with_why_not_where_it_wont(
    settings: GitSettings, branch: str, said: str
) -> None:
    assert describe(settings, branch, "main") == said


class TestTheFirstRun:
    @pytest.fixture(autouse=True)
    def _nobody_has_answered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("BATCH_RETRY_ENABLED")

    @pytest.mark.parametrize("attended", [True, False])
    def test_a_person_is_told_what_holds_until_they_say_otherwise(self, batch: Batch, attended: bool) -> None:
        there = replace(batch, session=Session("owner", "", attended=attended))
        answer = _start(there)
        assert RETRIES_UNANSWERED in answer.shown
        assert RETRIES_UNANSWERED not in answer.text
        assert there.fields["open_attempts"]
        there.call("consent", "retry", "no")
        there.call("stop", "--yes")
        assert RETRIES_UNANSWERED not in _start(there).shown

    def test_unanswered_a_feature_is_tried_again_and_after_a_no_it_is_not(self, batch: Batch) -> None:
        _start(batch)
        batch.fail(1, "connection reset by peer")
        assert batch.fields["failed_features"] == []
        batch.call("consent", "retry", "no")
        while not batch.state.open_attempts:  # the pause before another try
            batch.next()
        batch.fail(1, "connection reset by peer")
        assert len(batch.fields["failed_features"]) == 1
