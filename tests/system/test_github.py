"""The real gh against a GitHub on loopback: every way it fails has its own kind and sentence."""

from __future__ import annotations

import os
import re
import resource
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.github.loopback_github import Fault

from batch_implement.system.github.errors import Failure, GitHubCallError
from batch_implement.system.github.github import GitHub

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.github.loopback_github import LoopbackGitHub

pytest_plugins = ("tests.github.fixtures",)
pytestmark = pytest.mark.gh

DATE = "Thu, 01 Jan 2026 00:00:00 GMT"
MIDNIGHT = 1767225600


def _failure(github: GitHub) -> GitHubCallError:
    with pytest.raises(GitHubCallError) as caught:
        github.issues([72])
    return caught.value


def test_issues_and_pull_requests_are_told_apart(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(72, "Add login", "With a form.")
    server.add_pull(73, "login")
    found = github.issues([72, 73, 74])
    assert sorted(found) == [72, 73]
    assert (found[72].title, found[72].body) == ("Add login", "With a form.")
    assert [issue.is_pull_request for issue in found.values()] == [False, True]


def test_a_hundred_issues_take_four_calls(server: LoopbackGitHub, github: GitHub) -> None:
    for number in range(1, 101):
        server.add_issue(number, f"Feature {number}")
    assert list(github.issues(range(1, 101))) == list(range(1, 101))
    assert len(server.requests) == 4


def test_gh_is_not_installed(project: Path, gh_environment: dict[str, str], path_without_gh: str) -> None:
    error = _failure(GitHub(project, {**gh_environment, "PATH": path_without_gh}))
    assert error.failure is Failure.MISSING
    assert "https://cli.github.com" in str(error)


def test_a_gh_that_lies_in_the_project_is_not_run(
    project: Path, gh_environment: dict[str, str], path_without_gh: str
) -> None:
    false_gh = project / "gh"
    false_gh.write_text("#!/bin/sh\ntouch ran\n")
    false_gh.chmod(0o755)
    error = _failure(GitHub(project, {**gh_environment, "PATH": f".::{path_without_gh}"}))
    assert error.failure is Failure.MISSING
    assert not (project / "ran").exists()


def test_nobody_is_logged_in(tmp_path: Path, project: Path, server: LoopbackGitHub) -> None:
    nobody = {"GH_TOKEN": "", "GITHUB_TOKEN": "", "GH_ENTERPRISE_TOKEN": "", "GITHUB_ENTERPRISE_TOKEN": ""}
    environment = {**server.environment(tmp_path / "config"), **nobody, "GH_HOST": ""}
    error = _failure(GitHub(project, environment))
    assert error.failure is Failure.LOGGED_OUT
    assert "gh auth login" in str(error)
    assert server.requests == []


def test_the_login_has_expired(server: LoopbackGitHub, github: GitHub) -> None:
    server.fault = Fault(401, body=b'{"message": "Bad credentials"}')
    error = _failure(github)
    assert error.failure is Failure.LOGGED_OUT
    assert "Bad credentials" in str(error)
    assert "gh auth login" in str(error)


def test_the_project_has_no_remote(tmp_path: Path, gh_environment: dict[str, str]) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    error = _failure(GitHub(tmp_path, gh_environment))
    assert error.failure is Failure.NO_REPOSITORY
    assert "git remote add origin" in str(error)


def test_the_folder_is_no_git_repository(tmp_path: Path, gh_environment: dict[str, str]) -> None:
    error = _failure(GitHub(tmp_path, gh_environment))
    assert error.failure is Failure.NO_REPOSITORY
    assert "not a git repository" in str(error)


def test_the_repository_of_a_partial_clone_is_found(
    server: LoopbackGitHub, github: GitHub, project: Path
) -> None:
    for setting in ("promisor=true", "partialclonefilter=blob:none"):
        name, _, value = setting.partition("=")
        subprocess.run(["git", "config", f"remote.origin.{name}", value], cwd=project, check=True)
    server.add_issue(72, "Add login")
    assert 72 in github.issues([72])


def test_the_repository_chosen_with_set_default_is_taken(
    server: LoopbackGitHub, github: GitHub, project: Path
) -> None:
    fork = "https://github.localhost/robot/app"
    subprocess.run(["git", "remote", "add", "upstream", fork], cwd=project, check=True)
    subprocess.run(["git", "config", "remote.origin.gh-resolved", "base"], cwd=project, check=True)
    server.add_issue(72, "Add login")
    assert 72 in github.issues([72])


def test_the_repository_does_not_exist(server: LoopbackGitHub, github: GitHub) -> None:
    server.name = "another"
    error = _failure(github)
    assert error.failure is Failure.NO_REPOSITORY
    assert "git remote -v" in str(error)


def test_a_repository_that_has_moved_is_not_followed(server: LoopbackGitHub, github: GitHub) -> None:
    server.add_issue(72, "Add login")
    server.moved_to = "mallory/app"
    error = _failure(github)
    assert error.failure is Failure.NO_REPOSITORY
    assert "mallory/app" in str(error)


@pytest.mark.parametrize(
    "write",
    [
        lambda github: github.comment(72, "Done."),
        lambda github: github.close_issue(72),
        lambda github: github.create_pull_request(branch="b", base="main", title="t", body="", draft=False),
        lambda github: github.edit_pull_request(5, title="t", body=""),
    ],
    ids=["comment", "close", "pull request", "edit"],
)
def test_nothing_is_written_where_a_repository_has_moved_to(
    write: Callable[[GitHub], object], server: LoopbackGitHub, github: GitHub
) -> None:
    server.add_issue(72, "Add login")
    server.moved_to = "mallory/app"
    with pytest.raises(GitHubCallError, match="mallory/app"):
        write(github)
    assert server.writes == []


def test_an_issue_transferred_to_another_repository_is_not_ours(
    server: LoopbackGitHub, github: GitHub
) -> None:
    server.add_issue(72, "Add login", transferred_to="mallory/app")
    assert github.issues([72]) == {}
    assert github.issue_thread(72, "marker") is None


def test_a_repository_in_the_environment_diverts_nothing(
    server: LoopbackGitHub, project: Path, gh_environment: dict[str, str]
) -> None:
    server.add_issue(72, "Add login")
    diverted = GitHub(project, {**gh_environment, "GH_REPO": "mallory/app"})
    assert diverted.issues([72])[72].title == "Add login"


@pytest.mark.parametrize("variable", ["GH_DEBUG", "DEBUG", "CLICOLOR_FORCE", "GH_FORCE_TTY"])
def test_a_users_gh_settings_do_not_change_what_is_read(
    variable: str, server: LoopbackGitHub, project: Path, gh_environment: dict[str, str]
) -> None:
    server.add_issue(72, "Add login")
    assert GitHub(project, {**gh_environment, variable: "1"}).issues([72])[72].title == "Add login"


def test_there_is_no_network(project: Path, gh_environment: dict[str, str]) -> None:
    nowhere = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    error = _failure(GitHub(project, {**gh_environment, **nowhere}))
    assert error.failure is Failure.NETWORK
    assert "Check the network" in str(error)


def test_the_connection_is_cut(server: LoopbackGitHub, github: GitHub) -> None:
    server.fault = Fault(hang_up=True)
    assert _failure(github).failure is Failure.NETWORK


def test_the_hourly_limit_is_used_up(server: LoopbackGitHub, github: GitHub) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(MIDNIGHT + 1800), "Date": DATE}
    server.fault = Fault(403, headers, b'{"message": "API rate limit exceeded for user ID 1."}')
    error = _failure(github)
    assert error.failure is Failure.RATE_LIMITED
    seconds = re.search(r"Try again in (\d+) seconds", str(error))
    assert seconds is not None
    assert int(seconds[1]) == pytest.approx(1800, abs=600)


