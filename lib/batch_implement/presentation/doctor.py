"""What ``doctor`` says: a line for each thing, and what is in force, with where that stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery import git_settings
from batch_implement.presentation.standing import word_of
from batch_implement.system.settings.consent import ANSWERED, RETRIES, Consent
from batch_implement.system.settings.declared import SETTINGS
from batch_implement.system.settings.user_state import FILE_NAME, FOLDER_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_implement.engine.diagnosis import Diagnosis, Tool
    from batch_implement.system.settings.config import Config
    from batch_implement.system.settings.consent import InForce

_TOOLS = {
    "git": ("needed for everything", "apt install git, or brew install git"),
    "gh": ("needed for --issues, pull requests and closing issues", "https://cli.github.com"),
    "claude": ("Claude Code itself", "npm install -g @anthropic-ai/claude-code"),
    "uv": ("optional: installs the plugin's packages faster", "pip install uv"),
}
_ORIGINS = {
    ANSWERED: f"your answer, kept in ~/{FOLDER_NAME}/{FILE_NAME}",
    "default": "the default; you have not answered yet",
}
# README and docs/compared.md say it in the same words.
WHICH = (
    "A list of features, in order, each proven and committed: /batch-implement.",
    "One large change in independent units, a pull request each: Claude Code's own /batch.",
    "One condition, worked towards in the session that is open: /goal.",
    "One prompt, again at intervals or after events: /loop.",
)
WELL = "Ready: nothing is in the way of a batch here."
NOT_WELL = "Not ready: see the lines that begin with problem or missing."


def doctor_text(found: Diagnosis) -> str:
    """For a person; the last line is the answer."""
    lines = [f"ok       Python {found.python}", *map(_tool, found.tools)]
    lines += [f"problem  {problem}" for problem in found.problems]
    lines += [*_project(found)] if found.config is not None or found.condition is not None else []
    lines += [f"noted    a hook has failed: {line}" for line in found.hook_errors]
    lines += ["", *_in_force(found)] if found.config is not None else []
    lines += ["", "What for what:", *(f"  {line}" for line in WHICH)]
    return "\n".join([*lines, "", WELL if found.is_well else NOT_WELL])


def _tool(tool: Tool) -> str:
    purpose, source = _TOOLS[tool.name]
    if not tool.said:
        return f"{'missing ' if tool.is_in_the_way else 'without '} {tool.name} ({purpose}): {source}"
    if tool.needs:
        return (
            f"problem  {tool.name}: {tool.said} is too old; batch-implement needs {tool.needs} or newer. "
            "Run: claude update"
        )
    if not tool.works:
        return f"problem  {tool.name} --version failed: {tool.said}"
    return f"ok       {tool.name}: {tool.said}"


def _project(found: Diagnosis) -> Iterator[str]:
    yield from (f"problem  {reason}" for reason in found.obstacles)
    if found.condition is not None and not found.obstacles:
        remotes = ", ".join(found.condition.remotes) or "none"
        yield f"ok       repository: branch {found.condition.branch}, remotes {remotes}"
    if found.check is not None:
        yield f"ok       check: {found.check} ({found.check.source})"
    elif found.config is not None:
        yield "missing  a check command: set BATCH_VERIFY_COMMAND in .env, or nothing can be proven"
    if found.batch is not None:
        yield f"ok       batch {found.batch[0]}: {word_of(found.batch[1])}"
    elif not found.problems:
        yield "ok       no batch is at work"


def _in_force(found: Diagnosis) -> Iterator[str]:
    yield "In force:"
    if found.git is not None and found.condition is not None:
        base = found.condition.default_branch or found.condition.branch
        yield f"  Git: {git_settings.describe(found.git, found.condition.branch, base)}."
    if found.consents and RETRIES in found.consents:
        retries = found.consents[RETRIES]
        on = "not tried again" if retries.consent is Consent.REFUSED else "tried again"
        yield f"  Retries: a feature that fails for a passing reason is {on} ({_origin(retries)})."
    yield ""
    yield "Settings (the environment comes before .env in the project):"
    if found.config is not None:
        for setting in SETTINGS:
            yield _setting(found, found.config, setting.name)
            yield f"      {setting.meaning} Default: {setting.default or 'empty'}."


def _setting(found: Diagnosis, config: Config, name: str) -> str:
    """A kept answer is in force where nobody has set anything."""
    value, origin = config.values[name], config.origins[name]
    answer = (found.consents or {}).get(name)
    if answer is not None and answer.origin == ANSWERED:
        value, origin = answer.consent is Consent.GRANTED, _origin(answer)
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return f"  {name}={shown or '(empty)'} [{origin}]"


def _origin(answer: InForce) -> str:
    return _ORIGINS.get(answer.origin, answer.origin)
