"""What an earlier batch has proven is left out while its commit is there, and that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import assigned

if TYPE_CHECKING:
    from tests.batches import Batch

pytestmark = pytest.mark.slow

LIST = ("Greet the user", "Count the visits", "Print a farewell (after: 2)")


@pytest.fixture
def worked(batch: Batch) -> Batch:
    """Two of three features are done; the batch was ended then."""
    batch.begin(*LIST)
    for number in (1, 2):
        batch.work(number)
        batch.done(number)
    batch.cancel()
    return batch


def _commit(batch: Batch, revision: str = "HEAD") -> str:
    return batch.repository.run("rev-parse", revision)


def test_what_is_done_is_left_out_and_told_with_its_commits(worked: Batch) -> None:
    plan = worked.plan(*LIST)
    assert plan.texts == ["Print a farewell (after: 2)"]
    assert plan.done == (
        ("Greet the user", _commit(worked, "HEAD~1")),
        ("Count the visits", _commit(worked)),
    )
    assert plan.source.notices == (
        f"2 done before and left out: “Greet the user” ({_commit(worked, 'HEAD~1')[:7]}), “Count the visits” "
        f"({_commit(worked)[:7]}). --again does them all the same.",
    )


def test_a_mark_counts_in_the_list_as_it_was_written(worked: Batch) -> None:
    plan = worked.plan("Greet the user", "Count the visits", "Wave", "Bow (after: 2)", "Sit (after: 3)")
    assert plan.texts == ["Wave", "Bow (after: 2)", "Sit (after: 3)"]
    assert plan.dependencies == {0: [], 1: [], 2: [0]}
    assert plan.analysis.order == (0, 1, 2)
    assert plan.analysis.notices == ()


def test_a_mark_that_leads_nowhere_is_told_with_the_number_shown(worked: Batch) -> None:
    [notice] = worked.plan("Greet the user", "Wave (after: 9)").analysis.notices
    assert notice.startswith("Feature 1: the mark “(after: 9)”")


def test_the_batch_that_begins_has_only_what_is_left(worked: Batch) -> None:
    assert assigned(worked.begin(*LIST)) == 1
    [feature] = worked.state.features
    assert (feature.text, feature.origin) == ("Print a farewell (after: 2)", "features.txt:3")


def test_all_of_it_is_done_again_when_that_is_asked_for(worked: Batch) -> None:
    worked.list_features(*LIST)
    assert worked.call("start", "--again", "features.txt").kind == "assigned"
    assert [feature.text for feature in worked.state.features] == list(LIST)


def test_a_batch_that_has_ended_and_is_still_in_place_counts(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    batch.done(1)
    assert batch.past() == []
    assert batch.plan("Greet the user", "Wave").texts == ["Wave"]


def test_where_all_is_done_nothing_is_started_and_that_is_an_answer(worked: Batch) -> None:
    worked.list_features(*LIST[:2])
    for subcommand in ("start", "plan"):
        answer = worked.call(subcommand, "features.txt")
        assert answer.kind == "told"
        assert answer.text == (
            "All 2 features of features.txt were done before; nothing is started.\n"
            f"  ✓ Greet the user ({_commit(worked, 'HEAD~1')[:7]})\n"
            f"  ✓ Count the visits ({_commit(worked)[:7]})\n"
            "To do it all the same: /batch-implement --again FILE"
        )
        assert answer.data["features"] == []
        assert len(answer.data["done"]) == 2  # type: ignore[arg-type]
    assert not worked.project.state.exists()


def test_a_commit_that_was_reset_away_is_done_again(worked: Batch) -> None:
    worked.repository.run("reset", "--quiet", "--hard", "HEAD~1")
    plan = worked.plan(*LIST)
    assert plan.texts == list(LIST[1:])
    assert plan.source.notices[1] == (
        "Done before, with a commit that is on no branch any more, so done again: “Count the visits”."
    )


def test_a_commit_that_is_not_in_the_repository_any_more_is_done_again(worked: Batch) -> None:
    worked.repository.run("reset", "--quiet", "--hard", "HEAD~1")
    worked.repository.run("reflog", "expire", "--expire=now", "--all")
    worked.repository.run("gc", "--quiet", "--prune=now")
    assert worked.plan(*LIST).texts == list(LIST[1:])


def test_a_commit_on_another_branch_is_there_and_that_is_told(worked: Batch) -> None:
    worked.repository.run("branch", "other")
    worked.repository.run("reset", "--quiet", "--hard", "HEAD~1")
    plan = worked.plan(*LIST)
    assert plan.texts == ["Print a farewell (after: 2)"]
    assert plan.source.notices[1].startswith(
        "Of these, on another branch and not in what is checked out: “Count the visits”."
    )


def test_other_details_make_another_feature(batch: Batch) -> None:
    batch.repository.write("features.md", "# Ours\n- Greet the user\n  - by name\n")
    batch.call("start", "features.md")
    batch.work(1)
    batch.done(1)
    assert batch.plan_of("features.md").texts == []
    batch.repository.write("features.md", "# Ours\n- Greet the user\n  - by e-mail\n")
    assert batch.plan_of("features.md").texts == ["Greet the user"]


def test_what_failed_before_is_tried(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.fail(1)
    assert batch.plan("Greet the user").texts == ["Greet the user"]


def test_one_feature_in_words_is_done_whenever_it_is_asked_for(worked: Batch) -> None:
    assert worked.call("implement", "Greet", "the", "user").kind == "assigned"


def test_each_of_several_lists_may_be_written_in_while_the_batch_runs(batch: Batch) -> None:
    for name, text in (("plans/a.txt", "Greet the user\n"), ("plans/b.txt", "Count the visits\n")):
        batch.repository.write(name, text)
    batch.repository.commit()
    batch.repository.write("plans/a.txt", "Greet the user\nWave\n")
    assert batch.call("start", "plans/a.txt", "plans/b.txt").kind == "assigned"
    batch.repository.write("plans/b.txt", "Count the visits\nBow\n")
    batch.work(1)
    assert batch.call("done", "1").kind == "assigned"
    assert batch.repository.run("show", "--format=", "--name-only", "HEAD").split() == [
        "feature1.py",
        "tests/feature1.t",
    ]


def test_who_implements_a_feature_is_given_what_stands_below_it(batch: Batch) -> None:
    batch.repository.write("ours.md", "# Ours\n- Greet the user\n  - by name\n")
    batch.call("start", "ours.md")
    order = batch.call("next", "--work-order").text
    assert "What stands below it (ours.md:2)" in order
    assert "\n- by name\n" in order


def test_a_plan_can_be_made_beside_a_state_that_can_not_be_read(batch: Batch) -> None:
    batch.begin()
    for path in [*batch.root.glob(".claude/batch_state.json*"), *batch.root.glob(".claude/batches/*.jsonl")]:
        path.write_text("rubbish")
    assert batch.plan("Greet the user").texts == ["Greet the user"]
