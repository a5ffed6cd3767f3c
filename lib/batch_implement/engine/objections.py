"""What is looked at before a feature is believed, beyond its check: the paths it changed, and the checks'
own strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.guard import held_paths
from batch_implement.errors import VerificationError
from batch_implement.proof.weakened_tests import find_weakening
from batch_implement.system.text.shortening import shorten
from batch_implement.workspace.repository_settings import changed_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.engine.project import Project
    from batch_implement.state.document import Document
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import ChangeSet
    from batch_implement.workspace.file_versions import FileVersion

_SHOWN = 12
_LINE = 200
_OUTSIDE = "--allow is for the user, in a terminal outside of Claude Code."


def let_through(
    project: Project,
    number: int,
    changes: ChangeSet,
    versions: Sequence[FileVersion],
    baseline: Baseline,
    allowed: Sequence[str],
) -> list[str]:
    """One line for each objection that the user has waived with ``--allow``.

    Raises :class:`VerificationError` for the others: changed settings of the repository, and secrets, big
    files or repositories among what would be committed.
    """
    settings = waived_settings(project, number, baseline, allowed)
    held = held_paths(project.git, changes, versions, allowed=allowed)
    if held:
        lines = [f"{path.path} {path.reason}. {path.how_to_allow}" for path in held]
        raise VerificationError(
            f"Feature {number} can't be committed as it is:\n{_listed(lines)}\n{_OUTSIDE}"
        )
    waived = held_paths(project.git, changes, versions) if allowed else ()
    return [*settings, *(f"{path.path} {path.reason}" for path in waived)]


def waived_settings(project: Project, number: int, baseline: Baseline, allowed: Sequence[str]) -> list[str]:
    """One line for each changed setting of the repository that the user allows; raises for the others."""
    settings = changed_settings(project.git, baseline.settings)
    if lines := [change.sentence for change in settings if change.name not in allowed]:
        names = " ".join(f"--allow '{change.name}'" for change in settings if change.name not in allowed)
        raise VerificationError(
            f"Feature {number} changed the repository's own settings, which nobody asked for:\n"
            f"{_listed(lines)}\nPut them back, then run done again. If that is meant, the user allows it: "
            f"{names}. {_OUTSIDE}"
        )
    return [change.sentence for change in settings]


def weaker_checks(fields: Document, versions: Sequence[FileVersion]) -> list[str]:
    """One line for each test or setting by which the checks say less than before."""
    check = fields.get("check")
    found = find_weakening(versions, check["command"] if check else "")
    return [f"{weakening.path}:{weakening.line}: {weakening.what}" for weakening in found]


def refuse_weaker(number: int, lines: Sequence[str]) -> None:
    raise VerificationError(
        f"Feature {number} is not done: its checks would say less than before.\n{_listed(lines)}\nPut that "
        "back, then run done again. If it is meant, the user allows it in a terminal outside of Claude Code: "
        f"batch-implement done {number} --accept-weaker 'why'"
    )


def _listed(lines: Sequence[str]) -> str:
    shown = [f"- {shorten(line, _LINE)}" for line in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        shown.append(f"- and {len(lines) - _SHOWN} more")
    return "\n".join(shown)
