"""Development sets: read whole and in order, or the broken line named by its place."""

from __future__ import annotations

import pytest

from nachtlicht.content.measure import SetError, found_sets, read_sets
from nachtlicht.risk import RiskLevel
from tests.content.measure.conftest import MESSAGES, line


def test_messages_and_talks_in_order(write_set):
    """Messages first, then talks, each with its labels."""
    cases = read_sets([write_set()])

    assert [case.id for case in cases] == ["m1", "m2", "m3", "m4", "m5", "t1"]
    assert [case.is_talk for case in cases] == [False] * 5 + [True]
    assert cases[4].level is RiskLevel.ACUTE
    assert [said.author for said in cases[5].row.lines] == ["youth", "bot", "youth"]


def test_a_set_may_have_no_talks(write_set):
    """Empty lines are left out too."""
    assert len(read_sets([write_set((MESSAGES[0], "", MESSAGES[1]), ())])) == 2


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("{", "messages.jsonl: Line 2 is no JSON"),
        ({"id": "x"}, "messages.jsonl: Line 2 has no text"),
        (line("x", "hoi", level="erg"), "line 2, level: .*'erg' is geen niveau"),
        (line("x", "hoi", theme="weer"), "line 2, theme: "),
        (line("x", "hoi", hard="soms"), "line 2, hard: "),
        (line("m1", "hoi"), "both have a line m1"),
    ],
)
def test_a_broken_line_is_named(write_set, broken, told):
    """By file, line and field."""
    with pytest.raises(SetError, match=told):
        read_sets([write_set((MESSAGES[0], broken), ())])


def test_a_folder_without_a_set_is_named(tmp_path):
    """Silence would look like a set that was passed."""
    with pytest.raises(SetError, match=r"holds neither messages\.jsonl"):
        read_sets([tmp_path])


def test_the_sets_of_a_project(write_set, tmp_path):
    """Every folder with messages, by name."""
    second, first = write_set(name="t02"), write_set(name="t01")

    assert found_sets(tmp_path) == [first, second]
    assert found_sets(tmp_path / "elsewhere") == []