@pytest.mark.parametrize("status", [403, 429])
def test_a_secondary_limit_says_how_long_to_wait(status: int, server: LoopbackGitHub, github: GitHub) -> None:
    message = b'{"message": "You have exceeded a secondary rate limit. Please wait."}'
    server.fault = Fault(status, {"Retry-After": "60"}, message)
    error = _failure(github)
    assert error.failure is Failure.RATE_LIMITED
    assert "secondary" in str(error)
    assert "in 60 seconds" in str(error)


def test_a_limit_without_a_time_says_where_it_is_found(server: LoopbackGitHub, github: GitHub) -> None:
    server.fault = Fault(403, body=b'{"message": "You have exceeded a secondary rate limit"}')
    error = _failure(github)
    assert error.failure is Failure.RATE_LIMITED
    assert "gh api rate_limit" in str(error)


def test_a_limit_inside_a_successful_answer_is_a_limit(server: LoopbackGitHub, github: GitHub) -> None:
    server.fault = Fault(body=b'{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}')
    assert _failure(github).failure is Failure.RATE_LIMITED


def test_access_is_refused(server: LoopbackGitHub, github: GitHub) -> None:
    server.fault = Fault(403, body=b'{"message": "Resource not accessible by personal access token"}')
    error = _failure(github)
    assert error.failure is Failure.FORBIDDEN
    assert "Resource not accessible" in str(error)


