"""Whole conversations through the real trained model, by the code path of the web app."""

from __future__ import annotations

import asyncio

import pytest

from nachtlicht.content.talk_files import read_talks
from nachtlicht.release import Release
from nachtlicht.replay import replay, report
from nachtlicht.settings import Settings
from tests.support.release import built_release
from tests.support.system import ROOT


@pytest.mark.timeout(600)
def test_every_talk_goes_as_its_file_expects(tmp_path):
    """All talks, at their hour, with the desk and the bot in the state that they name."""
    releases = built_release(tmp_path)
    talks, issues = read_talks([ROOT / "data" / "talks"])
    assert not issues
    settings = Settings.from_env({"NACHTLICHT_VAR": str(tmp_path)})
    played = asyncio.run(replay(settings, Release.current(releases), talks))

    unmet = [talk for talk in played if talk.unmet]
    assert not unmet, "\n".join(report(unmet, ROOT))
