"""What the talks' gate tells: every unmet expectation with its place."""

from __future__ import annotations

from pathlib import Path

from nachtlicht.replay import Played, Unmet
from nachtlicht.replay.gate import faults

ROOT = Path("/room")


def test_an_unmet_expectation_is_told_with_its_place():
    """As the check tells its faults: file, line, what, rule."""
    path = ROOT / "data" / "talks" / "proef.yml"
    wrong = Played("proef", path, unmet=[Unmet(path, 8, "Niet gezegd: 'hoi'.")])

    told = faults([Played("goed", path), wrong], ROOT)

    assert told == ["data/talks/proef.yml:8: Niet gezegd: 'hoi'. [gesprek]"]


def test_talks_that_went_well_tell_nothing():
    """Nothing wrong, nothing told: the gate is green."""
    assert faults([Played("goed", ROOT)], ROOT) == []