def test_a_thing_that_is_not_there(github: GitHub) -> None:
    with pytest.raises(GitHubCallError, match="pull request #5") as caught:
        github.pull_request(5)
    assert caught.value.failure is Failure.NOT_FOUND


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_github_itself_fails(status: int, server: LoopbackGitHub, github: GitHub) -> None:
    server.fault = Fault(status, body=b"<html>Unicorn!</html>", kind="text/html")
    error = _failure(github)
    assert error.failure is Failure.SERVER
    assert f"HTTP {status}" in str(error)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(body=b"<html><body>Sign in to the hotel</body></html>", kind="text/html"), "text/html"),
        (Fault(body=b'{"data": {"repository": {"nameWi'), "breaks off"),
        (Fault(body=b""), "breaks off"),
        (Fault(body=b"", kind="text/plain"), "empty page"),
        (Fault(body=b"[]"), "breaks off"),
        (Fault(body=b'{"data": 7}'), "no data"),
        (Fault(body=b'{"data": {}}'), "no repository"),
        (Fault(body=b'{"data": {"repository": []}}'), "no repository"),
        (Fault(body=b"[" * 100_000), "damaged"),
        (Fault(body=b'{"data": ' + b"9" * 5000 + b"}"), "damaged"),
        (Fault(body=b"\xff\xfe{}"), "damaged"),
        (Fault(body=b"\x00" * 1000), "damaged"),
    ],
    ids=lambda value: value[:10] if isinstance(value, str) else repr(value.body[:12]),
)
def test_what_answers_is_not_github(fault: Fault, said: str, server: LoopbackGitHub, github: GitHub) -> None:
    server.fault = fault
    error = _failure(github)
    assert error.failure is Failure.INVALID_ANSWER
    assert said in str(error)


@pytest.mark.parametrize(
    "inside",
    [
        '{"number": "72"}',
        '{"number": 72}',
        '{"number": 72, "repository": "octo/app"}',
        '{"number": 73, "repository": {"nameWithOwner": "octo/app"}}',
        "[1, 2]",
        "null",
        '"x"',
    ],
)
def test_an_issue_of_the_wrong_shape_is_none(inside: str, server: LoopbackGitHub, github: GitHub) -> None:
    answer = f'{{"data": {{"repository": {{"nameWithOwner": "octo/app", "n72": {inside}}}}}}}'
    server.fault = Fault(body=answer.encode())
    assert github.issues([72]) == {}


