"""Which desk takes over: theme first, then who is open."""

import datetime as dt

import pytest

from nachtlicht.release import Desks, ReleaseError
from tests.release.conftest import DAY, NIGHT

AFTERNOON = dt.datetime(2026, 11, 25, 14, tzinfo=dt.UTC)
NIGHT_TIME = dt.datetime(2026, 11, 25, 23, tzinfo=dt.UTC)
EVENING = dt.datetime(2026, 11, 25, 17, tzinfo=dt.UTC)
GENERAL = {"code": "nacht", "name": "nachtdesk", "hours": NIGHT}
DAYTIME = {"code": "dag", "name": "dagdesk", "hours": DAY, "themes": ["dader"], "fallback": "nacht"}


def test_the_desk_that_names_the_theme_comes_first():
    """A desk for a theme goes before the desk for all."""
    desks = Desks([GENERAL, DAYTIME])

    assert desks.choose("dader", AFTERNOON).code == "dag"
    assert desks.choose("somber", AFTERNOON).code == "nacht"


def test_a_closed_desk_falls_back():
    """At night the talk goes to the fallback of the closed desk."""
    assert Desks([GENERAL, DAYTIME]).choose("dader", NIGHT_TIME).code == "nacht"


def test_with_all_closed_the_one_that_opens_first():
    """At six in the evening the night desk opens before the day desk does."""
    assert Desks([GENERAL, DAYTIME]).choose("dader", EVENING).code == "nacht"


def test_a_circle_ends():
    """Two desks that fall back on each other do not hang the talk."""
    circle = Desks([{**GENERAL, "hours": DAY, "fallback": "dag"}, DAYTIME])

    assert circle.choose("dader", NIGHT_TIME).code == "dag"


def test_no_desk_is_no_release():
    """A release without a desk is refused."""
    with pytest.raises(ReleaseError, match="no desk"):
        Desks([])


@pytest.mark.parametrize("hours", [{"days": {"0": [["25:00", "06:00"]]}}, {}, {"days": {"x": []}}])
def test_unreadable_hours_are_named(hours):
    """Hours that cannot be read refuse the release."""
    with pytest.raises(ReleaseError, match="Opening hours cannot be read"):
        Desks([{**GENERAL, "hours": hours}])
