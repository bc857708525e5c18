"""The real web process: killed at chosen moments, stopped with grace, silent in its logs."""

import asyncio
import dataclasses
import json
import signal
import socket
import uuid

import httpx
import pytest

from tests.chat.fake_rasa import RasaThread
from tests.support.shared import shared_fixture
from tests.support.small_release import ACUTE, HARMLESS, NIGHT, URGENT, publish_small
from tests.support.system import free_port
from tests.support.zygote import WebProcess, zygote

CANARY = "kanariepiet"
DOWN = (httpx.HTTPError,)


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_a_line_that_was_acknowledged_just_before_a_kill_is_answered_after_it(web):
    """The bot was thinking when the process died; the next process asks again, once."""
    web.process.start()
    await web.is_up()
    typist = await Typist.begin(web)
    web.rasa.delay = 30
    await typist.send(HARMLESS)
    web.rasa.delay = 0
    for _ in range(2):  # and a second new process finds nothing left to answer
        web.process.end()
        web.process.start()
        await web.is_up()
        await typist.waits_for(lambda said: len(answers(said)) == 1)

    assert len(answers(await typist.hears())) == 1


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_danger_is_in_the_queue_when_it_is_acknowledged(web):
    """Killed right after the acknowledgement: handoff and safety reply are there."""
    web.process.start()
    await web.is_up()
    typist = await Typist.begin(web)
    await typist.send(ACUTE)
    web.process.end()
    web.process.start()
    await web.is_up()

    events = await typist.events()
    said = [event["message"]["text"] for event in events if "message" in event]
    states = [event["state"]["state"] for event in events if "state" in event]
    assert said[-2:] == ["utter_acuut_zelfdoding", "utter_overdracht_acuut_niemand"]
    assert states[-1] == "waiting"


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_it_stops_within_five_seconds_with_streams_open(web):
    """SIGTERM ends the streams; clients come back to the next process by themselves."""
    web.process.start()
    await web.is_up()
    typist = await Typist.begin(web)
    async with web.http.stream("GET", f"{typist.path}/events", headers=typist.headers) as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        web.process.end(signal.SIGTERM)

        assert await web.process.ended() < 5


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_no_word_of_a_talk_is_in_the_logs(web):
    """Lines, refusals, broken bodies, tokens, faults: what is logged is closed words only."""
    web.process.start()
    await web.is_up()
    typist = await Typist.begin(web)
    for text in (f"{CANARY} {URGENT}", f"{CANARY} {ACUTE}", f"{CANARY}\x00", CANARY * 2000):
        await typist.post(text, str(uuid.uuid4()))
    web.rasa.raw = json.dumps({"messages": [{"text": [CANARY]}]})
    await typist.post(f"{CANARY} nog iets", str(uuid.uuid4()))
    for body in (f'{{"text": "{CANARY}"', f'{{"text": "{CANARY}", "client_id": "{CANARY}"}}'):
        await web.http.post(f"{typist.path}/messages", content=body, headers=typist.headers)
    await web.http.get(f"/api/v1/{CANARY}?q={CANARY}", headers={"X-Word": CANARY})
    await web.http.get(f"{typist.path}/events?after={CANARY}", headers=typist.headers)
    web.process.end(signal.SIGTERM)
    await web.process.ended()

    log = web.process.log.read_text()
    assert '"event": "serving"' in log
    assert CANARY not in log
    assert typist.token not in log
    assert not [line for line in log.splitlines() if not line.startswith("{")]


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_a_port_in_use_is_told_in_one_sentence(web):
    """And the process ends; it does not wait."""
    with socket.create_server(("127.0.0.1", web.port)):
        web.process.start()
        await web.process.ended()

    last = web.process.log.read_text().splitlines()[-1]
    assert last.startswith(f"ServeError: Port {web.port} on 127.0.0.1 cannot be used")


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_without_a_release_it_does_not_start(web):
    """Rules fail closed."""
    (web.settings.releases / "current").unlink()

    web.process.start()
    await web.process.ended()

    assert "ReleaseError: No release is published" in web.process.log.read_text()


@dataclasses.dataclass
class Web:
    """A web process that a test starts and ends, with a fake bot beside it."""

    process: object
    settings: object
    rasa: object
    http: httpx.AsyncClient
    port: int
    kind: str

    async def is_up(self):
        for _ in range(3000):
            try:
                if (await self.http.get("/healthz")).status_code == 200:
                    return
            except DOWN:
                pass
            await asyncio.sleep(0.02)
        raise AssertionError(self.process.log.read_text())


class Typist:
    """A young person's client that retries until it is acknowledged."""

    def __init__(self, web, begun):
        self.web, self.token = web, begun["token"]
        self.path = f"/api/v1/conversations/{begun['id']}"
        self.headers = {"Authorization": f"Bearer {self.token}"}

    @classmethod
    async def begin(cls, web):
        answer = await web.http.post("/api/v1/conversations", json={})
        return cls(web, answer.json())

    async def send(self, text):
        """Send one line, again and again with one id, until it is acknowledged."""
        client_id = str(uuid.uuid4())
        while True:
            try:
                answer = await self.post(text, client_id)
            except DOWN:
                await asyncio.sleep(0.02)
                continue
            assert answer.status_code in (200, 201), answer.text
            return

    async def post(self, text, client_id):
        body = {"client_id": client_id, "text": text}
        return await self.web.http.post(f"{self.path}/messages", json=body, headers=self.headers)

    async def events(self, after=0):
        answer = await self.web.http.get(
            f"{self.path}/events?after={after}&wait=0", headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["events"]

    async def hears(self):
        """All that was said so far."""
        return [event["message"]["text"] for event in await self.events() if "message" in event]

    async def waits_for(self, is_right):
        """Wait until what was said `is_right`; returns all events."""
        for _ in range(1200):
            events = await self.events()
            said = [event["message"]["text"] for event in events if "message" in event]
            if is_right(said):
                return events
            await asyncio.sleep(0.05)
        raise AssertionError(said[-5:])


@pytest.fixture(scope="module")
def zygote_parent():
    with zygote() as parent:
        yield parent


def answers(said):
    """What the bot said to lines, or what was said in its place when it was too slow."""
    return [line for line in said if line.startswith("bot: ") or line == "utter_bot_stil"]


@shared_fixture
async def web(both, tmp_path, zygote_parent):
    """A web process over a database of its own kind, not yet started."""
    made, _ = both
    settings = dataclasses.replace(made, var=tmp_path)
    publish_small(settings.releases)
    port = free_port()
    with RasaThread() as thread:
        env = {
            "NACHTLICHT_VAR": str(tmp_path),
            "NACHTLICHT_PORT": str(port),
            "NACHTLICHT_CLOCK": NIGHT.isoformat(),
            "NACHTLICHT_MASTER_KEY_FILE": str(settings.master_key_file),
            "NACHTLICHT_BOT_URL": thread.url,
            "NACHTLICHT_BOT_SECRET": settings.bot_secret,
            "DATABASE_URL": settings.database_url,
        }
        process = WebProcess(zygote_parent, env, tmp_path / "web.log")
        async with httpx.AsyncClient(base_url=process.url, timeout=20) as http:
            yield Web(process, settings, thread.fake, http, port, both[1].kind)
        process.end()
