"""Intervals: known values, and what must hold for all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nachtlicht.content.measure.stats import Difference, Share


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 29, 0.0061, 0.1718)],
)
def test_wilson(hits, count, low, high):
    """The values that Newcombe (1998) and the formula by hand give."""
    share = Share.of(hits, count)

    assert share.value == hits / count
    assert (share.low, share.high) == pytest.approx((low, high), abs=1e-4)


def test_of_nothing_there_is_no_share():
    """It may be anything."""
    assert Share.of(0, 0) == Share(0, 0, None, 0.0, 1.0)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval(counts):
    """Within nought and one, also at the ends."""
    share = Share.of(*counts)

    assert 0 <= share.low <= share.value <= share.high <= 1


def test_no_change_is_no_fall():
    """The same answers: nought, with nought inside the interval."""
    same = [True] * 90 + [False] * 10

    change = Difference.of(same, same)

    assert (change.value, change.gained, change.lost) == (0, 0, 0)
    assert change.low < 0 < change.high


def test_a_fall_on_the_same_messages():
    """By hand: ten lost of a hundred, none gained; -10 / 102, give or take 0.0608."""
    change = Difference.of([True] * 80 + [False] * 20, [True] * 90 + [False] * 10)

    assert (change.value, change.gained, change.lost, change.count) == (-0.1, 0, 10, 100)
    assert (change.low, change.high) == pytest.approx((-0.15886, -0.03722), abs=1e-5)


def test_a_few_lost_and_won_are_chance():
    """Three lost, two gained: nobody can tell."""
    old = [True] * 97 + [False] * 3
    new = [False] * 3 + [True] * 96 + [False]

    change = Difference.of(new, old)

    assert (change.gained, change.lost) == (2, 3)
    assert change.low < 0 < change.high


def test_nothing_to_compare():
    """No messages, no difference."""
    assert Difference.of([], []) is None
