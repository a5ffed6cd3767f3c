"""What is done about a failure: the batch's retry manager, set up from the project's settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.recovery.failures import BatchRetryManager
from batch_implement.system.settings.consent import RETRIES, Consent, consent
from batch_implement.system.settings.user_state import UserState

if TYPE_CHECKING:
    from batch_implement.engine.project import Project


def retry_manager(project: Project, batch_id: str) -> BatchRetryManager:
    """Until the first-run question is answered, what fails for a passing reason is tried again."""
    enabled = retry_consent(project) is not Consent.REFUSED
    return BatchRetryManager(project.home, batch_id, enabled=enabled)


def retry_consent(project: Project) -> Consent:
    return consent(RETRIES, project.config, UserState(Path.home()).read())
