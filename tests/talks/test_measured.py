"""The trained release, measured as the gate measures it: rules, model and bot together."""

from __future__ import annotations

import pytest

from nachtlicht.cli.measuring import measure
from nachtlicht.content.measure import summary
from nachtlicht.settings import Settings
from tests.support.release import built_release


@pytest.mark.timeout(600)
def test_the_release_holds_its_bars(tmp_path):
    """On all development sets; the floors are in data/risk/levels.yml."""
    live = built_release(tmp_path) / "current"
    settings = Settings.from_env({"NACHTLICHT_VAR": str(tmp_path)})

    report = measure(settings, live)
    alone = measure(settings, live, rules_only=True)

    assert report.calibration is not None, "the risk model was not asked"
    assert report.figures.overall["route"].count == report.messages, "the bot was not asked"
    assert not report.faults, "\n".join(summary(report))
    assert not alone.faults, "\n".join(summary(alone))
