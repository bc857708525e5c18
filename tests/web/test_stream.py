"""The stream and the long poll: live, resumed by number, and alive in silence."""

import asyncio
import contextlib
import json
import uuid

import pytest

from nachtlicht.chat.forget import forget_talk
from tests.support.small_release import HARMLESS
from tests.support.waiting import until

# What is tested here is above the store; one kind of database is enough.
pytestmark = pytest.mark.parametrize("both", ["sqlite"], indirect=True)


async def test_a_stream_begins_at_once_and_tells_all_from_the_start(phone):
    """A comment first, so that a client knows that it is through; then every event."""
    async with listening(phone) as stream:
        assert await stream.line() == ": nachtlicht"
        events = [await stream.event() for _ in range(3)]

    assert events == [("message", 1), ("message", 2), ("state", 3)]


async def test_the_stream_carries_the_agreed_headers(phone):
    """No proxy may hold it back or keep it."""
    async with listening(phone) as stream:
        headers = stream.answer.headers

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["x-content-type-options"] == "nosniff"


async def test_news_arrives_while_the_stream_is_open(phone):
    """The line of the young person and the bot's answer, without asking again."""
    async with listening(phone, after=3) as stream:
        await stream.line()
        await phone.send(HARMLESS)
        assert [await stream.event(), await stream.event()] == [("message", 4), ("message", 5)]


async def test_a_stream_goes_on_where_the_client_was(phone):
    """By `after`, or by the header that browsers send."""
    await phone.send(HARMLESS)
    async with listening(phone, after=4) as stream:
        assert await stream.event() == ("message", 5)
    async with listening(phone, headers={"Last-Event-ID": "4"}) as stream:
        assert await stream.event() == ("message", 5)


async def test_a_silent_stream_gives_signs_of_life(phone, site):
    """Phones and proxies drop what is silent for too long."""
    site.app.ctx.heartbeat = 0.05
    async with listening(phone, after=3) as stream:
        await stream.line()
        assert await stream.line() == ":"
        assert await stream.line() == ":"


@pytest.mark.parametrize("verb", ["/exit", "/forget"])
async def test_a_stream_of_a_talk_that_ends_says_so_and_ends(phone, verb):
    """Another tab left: this one is told that it is gone."""
    async with listening(phone, after=3) as stream:
        await stream.line()
        await phone.post(verb)
        assert await stream.line() == "event: gone"
        await stream.end()


async def test_a_stream_learns_what_another_process_did(phone, site):
    """An operator's `nachtlicht forget` wakes nobody here: a silent stream looks now and then."""
    site.app.ctx.heartbeat = 0.05
    async with listening(phone, after=3) as stream:
        await stream.line()
        chat = site.chat
        await forget_talk(chat.store, uuid.UUID(phone.id), now=chat.settings.now())
        while (line := await stream.line()) == ":":
            pass
        assert line == "event: gone"


async def test_a_stream_with_a_wrong_token_never_begins(phone, site):
    """It is an ordinary refusal, not a stream that ends."""
    answer = await site.http.get(
        f"{phone.path}/events?after=0", headers={"Authorization": "Bearer x"}
    )

    assert answer.status_code == 401


async def test_a_client_that_goes_leaves_nothing_behind(phone, site):
    """No watch, no place."""
    async with listening(phone) as stream:
        await stream.line()
        assert site.chat.youth.streams == 1

    await until(lambda: site.chat.youth.streams == 0)
    assert site.chat.notifier._watches == {}


async def test_five_streams_of_one_talk_all_hear_the_same(phone):
    """Two tabs, a phone that came back, and what else there may be."""
    async with contextlib.AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(listening(phone, after=3)) for _ in range(5)]
        for stream in streams:
            await stream.line()
        await phone.send(HARMLESS)
        heard = [[await stream.event() for _ in range(2)] for stream in streams]

    assert heard == [[("message", 4), ("message", 5)]] * 5


async def test_when_the_process_stops_its_streams_end(phone, site):
    """Clients come back by themselves; nobody waits for a dead line."""
    async with listening(phone, after=3) as stream:
        await stream.line()
        site.app.ctx.stopping = True
        site.app.ctx.notifier.wake_all()
        await stream.end()
    site.app.ctx.stopping = False


async def test_a_poll_without_news_waits_and_comes_back_empty(phone):
    """It says how far the talk is."""
    answer = await phone.get("after=3&wait=0.1")

    assert answer.json() == {"events": [], "seq": 3}


async def test_a_poll_is_answered_as_soon_as_there_is_news(phone):
    """Long before its time is up."""
    waiting = asyncio.create_task(phone.get("after=3&wait=20"))
    await asyncio.sleep(0.1)
    await phone.send(HARMLESS)

    answer = await asyncio.wait_for(waiting, 15)

    assert answer.json()["events"][0]["seq"] == 4


async def test_a_poll_and_a_stream_give_the_same_events(phone):
    """The fallback is the same endpoint."""
    await phone.send(HARMLESS)
    polled = await phone.events()
    async with listening(phone) as stream:
        streamed = [await stream.data() for _ in polled]

    assert streamed == polled


class Stream:
    """Reads an open stream line by line, each within half a minute."""

    def __init__(self, answer):
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def line(self):
        """The next line that is not empty."""
        while True:
            line = await asyncio.wait_for(anext(self._lines), 30)
            if line:
                return line.rstrip()

    async def data(self):
        """The data of the next event."""
        while not (line := await self.line()).startswith("data: "):
            pass
        return json.loads(line.removeprefix("data: "))

    async def event(self):
        """Kind and number of the next event, as told in three places that must agree."""
        while not (line := await self.line()).startswith("id: "):
            pass
        kind = (await self.line()).removeprefix("event: ")
        told = json.loads((await self.line()).removeprefix("data: "))
        assert (told["type"], str(told["seq"])) == (kind, line.removeprefix("id: "))
        return kind, told["seq"]

    async def end(self):
        """Wait for the server to end the stream."""
        with contextlib.suppress(StopAsyncIteration):
            while True:
                await asyncio.wait_for(anext(self._lines), 30)


@contextlib.asynccontextmanager
async def listening(phone, after=None, headers=None):
    query = "" if after is None else f"?after={after}"
    async with phone.site.http.stream(
        "GET", f"{phone.path}/events{query}", headers={**phone.headers, **(headers or {})}
    ) as answer:
        assert answer.status_code == 200
        yield Stream(answer)
