"""The report says what was done with which evidence, what was not and why, and what to do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.presentation.examples import a_batch

from batch_implement.model.batch import Delivery, Pause
from batch_implement.model.evidence import Operation
from batch_implement.model.standstill import Rest
from batch_implement.presentation.report import render_report, spoken_report, write_report

if TYPE_CHECKING:
    from tests.batches import Batch


def _names(count: int) -> list[str]:
    return [f"Feature {number}" for number in range(1, count + 1)]


def test_the_whole_account_is_in_the_answer_and_in_a_file(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_REVIEW", "off")
    batch.begin("Greet the user", "Count the visits", "Print a farewell")
    batch.work(1)
    batch.done(1)
    batch.call("done", "2", "--no-change", "they are counted already")
    batch.work(3)
    outcome = batch.call("fail", "3", "--error", "there is no farewell service")
    fields = batch.fields
    commit = fields["evidence"]["0"]["commit"][:10]
    for line in (
        f"# Batch {fields['batch_id']}: 2 of 3 done, 1 failed",
        "- From features.txt; ended; ",
        "- Checked with `./check.sh`",
        f"- **1.** Greet the user — commit {commit}, checks passed (2 → 3 tests)",
        "- **2.** Count the visits — not committed, nothing was changed, checks",
        "- **3.** Print a farewell — there is no farewell service (its work: `git switch batch-implement/",
        "- Look at why features failed, then have them tried again, and with them what was held: "
        "`/batch-implement --resume --failed`.",
        "- Review the commits on main (`git log`).\n",
    ):
        assert line in outcome.text
    written = (batch.root / f".claude/batches/{fields['batch_id']}.md").read_text()
    assert written in outcome.text
    assert batch.call("status", "--report").text == written


def test_what_was_noticed_at_the_start_is_in_it(batch: Batch) -> None:
    batch.repository.write("notes.txt")
    batch.list_features("Greet the user", "Greet the user")
    text = batch.call("start", "features.txt").text
    assert "kept once" in text
    batch.work(1)
    report = batch.call("done", "1").text
    assert "Note: Features given twice are kept once (line 2)." in report
    assert "Note: untracked files stay out of every commit: notes.txt." in report


def test_features_are_told_in_the_order_they_were_worked() -> None:
    text = render_report(a_batch(feature_order=(2, 0, 1), completed_features=(0, 1, 2)))
    assert [line[4] for line in text.splitlines() if line.startswith("- **")] == ["3", "1", "2"]


def test_what_is_held_and_what_was_not_begun_is_named() -> None:
    text = render_report(
        a_batch(*_names(4), completed_features=(0,), held={1: "needs feature 3"}, status="cancelled")
    )
    assert "## Held\n\n- **2.** Feature 2 — needs feature 3" in text
    assert "## Not begun\n\n- **3.** Feature 3\n- **4.** Feature 4" in text
    assert "`/batch-implement --resume --held`" in text


def test_without_a_check_it_says_that_nothing_was_proven() -> None:
    text = render_report(a_batch(check=None, completed_features=(0,)))
    assert "nothing was proven by tests" in text
    assert "Set `BATCH_VERIFY_COMMAND` in `.env`" in text


def test_a_pause_is_told_with_its_reason() -> None:
    pause = Pause(kind="failing-check", about="make test")
    assert "Paused: make test fails" in render_report(a_batch(status="paused", pause=pause))


def test_empty_sections_are_left_out() -> None:
    text = render_report(a_batch(completed_features=(0, 1, 2), status="completed"))
    assert not any(f"## {title}" in text for title in ("Failed", "Held", "Not begun"))


@pytest.mark.parametrize("feature", ["x" * 5_000, "with | pipes and `code`", "ünïcode 世界"])
def test_a_feature_of_any_kind_is_one_line(feature: str) -> None:
    text = render_report(a_batch(feature, completed_features=(0,)))
    [line] = [line for line in text.splitlines() if line.startswith("- **1.** ")]
    assert len(line) < 200


@given(st.text("*_`[]()<>&~#ab 1.!x;-+=\\|\"'", min_size=1, max_size=14).filter(str.strip))
def test_a_feature_is_shown_by_markdown_as_it_is_written(feature: str) -> None:
    text = render_report(a_batch(f"{feature} z", completed_features=(0,)))
    assert f"1. {' '.join(feature.split())} z — not committed" in _shown(text)


def test_it_renders_without_a_list_in_a_list() -> None:
    text = render_report(a_batch(*_names(3), completed_features=(0, 1), held={2: "needs 1. and 2."}))
    kinds = [token.type for token in MarkdownIt().parse(text)]
    assert "ordered_list_open" not in kinds
    assert kinds.count("bullet_list_open") == text.count("\n\n- ")


def test_times_leave_out_what_was_no_work_and_name_it() -> None:
    rests = tuple(
        Rest(
            kind=kind,
            since=f"2026-01-31T0{hour}:00:00.000000Z",
            until=f"2026-01-31T0{hour + 1}:00:00.000000Z",
        )
        for hour, kind in ((1, "paused"), (3, "waiting"), (5, "away"))
    )
    times = {"created_at": "2026-01-31T00:30:00.000000Z", "updated_at": "2026-01-31T06:00:00.000000Z"}
    text = render_report(a_batch(rests=rests, **times))
    assert "; 2h 30m of work (and 1h 00m paused, 1h 00m of waiting, 1h 00m without a session).\n" in text


@pytest.mark.parametrize(("remote", "advice"), [("", "(`git log`)."), ("origin", "them: `git push origin`.")])
def test_pushing_is_advised_where_there_is_a_remote(remote: str, advice: str) -> None:
    done = {0: {"commit": Operation(success=True, timestamp="", sha="c0ffee", branch="main")}}
    batch = a_batch(
        completed_features=(0,), git_operations=done, delivery=Delivery(commit=True, remote=remote)
    )
    assert render_report(batch).rstrip().endswith(advice)


def test_a_clock_that_was_set_back_gives_no_negative_time() -> None:
    text = render_report(
        a_batch(created_at="2026-01-02T00:00:00.000000Z", updated_at="2026-01-01T00:00:00.000000Z")
    )
    assert "; 0s of work." in text


def test_a_very_long_report_is_cut_in_the_answer_and_whole_in_the_file(batch: Batch) -> None:
    state = a_batch(*_names(200), completed_features=tuple(range(200)), status="completed")
    write_report(batch.root, state)
    spoken = spoken_report(state)
    assert len(spoken) < 7_000
    assert spoken.endswith("… the rest is in .claude/batches/batch-1.md.")
    written = (batch.root / ".claude/batches/batch-1.md").read_text()
    assert sum(line.startswith("- ") for line in written.splitlines()) >= 200


def _shown(markdown: str) -> str:
    """What a reader sees of it."""
    inline = [token.children or [] for token in MarkdownIt().parse(markdown)]
    return "\n".join("".join(child.content for child in children) for children in inline)
