"""The gate: the check, and every talk played against a release that is not live yet."""

from __future__ import annotations

import asyncio
import dataclasses
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nachtlicht.content.check import check_sources
from nachtlicht.content.issue import Issue
from nachtlicht.content.publish import Trainer, build
from nachtlicht.content.sources import Sources
from nachtlicht.content.talk_files import read_talks
from nachtlicht.release import Release
from nachtlicht.replay.play import Played
from nachtlicht.replay.run import replay
from nachtlicht.settings import Settings

Progress = Callable[[str], None]


@dataclasses.dataclass(frozen=True)
class GateReport:
    """What the gate found. `talks` is empty when the check was red: nothing is built then."""

    issues: tuple[Issue, ...]
    talks: tuple[Played, ...]
    seconds: float

    @property
    def is_green(self) -> bool:
        """Whether this may go live."""
        return not self.issues and not any(talk.unmet for talk in self.talks)

    def lines(self, root: Path) -> Iterator[str]:
        """The report for an editor."""
        yield from (str(issue) for issue in self.issues)
        yield from faults(self.talks, root)
        wrong = sum(bool(talk.unmet) for talk in self.talks)
        yield f"check: {len(self.issues)} fouten"
        yield f"gesprekken: {len(self.talks)} gespeeld, {wrong} niet zoals verwacht"
        yield f"{'GROEN' if self.is_green else 'ROOD'} na {self.seconds:.0f} s"


def run_gate(
    settings: Settings,
    sources: Sources,
    *,
    trainer: Trainer,
    risk_trainer: Trainer | None = None,
    progress: Progress = lambda _: None,
) -> GateReport:
    """Check `sources`, build them in a folder of their own, and play all talks. Nothing goes live.

    Raises:
        TrainingError: the bot cannot be trained.
        ReplayError: the bot cannot be started.
    """
    began = time.monotonic()
    progress("De bestanden worden nagekeken.")
    issues = check_sources(sources)
    if issues:
        return GateReport(tuple(issues), (), time.monotonic() - began)
    model = trainer(sources)
    risk_model = risk_trainer(sources) if risk_trainer else None
    with tempfile.TemporaryDirectory(prefix="nachtlicht-gate-") as name:
        folder = Path(name) / "proef"
        build(sources, folder, model, risk_model, release_id="proef", now=settings.now())
        files, faulty = read_talks([sources.data / "talks"])
        progress(f"{len(files)} gesprekken worden nagespeeld.")
        played = asyncio.run(replay(settings, Release.load(folder), files))
    return GateReport(tuple(faulty), tuple(played), time.monotonic() - began)


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
