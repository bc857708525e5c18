"""Plays talks against a release, live or not, with a real bot."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from nachtlicht.content.talk_files import TalkFile
from nachtlicht.release import Release
from nachtlicht.replay.backend import running_bot
from nachtlicht.replay.play import Played, play_all
from nachtlicht.replay.stage import house
from nachtlicht.settings import Settings


async def replay(settings: Settings, release: Release, files: Sequence[TalkFile]) -> list[Played]:
    """Play `files` against `release`; starts a bot of its own when none serves that release.

    The database of `settings` is neither read nor written.

    Raises:
        ReplayError: the bot cannot be started.
        ReleaseError, RiskRulesError: the release cannot be used.
    """
    async with running_bot(settings, release) as with_bot:
        with tempfile.TemporaryDirectory(prefix="nachtlicht-release-") as name:
            releases = Path(name)
            (releases / "current").symlink_to(release.path.resolve())
            async with house(with_bot, releases) as in_house:
                return await play_all(in_house, files)
