"""Figures: counted as by hand, over everything and within groups."""

from __future__ import annotations

import pytest

from nachtlicht.content.measure import read_sets
from nachtlicht.content.measure.calibration import calibration
from nachtlicht.content.measure.examples import worst_alarms, worst_misses
from nachtlicht.content.measure.figures import BY_CODE, confusion, figures
from nachtlicht.content.measure.outcomes import Detector, judge
from nachtlicht.risk import RiskLevel
from tests.content.measure.conftest import MESSAGES, THREAT, line, sees


def counts(table):
    return {code: (share.hits, share.count) for code, share in table.items()}


def test_over_everything(judged):
    """Four are urgent or acute; the rule finds one message and the talk."""
    found = counts(figures(judged()).overall)

    assert found["gevonden"] == found["zorg"] == found["signaal"] == (2, 4)
    assert found["acuut"] == (0, 1)
    assert found["loos_alarm"] == (0, 1)
    assert found["loos_alarm_moeilijk"] == (1, 1)
    assert found["zorg_onnodig"] == (1, 2)
    assert found["route"] == (0, 0)  # the bot was not asked


def test_within_groups(judged):
    """By theme, level, speaker and kind."""
    groups = figures(judged()).groups

    assert counts(groups["theme"]["afpersing"])["gevonden"] == (2, 3)
    assert counts(groups["speaker"]["boy"])["gevonden"] == (0, 1)
    assert counts(groups["kind"]["talk"])["gevonden"] == (1, 1)
    assert list(groups["level"]) == ["acute", "urgent", "none"]
    assert list(groups["style"]) == ["plain"]


def test_care_counts_for_less_than_finding(judged):
    """CONCERN is care, and not found."""
    found = counts(figures(judged(classifier=sees("geld", level=RiskLevel.CONCERN))).overall)

    assert (found["gevonden"], found["zorg"]) == ((2, 4), (3, 4))


def test_the_route_is_that_of_messages_alone(judged):
    """What the bot hears in the last line of a talk says little of its route."""
    heard = ["stop", "groet", "groet", "groet", "stop", "stop"]

    found = figures(judged(intents=lambda texts: heard))

    assert counts(found.overall)["route"] == (3, 5)


def test_confusion(judged):
    """Rows are what it was, columns what it was taken for."""
    assert confusion(judged()) == [[1, 0, 1, 0], [0, 0, 0, 0], [1, 0, 2, 0], [1, 0, 0, 0]]


def test_a_difference_is_of_the_same_messages(judged):
    """One more is found, of those that must be."""
    old, new = judged(), judged(classifier=sees("geld"))

    change = BY_CODE["gevonden"].difference(new, old)

    assert (change.gained, change.lost, change.count) == (1, 0, 4)


def test_calibration_by_hand(judged):
    """Two with 0.9, of which one was urgent; four with 0.05, of which three."""
    found = calibration(judged(classifier=sees("geld", "regent")))

    low, high = found.bins
    assert (low.said, low.was.hits, low.was.count) == (pytest.approx(0.05), 3, 4)
    assert (high.start, high.said, high.was.hits, high.was.count) == (0.9, 0.9, 1, 2)
    assert found.brier == pytest.approx((3 * 0.95**2 + 0.05**2 + 0.1**2 + 0.9**2) / 6)
    assert found.brier_blind == pytest.approx(4 / 6 * 2 / 6)
    assert found.gap == pytest.approx((0.7 * 4 + 0.4 * 2) / 6)


def test_without_a_model_there_is_no_calibration(judged):
    """The rules say no chance."""
    assert calibration(judged()) is None


def test_the_worst_misses_come_first(judged):
    """Acute before urgent; then where the model was least sure. In full, with what it was."""
    more = (*MESSAGES, line("m6", "hij wil iets", **THREAT))
    outcomes = judged(more, classifier=sees("geld", level=RiskLevel.NONE, chance=0.3))

    missed = worst_misses(outcomes)

    assert [one.id for one in missed] == ["m5", "m6", "m2"]
    assert missed[0].lines == (("youth", "hij staat voor de deur"),)
    assert (missed[0].was, missed[0].taken_for, missed[2].chance) == ("acute", "none", 0.3)


def test_at_most_twenty_misses(judged):
    """The rest is counted, not shown."""
    many = [line(f"x{place:02}", f"hij wil geld {place}", **THREAT) for place in range(30)]

    assert len(worst_misses(judged(many, ()))) == 20


def test_a_false_alarm_with_the_words_that_caused_it(judged):
    """As they were typed."""
    (alarm,) = worst_alarms(judged())

    assert alarm.id == "m4"
    assert [(reason.words, reason.code) for reason in alarm.reasons] == [("dreigt", "dreigen")]


def test_judged_once(write_set, release, rules, tmp_path):
    """The same release, cases and code are not judged twice; other cases are."""
    asked = []
    model = sees("geld")
    detector = Detector(release, rules, lambda lines: asked.append(lines) or model(lines))
    cases = read_sets([write_set()])

    first = judge(cases, detector, tmp_path / "cache")
    calls = len(asked)
    again = judge(cases, detector, tmp_path / "cache")

    assert calls == len(asked) > 0
    assert [one.judged for one in again] == [one.judged for one in first]
    judge(cases[:1], detector, tmp_path / "cache")
    assert len(asked) > calls


def test_what_is_kept_does_not_grow(write_set, release, rules, tmp_path):
    """The newest few measurements stay."""
    for place in range(12):
        lines = [line(f"y{place}", "hoi")]
        judge(read_sets([write_set(lines, ())]), Detector(release, rules), tmp_path / "cache")

    assert len(list((tmp_path / "cache").iterdir())) == 8
