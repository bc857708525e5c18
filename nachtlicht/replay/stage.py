"""A stage for one talk: a store of its own, a clock that stands still, perhaps a counsellor."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import datetime as dt
import secrets
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pyotp

from nachtlicht.chat import BotClient, Chat, Notifier, Releases
from nachtlicht.chat.desk import claim_handoff, heartbeat, write_as_counsellor
from nachtlicht.chat.staff import Person, accept_invitation, invite, open_invitation
from nachtlicht.content.schema import Talk
from nachtlicht.release import ZONE
from nachtlicht.settings import Settings
from nachtlicht.store import Role, Store, create_master_key, migrate

PATIENCE = 20.0  # seconds for bot and classifier: a busy machine is no fault of the talk
SILENT = "http://127.0.0.1:9"  # where nobody listens


@dataclasses.dataclass(frozen=True, kw_only=True)
class StageSettings(Settings):
    """Settings whose clock stands still until the talk moves it."""

    moment: list[dt.datetime] = dataclasses.field(default_factory=list)

    def now(self) -> dt.datetime:
        """The moment of the talk, in UTC."""
        return self.moment[0].astimezone(dt.UTC)


@dataclasses.dataclass(frozen=True)
class House:
    """What all talks of a run share: a migrated, empty database with one counsellor."""

    settings: Settings
    releases: Releases
    database: Path
    counsellor: Person


@contextlib.asynccontextmanager
async def house(settings: Settings, releases: Path) -> AsyncIterator[House]:
    """Build the house in a folder of its own, gone after the block.

    `settings` lead to the bot; nothing is read from or written to their database.
    """
    with tempfile.TemporaryDirectory(prefix="nachtlicht-talks-") as name:
        folder = Path(name)
        key = folder / "master.key"
        create_master_key(key)
        own = dataclasses.replace(
            settings,
            var=folder,
            database_url=f"sqlite:///{folder / 'house.db'}",
            master_key="",
            master_key_file=key,
        )
        migrate(own)
        store = await Store.open(own)
        try:
            counsellor = await _counsellor(store)
        finally:
            await store.close()
        yield House(own, Releases(releases), folder / "house.db", counsellor)


class Stage:
    """One talk being played."""

    def __init__(self, chat: Chat, settings: StageSettings, counsellor: Person) -> None:
        """Use `stage`; this only holds the parts."""
        self.chat, self.settings, self.counsellor = chat, settings, counsellor

    async def arrive(self) -> None:
        """A counsellor opens the console."""
        await heartbeat(self.chat, self.counsellor)

    async def take(self, talk_id: uuid.UUID, text: str) -> None:
        """The counsellor takes the talk, if it waits, and writes a line."""
        await self.arrive()
        await claim_handoff(self.chat, self.counsellor, talk_id)
        await write_as_counsellor(self.chat, self.counsellor, talk_id, uuid.uuid4(), text)

    async def later(self, hours: float, *, with_counsellor: bool) -> None:
        """Time goes by, and the service's round of upkeep runs."""
        self.settings.moment[0] += dt.timedelta(hours=hours)
        if with_counsellor:
            await self.arrive()
        await self.chat.sweep()
        await self.chat.idle()


@contextlib.asynccontextmanager
async def stage(in_house: House, talk: Talk) -> AsyncIterator[Stage]:
    """Open a store of its own for `talk`, at its moment on the Dutch clock."""
    moment = talk.moment if talk.moment.tzinfo else talk.moment.replace(tzinfo=ZONE)
    with _copy(in_house.database) as database:
        fields = {f.name: getattr(in_house.settings, f.name) for f in _fields()}
        fields["database_url"] = f"sqlite:///{database}"
        if talk.bot == "stil":
            fields["bot_url"] = SILENT
        settings = StageSettings(**fields, moment=[moment])
        store = await Store.open(settings)
        bot = BotClient(settings, timeout=PATIENCE)
        chat = Chat(settings, store, in_house.releases, bot, Notifier(), patience=PATIENCE)
        try:
            opened = Stage(chat, settings, in_house.counsellor)
            if talk.desk == "open":
                await opened.arrive()
            yield opened
        finally:
            await chat.close()
            await bot.close()
            await store.close()


async def _counsellor(store: Store) -> Person:
    """Invite one and let her in, through the same door as in the product."""
    now = dt.datetime.now(dt.UTC)
    invitation = await invite(store, "medewerker", Role.COUNSELLOR, now=now)
    opened = await open_invitation(store, invitation.token, now=now)
    return await accept_invitation(
        store,
        invitation.token,
        name="Sanne",
        password=base64.b32encode(secrets.token_bytes(20)).decode(),
        code=pyotp.TOTP(opened.totp_secret).at(now),
        now=now,
        phone_now=now,
    )


@contextlib.contextmanager
def _copy(database: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="talk-", dir=database.parent) as name:
        yield Path(shutil.copy(database, Path(name) / "talk.db"))


def _fields() -> tuple[dataclasses.Field[object], ...]:
    return dataclasses.fields(Settings)
