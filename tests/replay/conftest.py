"""A house with a small release, in which talks are played without a bot."""

from __future__ import annotations

import pytest

from nachtlicht.content.talk_files import read_talks
from nachtlicht.replay.play import play
from nachtlicht.replay.stage import house
from nachtlicht.settings import Settings
from tests.support.small_release import publish_small

HEAD = "talk: proef\nentry: algemeen\nmoment: {moment}\ndesk: {desk}\nbot: stil\nlines:\n"


@pytest.fixture
def played(tmp_path):
    """Plays a talk, written as an editor would, and gives what became of it."""
    releases = tmp_path / "releases"

    async def run(lines: str, *, moment: str = "2026-11-25T03:12", desk: str = "open"):
        path = tmp_path / "talk.yml"
        path.write_text(HEAD.format(moment=moment, desk=desk) + lines, encoding="utf-8")
        (file,), issues = read_talks([path])
        assert issues == []
        if not releases.exists():
            publish_small(releases)
        async with house(Settings(var=tmp_path / "var"), releases) as in_house:
            return await play(in_house, file)

    return run
