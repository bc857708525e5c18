"""When the night desk is open: the test moments of facts.md 1e, and clock changes."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from nachtlicht.release import Desk, OpeningHours, moment_words
from tests.release.conftest import DAY, NIGHT

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DESK = Desk(code="nacht", name="nachtdesk", hours=OpeningHours.from_json(NIGHT))


def at(text, fold=0):
    """A moment on the Dutch clock."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM, fold=fold)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-12-25T19:30", False),  # Christmas Day, a Friday: opens at eight
        ("2026-12-25T20:00", True),
        ("2027-01-01T19:30", False),
        ("2027-01-01T05:59", True),  # the shift of 31 December, a Thursday
        ("2026-11-28T05:59", True),  # Saturday morning: Friday's shift
        ("2026-11-28T06:00", False),
        ("2026-11-28T19:30", False),
        ("2026-11-28T20:00", True),
        ("2026-11-30T06:00", False),  # Monday
        ("2026-11-30T05:59", True),  # Monday morning: Sunday's shift
        ("2026-11-30T18:59", False),
        ("2026-11-30T19:00", True),
        ("2027-03-26T19:30", False),  # Goede Vrijdag, which this desk keeps
        ("2027-03-28T03:00", True),  # Easter and clock change in one night
        ("2027-03-28T05:59", True),
        ("2027-03-28T06:00", False),
        ("2027-03-28T19:30", False),
        ("2027-03-30T00:30", True),
        ("2027-10-31T02:30", True),
        ("2027-10-31T06:00", False),
    ],
)
def test_open_or_closed(moment, is_open):
    """The start date of a shift decides, and holidays start at eight."""
    assert DESK.is_open(at(moment)) is is_open


def test_the_hour_that_comes_twice_is_open_both_times():
    """In the night of 31 October 2027 half past two comes twice."""
    assert DESK.is_open(at("2027-10-31T02:30", fold=0))
    assert DESK.is_open(at("2027-10-31T02:30", fold=1))


@pytest.mark.parametrize(("start", "hours"), [("2027-03-27T20:00", 9), ("2027-10-30T20:00", 11)])
def test_the_clock_change_night_lasts_as_long_as_it_runs(start, hours):
    """Ten hours on the clock are nine in March and eleven in October."""
    begin = at(start)

    assert DESK.closes_at(begin) - begin.astimezone(dt.UTC) == dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-25T03:12", "nu"),
        ("2026-11-25T11:00", "vanavond om 19.00 uur"),
        ("2026-11-28T11:00", "vanavond om 20.00 uur"),
        ("2026-12-25T06:00", "vanavond om 20.00 uur"),
        ("2027-01-01T18:59", "vanavond om 20.00 uur"),
    ],
)
def test_next_opening_in_words(moment, words):
    """The words name the holiday's hour too."""
    assert DESK.opening_words(at(moment)) == words


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        ("2026-11-27T22:00", "2026-11-28T20:00", "morgen om 20.00 uur"),
        ("2026-11-28T22:00", "2026-11-30T19:00", "maandag om 19.00 uur"),
        ("2026-11-28T01:00", "2026-11-28T05:30", "vannacht om 05.30 uur"),
        ("2026-11-28T01:00", "2026-11-28T09:00", "vanochtend om 09.00 uur"),
        ("2026-11-28T01:00", "2026-11-28T13:05", "vanmiddag om 13.05 uur"),
        ("2026-11-28T12:00", "2026-12-07T19:00", "maandag 7 december om 19.00 uur"),
        ("2026-11-23T12:00", "2026-11-30T19:00", "maandag 30 november om 19.00 uur"),
    ],
)
def test_moments_in_words(now, then, words):
    """Near moments are named by the part of the day, far ones by the date."""
    assert moment_words(at(then), at(now)) == words


def test_next_opening_is_now_when_open():
    """An open desk opens at the moment asked."""
    moment = at("2026-11-25T03:12")

    assert DESK.next_opening(moment) == moment
    assert DESK.next_opening(moment).utcoffset() == dt.timedelta(0)


def test_hours_in_words():
    """Days with the same hours are told together."""
    assert DESK.hours_words() == (
        "maandag tot en met vrijdag van 19.00 tot 06.00 uur, "
        "zaterdag, zondag en feestdagen van 20.00 tot 06.00 uur"
    )


def test_a_day_desk_opens_on_monday():
    """After Friday five o'clock the next opening is on Monday."""
    desk = Desk(code="dag", name="dagdesk", hours=OpeningHours.from_json(DAY))

    assert desk.opening_words(at("2026-11-27T17:00")) == "maandag om 09.00 uur"


def test_always_open_in_words():
    """What never closes says so."""
    desk = Desk(code="altijd", name="altijd", hours=OpeningHours.from_json({"always": True}))

    assert desk.is_open(at("2026-11-27T04:00"))
    assert desk.hours_words() == "dag en nacht"
