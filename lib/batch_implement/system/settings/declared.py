"""Every setting there is: its name, what it may be, and what it means when it is not set."""

from __future__ import annotations

from dataclasses import dataclass

from batch_implement.errors import ConfigError

_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


@dataclass(frozen=True)
class Setting:
    """One row of the table in the README and in ``doctor``.

    ``kind`` is ``bool``, ``text``, ``seconds`` or ``choice``; ``default`` is the value as a person would
    write it. Numbers are whole and within ``bounds``.
    """

    name: str
    kind: str
    default: str
    meaning: str
    choices: tuple[str, ...] = ()
    bounds: tuple[int, int] = (0, 0)

    def parse(self, text: str, where: str) -> str | bool | int:
        """The value; :class:`ConfigError` names the setting, the value, its place and what it may be."""
        if self.kind == "bool":
            return self._parse_bool(text, where)
        if self.kind == "seconds":
            return self._parse_number(text, where)
        if self.kind == "choice" and text not in self.choices:
            raise self._error(text, where, " or ".join(self.choices))
        if "\0" in text or "\n" in text:
            raise self._error(text, where, "one line of text")
        return text

    def _parse_bool(self, text: str, where: str) -> bool:
        lowered = text.strip().lower()
        if lowered in _TRUE | _FALSE:
            return lowered in _TRUE
        raise self._error(text, where, "true or false")

    def _parse_number(self, text: str, where: str) -> int:
        low, high = self.bounds
        stripped = text.strip()
        # The length first: turning a text of a million digits into a number takes minutes.
        if len(stripped) <= 9 and stripped.isascii() and stripped.isdigit() and low <= int(stripped) <= high:
            return int(stripped)
        raise self._error(text, where, f"a whole number of seconds from {low} to {high}")

    def _error(self, text: str, where: str, wanted: str) -> ConfigError:
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        return ConfigError(f"{self.name} in {where} is {shown!r}; it has to be {wanted}.")


SETTINGS = (
    Setting(
        "AUTO_GIT_ENABLED",
        "bool",
        "true",
        "Commit each finished feature (and push, open pull requests, close issues, where those are on).",
    ),
    Setting("AUTO_GIT_PUSH", "bool", "true", "Push each commit, where the repository has a remote."),
    Setting(
        "AUTO_GIT_PR",
        "bool",
        "true",
        "Keep a pull request for the branch, where the remote is on GitHub. From the default branch the "
        "batch then moves to a branch of its own.",
    ),
    Setting(
        "AUTO_GIT_BRANCH",
        "choice",
        "current",
        "Where commits go: the current branch, one new branch for the batch, or one per feature.",
        choices=("current", "batch", "feature"),
    ),
    Setting(
        "BATCH_VERIFY_COMMAND",
        "text",
        "",
        "The command that proves a feature. Empty: found from the project (pytest, npm test, make test, …).",
    ),
    Setting(
        "BATCH_VERIFY_TIMEOUT",
        "seconds",
        "3600",
        "A check that runs longer than this is ended and counts as failed.",
        bounds=(1, 86400),
    ),
    Setting(
        "BATCH_PROOF",
        "choice",
        "run",
        "run: where a feature touched tests or configuration, the old tests are run on the new code and the "
        "new ones on the old code; count: the check is run once, and only what it says is compared.",
        choices=("run", "count"),
    ),
    Setting(
        "BATCH_CHANGED_TESTS",
        "choice",
        "report",
        "A test whose expectation the feature changes, where the worker names it with a reason: report it "
        "above all, hold the feature for a person, or refuse it.",
        choices=("report", "hold", "refuse"),
    ),
    Setting(
        "BATCH_REQUIRE_TEST",
        "bool",
        "false",
        "Refuse a feature that no test shows. Documentation, configuration and refactoring need none.",
    ),
    Setting(
        "BATCH_REVIEW",
        "choice",
        "flagged",
        "When another agent reads a feature's change before it counts as done: where the runs found "
        "something to look at, for all, or never (off). What it finds goes back twice at most.",
        choices=("flagged", "all", "off"),
    ),
    Setting(
        "BATCH_RETRY_ENABLED",
        "bool",
        "true",
        "Try a feature again after a failure that may pass. Not set: your answer to batch-implement consent "
        "retry counts; until you give one, each batch says at its beginning that features are tried again.",
    ),
    Setting(
        "BATCH_NOTIFY_COMMAND",
        "text",
        "",
        "Run when a batch ends, pauses or waits, with the event as JSON on its standard input.",
    ),
    Setting(
        "BATCH_AUTO_RESUME",
        "bool",
        "false",
        "A headless session goes on with a batch whose own session is gone: for a script that starts Claude "
        "Code again.",
    ),
    Setting(
        "BATCH_ORDER",
        "choice",
        "dependencies",
        "dependencies: what a feature needs comes before it; given: exactly the order of the list.",
        choices=("dependencies", "given"),
    ),
    Setting(
        "BATCH_WORKFLOW",
        "choice",
        "auto-implement",
        "auto-implement: each feature in a subagent with a fresh context; direct: in the main conversation.",
        choices=("auto-implement", "direct"),
    ),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}
