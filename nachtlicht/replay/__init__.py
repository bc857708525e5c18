"""Plays whole talks against a release through the code of the web app: `replay` and the gate."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from nachtlicht.content.talk_files import TalkFile
from nachtlicht.release import Release
from nachtlicht.replay.backend import running_bot
from nachtlicht.replay.errors import ReplayError
from nachtlicht.replay.play import Played, Unmet, play_all
from nachtlicht.replay.report import report
from nachtlicht.replay.stage import house
from nachtlicht.settings import Settings

__all__ = ["Played", "ReplayError", "Unmet", "replay", "report"]


async def replay(settings: Settings, release: Release, files: Sequence[TalkFile]) -> list[Played]:
    """Play `files` against `release`, live or not; starts a bot when none serves it.

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