def test_an_answer_of_100_megabytes_is_refused_in_bounded_memory(
    server: LoopbackGitHub, github: GitHub
) -> None:
    server.fault = Fault(huge=100_000_000, kind="text/html")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    error = _failure(github)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert error.failure is Failure.INVALID_ANSWER
    assert "larger than we take" in str(error)
    assert grown < 150_000  # kilobytes


def test_an_answer_that_drips_is_given_up(
    server: LoopbackGitHub, project: Path, gh_environment: dict[str, str]
) -> None:
    server.fault = Fault(body=b'{"data": {}}' * 100, drip=0.5)
    error = _failure(GitHub(project, gh_environment, timeout=2))
    assert error.failure is Failure.TIMED_OUT
    assert "Try again later" in str(error)


def test_listing_ends_when_github_always_promises_one_more_page(
    server: LoopbackGitHub, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batch_implement.system.github.github.LISTING_PAGES", 3)
    page = b'{"issues": {"nodes": [], "pageInfo": {"hasNextPage": true, "endCursor": "x"}}}'
    repository = page.replace(b"{", b'{"nameWithOwner": "octo/app", ', 1)
    server.fault = Fault(body=b'{"data": {"repository": ' + repository + b"}}")
    assert github.issues_with(limit=10) == ()


def test_terminal_sequences_in_githubs_words_do_not_reach_the_terminal(
    server: LoopbackGitHub, github: GitHub
) -> None:
    said = b'{"message": "\\u202ego\\u0007 away\\n\\nnow\\u009b2J\\u001b[2J"}'
    server.fault = Fault(422, body=said)
    message = str(_failure(github))
    assert message.isprintable()
    assert "away now" in message


# Each would do harm in a shell, as an option, in a query, or as one of gh's own placeholders.
INJECTIONS = [
    "$(touch canary)",
    "`touch canary`",
    "; touch canary",
    "| touch canary",
    "&& touch canary",
    "x\ntouch canary\n",
    "' ; touch canary ; '",
    '" ; touch canary ; "',
    "--hostname=evil.example",
    "-Fx=@/etc/passwd",
    "--input=/etc/passwd",
    "--upload-pack=touch canary",
    "-c core.pager=touch canary",
    "--output=canary",
    "-q .",
    "@/etc/passwd",
    "@-",
    ":owner",
    "{owner}/{repo}",
    ":branch",
    "{branch}",
    "../../../user",
    "/etc/passwd",
    "a&state=closed",
    "a?b#c",
    "%2e%2e%2f",
    '"}) { viewer { login } } #',
    "\\u0022",
    "${IFS}touch${IFS}canary",
    "$GH_TOKEN",
    "\x1b[31mred\x1b[0m",
    "\u202eright to left",
    "null",
    "true",
    "1e999",
    "-",
    "--",
    "",
    " ",
    "ünïcödé ☃ 🎉",
    "\\",
    "%s%n{0}",
    "<!-- -->",
]

# gh itself writes control characters that it reads from GitHub in another way.
SHOWN_BY_GH = {"\x1b[31mred\x1b[0m": "^[[31mred^[[0m", "\\u0022": '\\"'}


@pytest.mark.slow
@pytest.mark.parametrize("text", INJECTIONS)
def test_a_text_arrives_byte_for_byte_and_does_nothing_else(
    text: str, server: LoopbackGitHub, github: GitHub, project: Path
) -> None:
    server.add_issue(72, text, text, labels=(text,), milestone=text)
    found, shown = github.issues([72])[72], SHOWN_BY_GH.get(text, text)
    assert (found.title, found.body) == (shown, shown)
    assert github.has_label(text)
    assert [issue.number for issue in github.issues_with(labels=[text], limit=5) or ()] == [72]
    if text.strip() and shown == text:
        assert [issue.number for issue in github.issues_with(milestone=text, limit=5) or ()] == [72]
    github.comment(72, text)
    branch = re.sub(r"[:\\\x1b]", "-", text)  # no git branch has one of these
    pull = github.create_pull_request(branch=branch, base="main", title=text, body=text, draft=True)
    assert github.edit_pull_request(pull.number, title=text + "!", body=text).title == shown + "!"
    assert github.open_pull_request_of(branch) is not None
    assert server.issues[72].comments == [("robot", text)]
    stored = server.pulls[pull.number]
    assert (stored.title, stored.body, stored.head) == (text + "!", text, branch)
    assert [path.name for path in project.iterdir()] == [".git"]


@pytest.mark.slow
def test_two_hundred_hostile_texts_are_only_texts(
    server: LoopbackGitHub, github: GitHub, project: Path
) -> None:
    texts = [before + text for before in ("", "-", "--jq=", "x ", "x\n") for text in INJECTIONS]
    assert len(texts) >= 200
    for number, text in enumerate(texts, 1):
        server.add_issue(number, text, text)
    found = github.issues(range(1, len(texts) + 1))
    same = [text for number, text in enumerate(texts, 1) if found[number].body == text]
    assert len(same) == len(texts) - 5 * len(SHOWN_BY_GH)
    for number, text in enumerate(texts, 1):
        github.comment(number, text)
    assert [issue.comments for issue in server.issues.values()] == [[("robot", text)] for text in texts]
    assert [path.name for path in project.iterdir()] == [".git"]


def test_a_commented_issue_is_recognised_by_our_own_comment_only(
    server: LoopbackGitHub, github: GitHub
) -> None:
    issue = server.add_issue(72, "Add login")
    issue.comments = [("mallory", "marker-1")]
    assert github.issue_thread(72, "marker-1").has_comment is False
    issue.comments += [("robot", "text marker-1 text"), *[("ann", "Thanks!")] * 250]
    assert github.issue_thread(72, "marker-1").has_comment is True


def test_a_repository_without_drafts_gets_a_ready_pull_request(
    server: LoopbackGitHub, github: GitHub
) -> None:
    server.has_drafts = False
    pull = github.create_pull_request(branch="b", base="main", title="t", body="", draft=True)
    assert not pull.draft


def test_an_enterprise_token_is_not_given_to_a_host_it_is_not_for(
    project: Path, gh_environment: dict[str, str], tmp_path: Path
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    tool = tools / "gh"
    tool.write_text(f'#!/bin/sh\necho "$GH_ENTERPRISE_TOKEN" >> {tmp_path}/tokens\nexit 1\n')
    tool.chmod(0o755)
    address = "https://git.example.com/octo/app"
    subprocess.run(["git", "remote", "set-url", "origin", address], cwd=project, check=True)
    path = f"{tools}:{os.environ['PATH']}"
    for host in ["", "git.example.com"]:
        _failure(GitHub(project, {**gh_environment, "PATH": path, "GH_HOST": host}))
    assert (tmp_path / "tokens").read_text() == "\nx\n"


@pytest.mark.parametrize("alias", ["work", "git", "github.localhost-work"])
def test_a_host_that_only_ssh_knows_by_its_name_is_looked_up(
    alias: str, project: Path, gh_environment: dict[str, str], tmp_path: Path, server: LoopbackGitHub
) -> None:
    server.add_issue(72, "Add login")
    tools = tmp_path / "tools"
    tools.mkdir()
    ssh = tools / "ssh"
    ssh.write_text(f'#!/bin/sh\n[ "$*" = "-G -- {alias}" ] && echo "hostname github.localhost"\n')
    ssh.chmod(0o755)
    address = f"git@{alias}:octo/app.git"
    subprocess.run(["git", "remote", "set-url", "origin", address], cwd=project, check=True)
    environment = {**gh_environment, "PATH": f"{tools}:{os.environ['PATH']}"}
    assert GitHub(project, environment).issues([72])[72].title == "Add login"
