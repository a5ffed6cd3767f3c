"""Which issues a command line asks for: ``72 73 74``, ``#72,73``, ``72-80``, ``--label NAME`` …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from batch_implement.errors import UsageError
from batch_implement.model.feature import MAX_FEATURES
from batch_implement.system.text.cleaning import one_line

_NUMBER = re.compile(r"#?([0-9]{1,10})")
_RANGE = re.compile(r"#?([0-9]{1,10})-#?([0-9]{1,10})")
_HOW = "Name issues like 72 73, #72,73 or 72-80."
_MAX_NAME = 255


@dataclass(frozen=True)
class IssueSelection:
    """The issues asked for: by number in the order given, or by labels (all of them) and milestone.

    ``notices`` are sentences for the user, one for each number that was named twice.
    """

    numbers: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    milestone: str = ""
    include_closed: bool = False
    notices: tuple[str, ...] = ()


def parse_issue_selection(arguments: Sequence[str]) -> IssueSelection:
    """Read the words after ``--issues``; an option may stand before, between or after the numbers.

    Raises :class:`UsageError`, with a sentence of its own for each thing that can be wrong.
    """
    words: list[str] = []
    labels: list[str] = []
    milestones: list[str] = []
    include_closed = False
    rest = iter(arguments)
    for argument in rest:
        option, equals, value = argument.partition("=")
        if argument == "--include-closed":
            include_closed = True
        elif option in {"--label", "--milestone"}:
            chosen = labels if option == "--label" else milestones
            chosen.append(_name(option, value if equals else next(rest, "")))
        elif argument.startswith("--"):
            raise UsageError(
                f"{_shown(argument)} is not an option here. There are --label NAME, --milestone NAME and "
                "--include-closed."
            )
        else:
            words.append(argument)
    numbers, notices = _without_duplicates(_numbers(words))
    _refuse_contradictions(numbers, labels, milestones)
    return IssueSelection(numbers, tuple(dict.fromkeys(labels)), "".join(milestones), include_closed, notices)


def _refuse_contradictions(numbers: Sequence[int], labels: Sequence[str], milestones: Sequence[str]) -> None:
    if numbers and (labels or milestones):
        raise UsageError(
            "Issues are picked by number, or by --label and --milestone, not by both. Leave one out."
        )
    if not (numbers or labels or milestones):
        raise UsageError(f"No issue is named. {_HOW} Or pick them with --label NAME or --milestone NAME.")
    if len(milestones) > 1:
        raise UsageError(
            "An issue has one milestone only, and --milestone stands there twice. Leave one out."
        )


def _numbers(words: Iterable[str]) -> Iterator[int]:
    count = 0
    for word in words:
        for part in re.split(r"[,\s]", word):
            for number in _part(part):
                count += 1
                if count > MAX_FEATURES:
                    raise UsageError(
                        f"More than {MAX_FEATURES:,} issues are named. A batch takes no more; name fewer."
                    )
                yield number


def _part(part: str) -> Iterable[int]:
    if not part:
        return ()
    if single := _NUMBER.fullmatch(part):
        return (_positive(single[1]),)
    if ends := _RANGE.fullmatch(part):
        first, last = _positive(ends[1]), _positive(ends[2])
        if last < first:
            raise UsageError(f"The range {part} ends before it begins. Write {last}-{first}.")
        return range(first, last + 1)
    raise UsageError(f"{_shown(part)} is not an issue number. {_HOW}")


def _positive(digits: str) -> int:
    number = int(digits)
    if not 0 < number < 2**31:
        raise UsageError(f"{digits} can't be an issue number: they begin at 1 and end at {2**31 - 1}. {_HOW}")
    return number


def _without_duplicates(numbers: Iterable[int]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    seen: dict[int, int] = {}
    for number in numbers:
        seen[number] = seen.get(number, 0) + 1
    again = (number for number, count in seen.items() if count > 1)
    return tuple(seen), tuple(
        f"Issue #{number} is named more than once; it is done once." for number in again
    )


def _name(option: str, value: str) -> str:
    if not value.strip() or value.startswith("--"):
        raise UsageError(f"{option} needs a name: {option} NAME, or {option}=NAME.")
    if len(value) > _MAX_NAME:
        raise UsageError(
            f"The name after {option} has {len(value):,} characters; GitHub's end at {_MAX_NAME}."
        )
    return value.strip()


def _shown(argument: str) -> str:
    return f"“{one_line(argument, 60)}”"
