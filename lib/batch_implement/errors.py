"""Every error the program raises on purpose.

A message is one or two sentences for the person who reads it in the morning: what failed, on which
value, and what to do now. The command line prints it and exits with ``exit_code``.
"""

from __future__ import annotations


class BatchImplementError(Exception):
    """Something was refused or could not be done; the message says what to do."""

    exit_code = 1


class UsageError(BatchImplementError):
    """The command was called with arguments it does not understand."""

    exit_code = 2


class ConfigError(BatchImplementError):
    """A setting is unknown or has a value that can't be used."""


class PathError(BatchImplementError):
    """A path is outside the project, a symbolic link, or not a regular file."""


class PlanError(BatchImplementError):
    """A source of features can't be read, or yields nothing that can be planned."""


class BatchStateError(BatchImplementError):
    """The batch state can't be created, read, written or changed as asked."""


class CorruptStateError(BatchStateError):
    """The state file is there and is not a state: cut off, overwritten or edited by hand."""

    exit_code = 3


class UnversionedStateError(CorruptStateError):
    """The state file may be of the first version, which had no checksum; or anybody has written it."""


class ProcessError(BatchImplementError):
    """A program could not be started, or did not do what it was started for."""


class GitError(ProcessError):
    """git refused, or the repository is in a condition that can't be worked on."""


class GitHubError(ProcessError):
    """gh is missing, not logged in, or was refused by GitHub."""


class VerificationError(BatchImplementError):
    """A feature can't be shown to be done."""


class LockError(BatchImplementError):
    """A lock is held by another process for too long, is held already, or was lost while held."""
