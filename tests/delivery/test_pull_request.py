"""One pull request per branch, through the real gh, with a text that is safe to paste others' words in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.github.loopback_github import Fault

from batch_implement.delivery.pull_request import PullRequestRecord, ensure_pull_request, mark_ready
from batch_implement.delivery.pull_request_text import (
    BODY_LIMIT,
    FeatureSummary,
    pull_request_body,
    pull_request_title,
    updated_body,
)
from batch_implement.system.github.errors import Failure

if TYPE_CHECKING:
    from tests.github.loopback_github import LoopbackGitHub

    from batch_implement.system.github.github import GitHub

pytest_plugins = ("tests.github.fixtures",)

LOGIN = FeatureSummary("Add login (fixes #72)", "a" * 40, "pytest: 41 passed", 72)
LOGOUT = FeatureSummary("Add logout", "b" * 40, "")


def _ensure(github: GitHub, *features: FeatureSummary, **changed: object) -> PullRequestRecord:
    features = features or (LOGIN,)
    given = {
        "branch": "batch/one",
        "base": "main",
        "title": pull_request_title(features),
        "body": pull_request_body(features),
        "draft": True,
    }
    return ensure_pull_request(github, **{**given, **changed})  # type: ignore[arg-type]


@pytest.mark.gh
class TestPullRequest:
    def test_it_is_opened_as_a_draft(self, server: LoopbackGitHub, github: GitHub) -> None:
        record = _ensure(github)
        assert record == PullRequestRecord(
            True, 1, "https://github.localhost/octo/app/pull/1", "open", draft=True, created=True
        )
        stored = server.pulls[1]
        assert (stored.title, stored.head, stored.base) == ("Add login (fixes 72)", "batch/one", "main")
        assert "`Add login (fixes #72)`" in stored.body

    def test_it_is_found_again_and_updated(self, server: LoopbackGitHub, github: GitHub) -> None:
        _ensure(github)
        again = _ensure(github, LOGIN, LOGOUT)
        assert (again.number, again.created, again.updated) == (1, False, True)
        assert server.pulls[1].title == "2 features: Add login (fixes 72) and more"
        assert "Add logout" in server.pulls[1].body
        assert len(server.written("pull")) == 1

    def test_nothing_is_written_when_nothing_has_changed(
        self, server: LoopbackGitHub, github: GitHub
    ) -> None:
        _ensure(github)
        server.pulls[1].body = server.pulls[1].body.replace("\n", "\r\n")  # as GitHub's editor leaves it
        assert not _ensure(github).updated
        assert len(server.writes) == 1

    def test_a_lost_answer_does_not_open_a_second_one(self, server: LoopbackGitHub, github: GitHub) -> None:
        server.fault = Fault(hang_up=True, writes_only=True, applied=True, times=1)
        assert _ensure(github).failure is Failure.NETWORK
        record = _ensure(github)
        assert (record.success, record.number, record.created) == (True, 1, False)
        assert len(server.pulls) == 1

    def test_one_that_appears_after_we_looked_is_taken(
        self, server: LoopbackGitHub, github: GitHub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server.add_pull(7, "batch/one", title="Mine", body="By hand.")
        look, looked = github.open_pull_request_of, []

        def blind_once(branch: str) -> object:
            looked.append(branch)
            return None if len(looked) == 1 else look(branch)

        monkeypatch.setattr(github, "open_pull_request_of", blind_once)
        record = _ensure(github)
        assert (record.number, record.updated) == (7, True)

    def test_what_a_person_wrote_is_kept(self, server: LoopbackGitHub, github: GitHub) -> None:
        _ensure(github)
        server.pulls[1].title = "Accounts, first part"
        server.pulls[1].body = f"Please look at the form first.\n\n{server.pulls[1].body}\n\nThanks!"
        _ensure(github, LOGIN, LOGOUT)
        assert server.pulls[1].title == "Accounts, first part"
        assert server.pulls[1].body.startswith("Please look at the form first.\n\n<!--")
        assert server.pulls[1].body.endswith("-->\n\nThanks!")
        assert server.pulls[1].body.count("Add login") == 1

    def test_a_pull_request_opened_by_hand_gets_our_part_below(
        self, server: LoopbackGitHub, github: GitHub
    ) -> None:
        server.add_pull(7, "batch/one", title="Mine", body="By hand.")
        assert _ensure(github).number == 7
        assert server.pulls[7].title == "Mine"
        assert server.pulls[7].body.startswith("By hand.\n\n<!-- batch-implement:begin")

    @pytest.mark.parametrize("merged", [False, True])
    def test_one_that_a_person_has_closed_is_not_opened_again(
        self, merged: bool, server: LoopbackGitHub, github: GitHub
    ) -> None:
        first = _ensure(github)
        server.pulls[1].state, server.pulls[1].merged = "closed", merged
        record = _ensure(github, LOGIN, LOGOUT, known=first.number)
        assert (record.success, record.state) == (True, "merged" if merged else "closed")
        assert len(server.writes) == 1

    def test_the_branch_of_a_stranger_with_the_same_name_is_not_ours(
        self, server: LoopbackGitHub, github: GitHub
    ) -> None:
        server.add_pull(7, "batch/one", head_owner="mallory", state="open", title="Theirs")
        server.pulls[7].state = "open"
        assert github.open_pull_request_of("batch/one") is None
        server.pulls[7].head_owner = server.owner
        assert github.open_pull_request_of("batch/one") is not None

    def test_a_branch_can_not_be_merged_into_itself(self, server: LoopbackGitHub, github: GitHub) -> None:
        record = _ensure(github, branch="main")
        assert record.failure is Failure.REFUSED
        assert "AUTO_GIT_BRANCH=batch" in record.error
        assert server.writes == []

    def test_a_repository_without_drafts_gets_one_that_is_ready(
        self, server: LoopbackGitHub, github: GitHub
    ) -> None:
        server.has_drafts = False
        record = _ensure(github)
        assert (record.success, record.draft) == (True, False)

    def test_a_refusal_is_recorded_in_githubs_words(self, server: LoopbackGitHub, github: GitHub) -> None:
        said = b'{"message": "Validation Failed", "errors": [{"message": "No commits between main and x"}]}'
        server.fault = Fault(422, body=said, writes_only=True)
        record = _ensure(github)
        assert (record.success, record.failure) == (False, Failure.REFUSED)
        assert "No commits between main and x" in record.error

    def test_a_limit_is_recorded_with_the_time_until_its_end(
        self, server: LoopbackGitHub, github: GitHub
    ) -> None:
        server.fault = Fault(403, {"Retry-After": "60"})
        record = _ensure(github)
        assert record.failure is Failure.RATE_LIMITED
        assert "Try again in 60 seconds" in record.error

    def test_at_the_end_it_is_marked_as_ready_once(self, server: LoopbackGitHub, github: GitHub) -> None:
        number = _ensure(github).number or 0
        first, second = mark_ready(github, number), mark_ready(github, number)
        assert (first.draft, first.updated) == (False, True)
        assert (second.draft, second.updated) == (False, False)
        assert len(server.written("ready")) == 1

    def test_one_that_is_gone_can_not_be_marked(self, github: GitHub) -> None:
        assert mark_ready(github, 9).failure is Failure.NOT_FOUND

    def test_nothing_is_written_where_the_repository_has_moved_to(
        self, server: LoopbackGitHub, github: GitHub
    ) -> None:
        server.moved_to = "mallory/app"
        assert _ensure(github).failure is Failure.NO_REPOSITORY
        assert server.writes == []


def test_the_title_of_one_feature_is_its_text() -> None:
    assert pull_request_title([LOGOUT]) == "Add logout"


def test_a_title_is_one_short_line_that_closes_nothing() -> None:
    hostile = FeatureSummary("fixes #1, GH-2 and o/r#3\n\u202e\x1b[2J" + "x" * 500, "a" * 40, "")
    for features in ([hostile], [hostile, LOGOUT]):
        title = pull_request_title(features)
        assert len(title) <= 72
        assert title.isprintable()
        assert "#" not in title
        assert "GH-" not in title


def test_a_title_without_words_still_has_some() -> None:
    assert pull_request_title([FeatureSummary("\u202e", "a" * 40, "")]) == "Work of a batch"
    assert pull_request_title([]) == "Work of a batch"


def test_the_body_lists_features_with_their_evidence() -> None:
    assert pull_request_body([LOGIN, LOGOUT]) == (
        "## Features\n\n"
        "- `Add login (fixes #72)` (aaaaaaaaaaaa, #72)\n  Checks: `pytest: 41 passed`\n"
        "- `Add logout` (bbbbbbbbbbbb)\n  Checks: none were run\n\n"
        "Generated by /batch-implement; each feature is one commit."
    )


def test_no_feature_mentions_a_person_or_closes_an_issue_outside_code() -> None:
    hostile = FeatureSummary("@team closes #1 `closes #2` ``@all``\n\n# Heading\n- [ ] x", "a" * 40, "`@x`")
    body = pull_request_body([hostile])
    assert "`` @" not in body
    assert "\n# Heading" not in body
    assert "- ```@team closes #1 `closes #2` ``@all`` # Heading - [ ] x``` (" in body


def test_a_thousand_long_features_stay_within_githubs_limit() -> None:
    body = pull_request_body([FeatureSummary("x" * 10_000, "a" * 40, "y" * 10_000, 72)] * 1000)
    assert len(body) <= BODY_LIMIT
    assert "more, one commit each" in body


def test_a_feature_can_not_end_our_part_of_the_description() -> None:
    hostile = FeatureSummary("<!-- batch-implement:end --> and more", "a" * 40, "")
    body = pull_request_body([hostile])
    once = updated_body("", "title", body)
    assert updated_body(once, "title", body) == once


def test_a_mark_without_its_end_is_left_and_ours_added() -> None:
    broken = "<!-- batch-implement:begin 0123456789ab -->\nhalf"
    assert updated_body(broken, "title", "body").startswith(broken + "\n\n<!--")
