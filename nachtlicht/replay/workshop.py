"""The editor's workshop: the data as they are now, built and running, and built again on change."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hashlib
import logging
import tempfile
from pathlib import Path

from nachtlicht.content.check import check_sources
from nachtlicht.content.issue import Issue
from nachtlicht.content.publish import build
from nachtlicht.content.sources import read_sources
from nachtlicht.content.train import Trainer, TrainingError, train_both
from nachtlicht.encoder import EncoderError
from nachtlicht.release import Release, ReleaseError
from nachtlicht.replay.backend import running_bot
from nachtlicht.replay.errors import ReplayError
from nachtlicht.replay.stage import House, house
from nachtlicht.risk import RiskRulesError
from nachtlicht.settings import Settings

logger = logging.getLogger(__name__)
KNOWN = (EncoderError, ReleaseError, ReplayError, RiskRulesError, TrainingError)
UNKNOWN = "kan niet: het programma zelf gaf een fout. Vraag een ontwikkelaar; de terminal zegt meer"


@dataclasses.dataclass
class State:
    """Where the workshop stands: the house to try in, faults in the data, and what it does.

    `version` counts what came of the data: with a higher one there is something new to see.
    """

    house: House | None = None
    issues: list[Issue] = dataclasses.field(default_factory=list)
    doing: str = "begint"
    is_busy: bool = True
    version: int = 0


class Workshop:
    """Holds a running system over the editor's data. Use it as an async context."""

    def __init__(
        self, settings: Settings, trainer: Trainer, risk_trainer: Trainer | None = None
    ) -> None:
        """`risk_trainer` gives the risk model; without it the rules judge alone."""
        self.settings, self.trainer, self.risk_trainer = settings, trainer, risk_trainer
        self.state = State()
        self._seen = ""
        self._open = contextlib.AsyncExitStack()
        self._one = asyncio.Lock()

    async def __aenter__(self) -> Workshop:
        """Open it; nothing is built until `look`."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the bot and remove what was built."""
        await self._open.aclose()

    async def look(self) -> State:
        """Build again when a file has changed since the last look; returns where it stands.

        With faults in the data, what ran before keeps running.
        """
        async with self._one:
            now = await asyncio.to_thread(_stamp, self.settings.data)
            if now != self._seen:
                self._seen, self.state.is_busy = now, True
                try:
                    await self._build()
                except KNOWN as error:
                    self.state.doing = f"kan niet: {str(error).rstrip('.')}"
                except Exception:
                    # An editor can do nothing with a page that fails; the terminal has the rest.
                    logger.exception("The workshop could not build the data.")
                    self.state.doing = UNKNOWN
                self.state.is_busy = False
                self.state.version += 1
        return self.state

    async def _build(self) -> None:
        self.state.doing = "kijkt de bestanden na"
        today = self.settings.now().date()
        sources = await asyncio.to_thread(
            read_sources, self.settings.data, self.settings.root, today=today
        )
        self.state.issues = await asyncio.to_thread(check_sources, sources)
        if self.state.issues:
            self.state.doing = "wacht: er zijn fouten"
            return
        self.state.doing = "traint de bot"
        model, risk_model = await asyncio.to_thread(
            train_both, sources, self.trainer, self.risk_trainer
        )
        self.state.doing = "start de bot"
        self.state.house = None  # nobody plays in a house that is being pulled down
        await self._open.aclose()
        self._open = contextlib.AsyncExitStack()
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="proef-")))
        target = folder / "proef"
        now = self.settings.now()
        await asyncio.to_thread(
            build, sources, target, model, risk_model, release_id="proef", now=now
        )
        release = Release.load(target)
        (folder / "current").symlink_to(target.name)
        with_bot = await self._open.enter_async_context(running_bot(self.settings, release))
        self.state.house = await self._open.enter_async_context(house(with_bot, folder))
        self.state.doing = "klaar"


def _stamp(data: Path) -> str:
    """A mark that changes with any file of the data."""
    digest = hashlib.sha256()
    for path in sorted(data.rglob("*.yml")):
        stat = path.stat()
        digest.update(f"{path}{stat.st_mtime_ns}{stat.st_size}".encode())
    return digest.hexdigest()
