"""Comments by which a line is kept from a linter, a type checker or the count of what is covered."""

from __future__ import annotations

import re
from collections import Counter

_WORDS = (
    r"noqa\b|type: ?ignore|pyright: ?ignore|mypy: ?(?:ignore|allow|disable)|pylint: ?(?:disable|skip)"
    r"|(?:ruff|flake8): ?noqa|pragma: ?no ?(?:cover|branch|mutate)|nosec\b|pyre-(?:ignore|fixme)|ty: ?ignore"
    r"|isort: ?skip|eslint-disable|@ts-(?:ignore|expect-error|nocheck)|biome-ignore|stylelint-disable"
    r"|(?:istanbul|c8|v8|node:coverage) ?(?:ignore|disable)|tslint:disable|oxlint-disable|nolint\b"
    r"|lint:(?:file-)?ignore|rubocop: ?(?:disable|todo)|:nocov:|phpcs: ?(?:ignore|disable)|@phpstan-ignore"
    r"|@psalm-suppress|NOLINT|NOSONAR|swiftlint:disable|LCOV_EXCL|credo:disable|coverage: ?ignore"
    r"|shellcheck disable"
)
_SUPPRESSION = re.compile(
    rf"[ \t]*(?:#|//|--) ?(?:.{{0,200}}[#/ ])?(?:{_WORDS}).*$"
    rf"|[ \t]*/\*+[ \t]*(?:{_WORDS})(?:[^*]|\*(?!/)){{0,2000}}\*/"
    r"|#!?\[(?:allow|expect)\([^\]]{1,300}\)\]|@SuppressWarnings\([^)\n]{1,300}\)",
    re.MULTILINE,
)


def new_suppressions(before: str, after: str) -> tuple[str, ...]:
    """The suppressions that a file has now and did not have, one for each time."""
    known = Counter(_plain(found[0]) for found in _SUPPRESSION.finditer(before))
    new = Counter(_plain(found[0]) for found in _SUPPRESSION.finditer(after)) - known
    return tuple(new.elements())


def without_new(before: str, after: str) -> str:
    """The file without the suppressions that it did not have before; its lines keep their numbers."""
    left = Counter(_plain(found[0]) for found in _SUPPRESSION.finditer(before))

    def stripped(found: re.Match[str]) -> str:
        plain = _plain(found[0])
        if left[plain] > 0:
            left[plain] -= 1
            return found[0]
        return "\n" * found[0].count("\n")

    return _SUPPRESSION.sub(stripped, after)


def _plain(text: str) -> str:
    return " ".join(text.split())
