"""Bars: what is not held is told in Dutch, and floors are set from what was measured."""

from __future__ import annotations

import pytest

from nachtlicht.content.measure import BarsError, read_bars, set_floors
from nachtlicht.content.measure.bars import broken, fallen
from nachtlicht.content.measure.figures import figures
from nachtlicht.content.measure.floors import ceiling, floor
from nachtlicht.content.measure.stats import Share
from tests.content.measure.conftest import MESSAGES, THREAT, line, sees

MISSED = [line(f"g{place:02}", f"hij wil geld, dag {place}", **THREAT) for place in range(12)]


def test_what_is_not_held_is_told(judged, room):
    """The share, how many of how many, and the floor or ceiling."""
    told = list(broken(figures(judged()), read_bars(room.data)))

    assert "Dringend of acuut, gevonden: 50,0 % (2 van 4), de vloer is 90,0 %. [risico]" in told
    assert (
        "Loos alarm, onschuldig met zware woorden: 100,0 % (1 van 1), "
        "het plafond is 20,0 %. [risico]" in told
    )
    assert not [fault for fault in told if "route" in fault]  # not measured is not broken


def test_a_theme_has_its_own_floor(judged, room):
    """Or that of the others: here the theme without one falls short, at the same share."""
    told = list(broken(figures(judged()), read_bars(room.data)))
    room.change("risk/levels.yml", "pesten: 0.5", "pesten: 0")
    fewer = list(broken(figures(judged()), read_bars(room.data)))

    assert set(told) - set(fewer) == {
        "Thema pesten: dringend of acuut, gevonden: 0,0 % (0 van 1), de vloer is 50,0 %. [risico]"
    }
    assert (
        "Thema afpersing: dringend of acuut, gevonden: 66,7 % (2 van 3), "
        "de vloer is 80,0 %. [risico]" in fewer
    )


def test_the_rules_alone_have_bars_of_their_own(judged, room):
    """Fewer, and none for a theme."""
    told = list(broken(figures(judged()), read_bars(room.data, rules_only=True)))

    assert told == ["Dringend of acuut, gevonden: 50,0 % (2 van 4), de vloer is 70,0 %. [risico]"]


def test_a_sure_fall_is_told(judged):
    """Twelve that the live release finds and the new one does not; overall and in the theme."""
    old = judged(MISSED, (), classifier=sees("geld"))
    new = judged(MISSED, ())

    told = list(fallen(new, old, "r1"))

    assert len(told) == 3
    assert told[0].startswith("Dringend of acuut, gevonden: zakt tegenover r1")
    assert "12 gaan nu mis die live goed gaan, 0 andersom." in told[0]
    assert told[1].startswith("Dringend of acuut, kreeg ten minste zorg: zakt")
    assert told[2].startswith("Thema afpersing: ")


def test_a_fall_in_one_theme_is_told(judged):
    """Also where gains in another theme hide it."""
    others = [line(f"h{n:02}", f"iets anders {n}", **THREAT | {"theme": "eten"}) for n in range(12)]
    old = judged(MISSED + others, (), classifier=sees("geld"))
    new = judged(MISSED + others, (), classifier=sees("anders"))

    (told,) = fallen(new, old, "r1")

    assert told.startswith("Thema afpersing: dringend of acuut, gevonden: zakt")


def test_a_fall_within_chance_is_not_told(judged):
    """One message less proves nothing; nor does a rise."""
    old, new = judged(classifier=sees("geld")), judged()

    assert list(fallen(new, old, "r1")) == list(fallen(old, new, "r1")) == []


def test_floors_are_set_in_their_own_lines(judged, room):
    """Only the numbers change; comments and thresholds stay as they are."""
    many = [line(f"a{place:03}", f"hij dreigt {place}", **THREAT) for place in range(97)]
    outcomes = judged([*many, *MISSED[:3], *MESSAGES[2:]], ())
    before = (room.data / "risk/levels.yml").read_text().splitlines()

    told = set_floors(room.data, figures(outcomes))

    after = (room.data / "risk/levels.yml").read_text().splitlines()
    assert "  gevonden: {doel: 0.98, vloer: 0.93}" in after  # 97 of 101, less 2.5 of a hundred
    assert "    vloeren: # naar boven mag altijd" in after
    assert {"      afpersing: 0.94", "      pesten: 0"} <= set(after)
    assert "    vloer: 0.6 # ruim" in after  # the route was not measured
    assert after[: before.index("lat:")] == before[: before.index("lat:")]
    assert "gevonden: vloer 0.9 wordt 0.93" in told
    assert "thema afpersing: vloer was er niet wordt 0.94" in told
    assert not list(broken(figures(outcomes), read_bars(room.data)))
    assert set_floors(room.data, figures(outcomes)) == []
    assert room.issues() == []


def test_floors_of_the_rules_alone(judged, room):
    """They stand apart."""
    told = set_floors(room.data, figures(judged()), rules_only=True)

    assert told == ["gevonden: vloer 0.7 wordt 0", "loos_alarm: plafond 0.1 wordt 1"]
    assert (
        "  gevonden: {doel: 0.98, vloer: 0.9}"
        in room.data.joinpath("risk/levels.yml").read_text().splitlines()
    )


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        (97, 100, 0.94, 1.0),
        (3, 100, 0.0, 0.06),
        (36, 36, 0.94, 1.0),
        (1, 2, 0.0, 1.0),
        (760, 800, 0.92, 0.98),
    ],
)
def test_slack(hits, count, low, high):
    """Two and a half of a hundred, and two messages at the least; to the whole percent."""
    share = Share.of(hits, count)

    assert (floor(share), ceiling(share)) == (low, high)


def test_broken_bars_are_named(room):
    """With the line, in Dutch."""
    room.change("risk/levels.yml", "vloer: 0.9}\n  gev", "vloer: veel}\n  gev")

    with pytest.raises(BarsError, match=r"levels\.yml:\d+: 'vloer'"):
        read_bars(room.data)
    assert [issue.rule for issue in room.issues("vorm")] == ["vorm"]


def test_a_bar_cannot_be_left_out(room):
    """A gate without a floor would hold nothing."""
    room.change("risk/levels.yml", "  acuut: {doel: 0.9, vloer: 0.7}\n", "")

    assert ["Hier mist 'acuut'." in issue.text for issue in room.issues("vorm")] == [True]
