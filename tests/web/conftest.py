"""The web app, served over a real socket; a test speaks HTTP to it and moves its clock."""

import dataclasses
import json
import uuid
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from nachtlicht.web.app import create_app
from nachtlicht.web.limits import Limits
from nachtlicht.web.stream import HEARTBEAT
from tests.support import places
from tests.support.serve import serving
from tests.support.shared import *  # noqa: F403 - fixtures
from tests.support.shared import share_loop, shared_fixture
from tests.support.small_release import NIGHT, publish_small
from tests.support.talks import Worker


def pytest_collection_modifyitems(items):
    share_loop(items, Path(__file__).parent)


@dataclasses.dataclass
class Site:
    """A running web app: its address, the app itself, and a client without a token."""

    app: object
    url: str
    http: httpx.AsyncClient

    @property
    def chat(self):
        return self.app.ctx.chat

    async def begin(self, **body):
        """Begin a talk over HTTP."""
        answer = await self.http.post("/api/v1/conversations", json=body)
        assert answer.status_code == 201, answer.text
        return Phone(self, **answer.json())

    async def idle(self):
        await self.chat.idle()


@dataclasses.dataclass
class Phone:
    """A young person's client: one talk, one token."""

    site: Site
    id: str
    token: str
    seq: int

    @property
    def path(self):
        return f"/api/v1/conversations/{self.id}"

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, verb="", **how):
        """POST to the talk; `headers` are added to the token's."""
        headers = {**self.headers, **how.pop("headers", {})}
        return await self.site.http.post(f"{self.path}{verb}", headers=headers, **how)

    async def send(self, text, client_id=None):
        """Send a line."""
        body = {"client_id": client_id or str(uuid.uuid4()), "text": text}
        # Through json.dumps, as httpx refuses what a broken client would send.
        raw = json.dumps(body).encode()
        answer = await self.post(
            "/messages", content=raw, headers={"Content-Type": "application/json"}
        )
        await self.site.idle()
        return answer

    async def get(self, query="after=0&wait=0"):
        """GET the events."""
        return await self.site.http.get(f"{self.path}/events?{query}", headers=self.headers)

    async def events(self, after=0):
        answer = await self.get(f"after={after}&wait=0")
        assert answer.status_code == 200, answer.text
        return answer.json()["events"]

    async def hears(self):
        """All that was said, by anyone."""
        return [event["message"]["text"] for event in await self.events() if "message" in event]


@dataclasses.dataclass
class Served:
    """One app that serves for the whole session; making one costs more than most tests."""

    site: Site
    settings: object


async def _served(made, folder):
    settings = places.with_own_folder(made[0], folder)
    publish_small(settings.releases)
    app = create_app(settings)
    async with serving(app) as url, httpx.AsyncClient(base_url=url, timeout=60) as http:
        yield Served(Site(app, url, http), settings)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sqlite_site(sqlite_store, tmp_path_factory):
    async for served in _served(sqlite_store, tmp_path_factory.mktemp("site-sqlite")):
        yield served


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_site(postgres_store, tmp_path_factory):
    async for served in _served(postgres_store, tmp_path_factory.mktemp("site-postgres")):
        yield served


@pytest.fixture
def served(request, both):
    """The app that serves over the database of this test, which is empty."""
    kind = "sqlite" if both[1].is_sqlite else "postgres"
    return request.getfixturevalue(f"{kind}_site")


@pytest.fixture
def settings(served):
    """The settings of the app, with the clock back where it begins."""
    served.settings.set(NIGHT)
    return served.settings


@shared_fixture
async def site(served, settings):
    """The web app over an empty database, with nobody at the bot's address."""
    app = served.site.app
    app.ctx.limits = Limits(settings)
    app.ctx.heartbeat = HEARTBEAT
    yield served.site
    await app.ctx.chat.idle()


@shared_fixture
async def phone(site, noise):
    """A young person who has just begun a talk."""
    return await site.begin()


@shared_fixture
async def noise(site):
    """Another young person, who must be left alone."""
    other = await site.begin()
    before = await other.events()
    yield other
    assert await other.events() == before


@shared_fixture
async def worker(site):
    """A counsellor who is present."""
    return await Worker.arrive(site.chat)


@pytest.fixture
def talk_id():
    """The id of a talk that does not exist."""
    return str(uuid.uuid4())
