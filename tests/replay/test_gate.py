"""The gate refuses what the check refuses, and tells an editor why."""

from __future__ import annotations

from pathlib import Path

import pytest

from nachtlicht.replay import GateReport, Played, Unmet, run_gate
from nachtlicht.settings import Settings
from tests.content.conftest import room  # noqa: F401 - a fixture

ROOT = Path("/room")


def test_a_red_check_trains_nothing(room):  # noqa: F811 - the fixture
    """The first fault ends it: a training takes minutes."""
    room.change("responses/groet.yml", "Fijn dat", "Wat dapper dat")
    settings = Settings(root=room.root, data=room.data, var=room.root / "var")

    report = run_gate(settings, room.sources(), trainer=lambda _: pytest.fail("nothing is trained"))

    assert not report.is_green
    assert [issue.rule for issue in report.issues] == ["woorden"]
    assert list(report.lines(room.root))[-1].startswith("ROOD")


def test_a_talk_that_goes_wrong_is_red():
    """One unmet expectation is enough; it is told with its place."""
    path = ROOT / "data" / "talks" / "proef.yml"
    wrong = Played("proef", path, unmet=[Unmet(path, 8, "Niet gezegd: 'hoi'.")])

    report = GateReport((), (Played("goed", path), wrong), 61.0)

    assert not report.is_green
    assert list(report.lines(ROOT)) == [
        "data/talks/proef.yml:8: Niet gezegd: 'hoi'. [gesprek]",
        "check: 0 fouten",
        "gesprekken: 2 gespeeld, 1 niet zoals verwacht",
        "ROOD na 61 s",
    ]


def test_green_is_said():
    """Nothing wrong."""
    assert list(GateReport((), (Played("goed", ROOT),), 5.0).lines(ROOT))[-1] == "GROEN na 5 s"
