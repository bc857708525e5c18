"""The gate's talks: every talk of the editors' room, played against a release not yet live."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from nachtlicht.content.talk_files import read_talks
from nachtlicht.release import Release
from nachtlicht.replay.play import Played
from nachtlicht.replay.run import replay
from nachtlicht.settings import Settings

Progress = Callable[[str], None]


def talks_gate(
    settings: Settings, *, progress: Progress = lambda _: None
) -> Callable[[Path], list[str]]:
    """A gate for `publish`: plays all talks against the built folder; returns what went wrong.

    The function that it gives raises `ReplayError` when no bot can be started.
    """

    def gate(folder: Path) -> list[str]:
        files, issues = read_talks([settings.data / "talks"])
        progress(f"{len(files)} gesprekken worden nagespeeld.")
        played = asyncio.run(replay(settings, Release.load(folder), files))
        return [str(issue) for issue in issues] + list(faults(played, settings.root))

    return gate


def faults(played: Sequence[Played], root: Path) -> list[str]:
    """Every expectation that was not met, with its file and line."""
    return [
        f"{unmet.path.relative_to(root) if unmet.path.is_relative_to(root) else unmet.path}"
        f":{unmet.line}: {unmet.text} [gesprek]"
        for talk in played
        for unmet in talk.unmet
    ]
