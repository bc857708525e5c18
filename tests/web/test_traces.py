"""What the real web process leaves on the disk when the time of a talk is over: nothing of it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
import uuid

import httpx
import pytest

from nachtlicht.chat import BotClient, Chat, Notifier, Releases
from nachtlicht.store import Conversation, Store, make_backup, migrate
from tests.support import places
from tests.support.shared import shared_fixture
from tests.support.small_release import NIGHT, URGENT, publish_small
from tests.support.system import free_port
from tests.support.talks import Worker
from tests.support.zygote import WebProcess, zygote

CANARY = "kanariepiet"
DOWN = (httpx.HTTPError,)


@pytest.mark.parametrize(
    ("kept", "after"),
    [
        pytest.param("by the bot", dt.timedelta(hours=24, minutes=1), id="bot, 24 hours"),
        pytest.param("by the desk", dt.timedelta(days=30, minutes=1), id="desk, 30 days"),
        pytest.param("wiped", dt.timedelta(0), id="wiped, at once"),
    ],
)
async def test_when_its_time_is_over_neither_words_nor_key_are_left(place, kept, after):
    """The process logs at debug level; a backup is made before and after. All files are read."""
    began = await place.begins(NIGHT)
    await place.says(began, f"{CANARY} {URGENT}")
    if kept == "by the desk":
        await place.is_taken(began)
    wrapped = await place.wrapped_key(began)
    assert wrapped is not None
    place.back_up()
    assert place.files_with(CANARY.encode()) == []
    assert place.files_with(wrapped)

    almost = after - dt.timedelta(minutes=2)
    if kept == "wiped":
        await place.post(began, "/forget")
    else:
        await place.runs_at(NIGHT + almost)
        assert await place.wrapped_key(began) == wrapped
        await place.runs_at(NIGHT + after)
    await until(lambda: place.is_forgotten(began))
    place.back_up()

    assert place.files_with(CANARY.encode()) == []
    await until(lambda: place.is_free_of(wrapped))
    assert (await place.events(began)).status_code == 410


async def until(is_so, within=60):
    """Wait until `is_so()`."""
    deadline = time.monotonic() + within
    while not await is_so():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.05)


class Place:
    """A folder with a database, a release, logs and backups, and the web process over it."""

    def __init__(self, parent, settings):
        self._parent, self.settings = parent, settings
        self.process = None

    async def begins(self, moment):
        await self.runs_at(moment)
        answer = await self.http.post("/api/v1/conversations", json={})
        return answer.json()

    async def runs_at(self, moment):
        """Run the web process with its clock at `moment`, in place of the one before."""
        await self.end()
        port = free_port()
        env = {
            "NACHTLICHT_VAR": str(self.settings.var),
            "NACHTLICHT_PORT": str(port),
            "NACHTLICHT_CLOCK": moment.isoformat(),
            "NACHTLICHT_BOT_URL": "http://127.0.0.1:9",
            "NACHTLICHT_BOT_SECRET": "x",
            "LOG_LEVEL": "DEBUG",
            "PYTHONASYNCIODEBUG": "1",
        }
        self.process = WebProcess(self._parent, env, self.settings.var / "web.log")
        self.process.start()
        self.http = httpx.AsyncClient(base_url=self.process.url, timeout=20)
        for _ in range(3000):
            try:
                if (await self.http.get("/healthz")).status_code == 200:
                    return
            except DOWN:
                pass
            await asyncio.sleep(0.02)
        raise AssertionError(self.process.log.read_text())

    async def end(self):
        if self.process is not None:
            await self.http.aclose()
            self.process.end()

    async def says(self, talk, text):
        body = {"client_id": str(uuid.uuid4()), "text": text}
        answer = await self.post(talk, "/messages", json=body)
        assert answer.status_code == 201

    async def post(self, talk, verb, **how):
        return await self.http.post(self._path(talk) + verb, headers=self._headers(talk), **how)

    async def events(self, talk):
        return await self.http.get(f"{self._path(talk)}/events?wait=0", headers=self._headers(talk))

    async def is_taken(self, talk):
        """A counsellor joins, writes, and closes nothing; done beside the running process."""
        async with self.chat() as chat:
            worker = await Worker.arrive(chat)
            await worker.takes(_Named(talk["id"]))
            await worker.says(_Named(talk["id"]), f"{CANARY} van de medewerker")

    async def wrapped_key(self, talk):
        async with self.chat() as chat, chat.store.read() as session:
            return (await session.get_one(Conversation, uuid.UUID(talk["id"]))).wrapped_key

    @contextlib.asynccontextmanager
    async def chat(self):
        """A chat over the same database, beside the running process."""
        store = await Store.open(self.settings)
        bot = BotClient(self.settings)
        try:
            yield Chat(self.settings, store, Releases(self.settings.releases), bot, Notifier())
        finally:
            await bot.close()
            await store.close()

    async def is_forgotten(self, talk):
        return await self.wrapped_key(talk) is None

    async def is_free_of(self, word):
        """The log of SQLite is emptied in a later round when somebody was reading."""
        return self.files_with(word) == []

    def back_up(self):
        self.settings.move(seconds=1)
        make_backup(self.settings, self.settings.var / "backups", keep_days=30)

    def files_with(self, word):
        files = [path for path in self.settings.var.rglob("*") if path.is_file()]
        assert len(files) > 8
        return [path.name for path in files if word in path.read_bytes()]

    def _path(self, talk):
        return f"/api/v1/conversations/{talk['id']}"

    def _headers(self, talk):
        return {"Authorization": f"Bearer {talk['token']}"}


class _Named:
    """What a counsellor needs of a young person: the id of the talk."""

    def __init__(self, talk_id):
        self.id = uuid.UUID(talk_id)


@pytest.fixture(scope="module")
def zygote_parent():
    with zygote() as parent:
        yield parent


@shared_fixture
async def place(tmp_path, zygote_parent):
    """An empty SQLite database with a release beside it."""
    settings = places.sqlite_settings(tmp_path / "var")
    migrate(settings)
    publish_small(settings.releases)
    made = Place(zygote_parent, settings)
    yield made
    await made.end()
