"""A test by its name, and what is held against a feature because of it."""

from __future__ import annotations

from batch_implement.model.record import record


@record(frozen=True, kw_only=True)
class LostTest:
    """``became`` is a :class:`TestOutcome`'s value, ``""`` where it is gone."""

    name: str
    became: str = ""


@record(frozen=True, kw_only=True)
class OpenTest:
    """A test, or a file of the check, of which nobody said that the feature changes it.

    ``became`` is a :class:`TestOutcome`'s value, ``""`` where it did not run; ``lines`` are old and new ones.
    """

    name: str
    became: str = ""
    lines: tuple[str, ...] = ()
