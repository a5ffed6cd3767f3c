"""What may begin now follows from the batch alone, and from how much may be worked at the same time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.model.attempt import Attempt
from batch_implement.model.batch import Batch, Wait
from batch_implement.model.evidence import Failure
from batch_implement.model.feature import Feature, Need
from batch_implement.model.record import replace
from batch_implement.scheduling.ready import current_feature, ready

AT = "2026-01-31T08:05:00.000000Z"
MANY = 100


def _batch(*features: Feature, **fields: Any) -> Batch:
    return Batch(batch_id="batch-1", features_file="", features=features, **fields)


def _features(needs: dict[int, list[int]], count: int = 3, **fields: Any) -> list[Feature]:
    return [
        Feature(
            id=str(index + 1),
            text=f"Feature {index + 1}",
            needs=tuple(Need(on=on) for on in needs.get(index, ())),
            **{name: values[index] for name, values in fields.items()},
        )
        for index in range(count)
    ]


def _open(*indices: int) -> dict[int, Attempt]:
    return {index: Attempt(feature_index=index, number=1, started_at=AT) for index in indices}


def _failed(*indices: int) -> tuple[Failure, ...]:
    return tuple(Failure(feature_index=index, error_message="why", timestamp=AT) for index in indices)


# --- one at a time ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "current"),
    [
        ({}, 0),
        ({"feature_order": (2, 1, 0)}, 2),
        ({"feature_order": (2,)}, 2),
        ({"completed_features": (0,)}, 1),
        ({"completed_features": (0,), "held": {1: "why"}}, 2),
        ({"failed_features": _failed(0), "completed_features": (1, 2)}, None),
        ({"open_attempts": _open(2)}, 2),
        ({"open_attempts": _open(2), "completed_features": (0,)}, 2),
        ({"waits": (Wait(at=AT),)}, 0),
    ],
)
def test_one_at_a_time_it_is_the_one_begun_or_the_first_that_is_left(
    fields: dict[str, Any], current: int | None
) -> None:
    batch = _batch(*_features({0: [1], 1: [2]}), **fields)
    assert current_feature(batch) == current
    assert ready(batch) == (() if current is None or batch.open_attempts else (current,))


# --- several at once --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needs", "fields", "begin"),
    [
        ({}, {}, (0, 1, 2)),
        ({}, {"open_attempts": _open(1)}, (0, 2)),
        ({1: [0], 2: [1]}, {}, (0,)),
        ({1: [0], 2: [1]}, {"open_attempts": _open(0)}, ()),
        ({1: [0], 2: [1]}, {"completed_features": (0,)}, (1,)),
        # What was given up or is held is no more waited for: what needs it firmly is held itself.
        ({1: [0]}, {"failed_features": _failed(0)}, (1, 2)),
        ({1: [0]}, {"held": {0: "why"}}, (1, 2)),
        # In the order given, although that is another than the one they need each other in.
        ({0: [2]}, {}, (1, 2)),
        # A circle begins where it comes first, whatever else is at work.
        ({0: [1], 1: [0]}, {}, (0, 2)),
        ({0: [1], 1: [0]}, {"feature_order": (1, 0, 2)}, (1, 2)),
        ({0: [1], 1: [0]}, {"open_attempts": _open(2)}, (0,)),
        ({0: [1], 1: [0]}, {"completed_features": (0,)}, (1, 2)),
        ({0: [1], 1: [2], 2: [0]}, {}, (0,)),
        ({0: [1], 1: [2], 2: [0]}, {"completed_features": (0,)}, (2,)),
        # One that needs a circle waits for it; one that the circle needs comes before it.
        ({0: [1], 1: [0], 2: [0]}, {}, (0,)),
        ({0: [1, 2], 1: [0]}, {}, (2,)),
        ({0: [0]}, {}, (0, 1, 2)),
        # Waits.
        ({}, {"waits": (Wait(at=AT, feature=1),)}, (0, 2)),
        ({}, {"waits": (Wait(at=AT, feature=1), Wait(at=AT))}, ()),
        ({0: [1], 1: [0]}, {"waits": (Wait(at=AT, feature=0),)}, (2,)),
    ],
)
def test_several_at_once_wait_for_what_they_need_and_for_their_time(
    needs: dict[int, list[int]], fields: dict[str, Any], begin: tuple[int, ...]
) -> None:
    assert ready(_batch(*_features(needs), **fields), MANY) == begin


def test_no_more_begin_than_there_is_room_for() -> None:
    batch = _batch(*_features({}, 5))
    assert ready(batch, 2) == (0, 1)
    assert ready(replace(batch, open_attempts=_open(0)), 3) == (1, 2)
    assert ready(replace(batch, open_attempts=_open(0, 1, 2)), 3) == ()
    assert ready(replace(batch, open_attempts=_open(0, 1, 2)), 2) == ()


def test_of_one_group_only_one_is_at_work() -> None:
    features = _features({}, 4, group=["database", "", "database", ""])
    assert ready(_batch(*features), MANY) == (0, 1, 3)
    assert ready(_batch(*features, open_attempts=_open(2)), MANY) == (1, 3)


def test_the_lighter_come_first() -> None:
    batch = _batch(*_features({}, 4, weight=[3, 1, 2, 1]))
    assert ready(batch, 3) == (1, 3, 2)
    assert ready(batch) == (0,)


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """Any batch, also such as no run of ours would come to."""
    count = draw(st.integers(1, 8))
    index = st.integers(0, count - 1)
    features = [
        Feature(
            id=str(number),
            text=f"Feature {number}",
            needs=tuple(Need(on=on) for on in draw(st.lists(index, max_size=3))),
            group=draw(st.sampled_from(["", "", "a", "b"])),
            weight=draw(st.integers(1, 3)),
        )
        for number in range(count)
    ]
    return _batch(
        *features,
        feature_order=tuple(draw(st.permutations(range(count)))),
        completed_features=tuple(draw(st.lists(index, unique=True))),
        failed_features=_failed(*draw(st.lists(index, unique=True, max_size=2))),
        held=dict.fromkeys(draw(st.lists(index, max_size=2)), "why"),
        open_attempts=_open(*draw(st.lists(index, unique=True, max_size=3))),
        waits=tuple(
            Wait(at=AT, feature=feature) for feature in draw(st.lists(st.none() | index, max_size=2))
        ),
    )


@given(batch=batches(), capacity=st.integers(1, 9))
def test_whatever_the_batch_what_begins_is_open_to_begin_and_fits(batch: Batch, capacity: int) -> None:
    begin = ready(batch, capacity)
    assert len(set(begin)) == len(begin)
    assert not batch.closed & {*begin}
    assert not batch.open_attempts.keys() & {*begin}
    if begin:
        assert len(begin) + len(batch.open_attempts) <= capacity


@given(batch=batches())
def test_one_at_a_time_it_is_the_first_in_order_whatever_it_needs(batch: Batch) -> None:
    left = [index for index in batch.order if index not in batch.closed]
    assert ready(batch, 1) == (() if batch.open_attempts else tuple(left[:1]))
    assert current_feature(batch) == next(iter((*batch.open_attempts, *left)), None)


@given(batch=batches(), capacity=st.integers(2, 9))
def test_several_at_once_begin_after_what_they_need_apart_from_their_group_and_in_their_time(
    batch: Batch, capacity: int
) -> None:
    begin = ready(batch, capacity)
    waiting = {wait.feature for wait in batch.waits}
    groups = [batch.features[index].group for index in (*batch.open_attempts, *begin)]
    assert not begin or None not in waiting
    for index in begin:
        assert index not in waiting
        group = batch.features[index].group
        assert not group or groups.count(group) == 1 + (groups[: len(batch.open_attempts)].count(group) > 0)
        assert not group or group not in groups[: len(batch.open_attempts)]
        for need in batch.features[index].needs:
            mutual = index in _reach(batch, need.on)
            comes_later = batch.order.index(need.on) >= batch.order.index(index)
            assert need.on in batch.closed or (mutual and comes_later)


@given(batch=batches(), capacity=st.integers(1, 4))
def test_every_batch_comes_to_its_end(batch: Batch, capacity: int) -> None:
    """Whatever circles are in it: as long as something is left, something begins or is at work."""
    batch = replace(batch, waits=(), held={}, failed_features=(), completed_features=(), open_attempts={})
    done: list[int] = []
    while batch.left:
        batch = replace(batch, open_attempts=_open(*batch.open_attempts, *ready(batch, capacity)))
        assert batch.open_attempts
        first, *others = batch.open_attempts
        done.append(first)
        batch = replace(batch, completed_features=tuple(done), open_attempts=_open(*others))
    assert sorted(done) == list(range(len(batch.features)))


def _reach(batch: Batch, index: int) -> set[int]:
    """What is left of all that a feature needs."""
    found: set[int] = set()
    unseen = [index]
    while unseen:
        for need in batch.features[unseen.pop()].needs:
            if need.on not in batch.closed and need.on not in found:
                found.add(need.on)
                unseen.append(need.on)
    return found
