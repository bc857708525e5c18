"""Rate limits over HTTP: generous, without a stored address, and never in the way of danger."""

import asyncio
import collections
import re
import time

import pytest
from sanic import Request
from sanic.compat import Header

from nachtlicht.web.limits import (
    CODES_OF_AN_ADDRESS,
    LINES_OF_A_TALK,
    LINES_OF_AN_ADDRESS,
    STARTS,
)
from tests.support.shared import shared_fixture
from tests.support.small_release import ACUTE, HARMLESS

pytestmark = pytest.mark.parametrize("both", ["sqlite"], indirect=True)
ADDRESS = "203.0.113.7"


@pytest.fixture(autouse=True)
async def within_one_minute():
    """Counts are kept by the minute, and what was hit in the last one weighs less in the next."""
    left = 60 - time.time() % 60
    if left < 5:
        await asyncio.sleep(left)


async def test_too_many_talks_from_one_address_are_refused(site, behind_proxy):
    """429 with the time to wait; another address goes on."""
    limits = site.app.ctx.limits
    for _ in range(STARTS.amount - 1):
        await limits.check_start(request_of(site, ADDRESS))

    answers = [await begin(site, ADDRESS) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 429]
    assert answers[-1].headers["retry-after"] == "60"
    assert answers[-1].json()["error"]["code"] == "too_many"
    assert (await begin(site, "203.0.113.8")).status_code == 201


async def test_too_many_lines_are_refused_unless_there_is_danger(site, phone):
    """The line is judged first; a message with risk is never refused."""
    for _ in range(LINES_OF_A_TALK.amount):
        await site.app.ctx.limits._hit(LINES_OF_A_TALK, "talk", phone.id)

    harmless = await phone.send(HARMLESS)
    acute = await phone.send(ACUTE)

    assert (harmless.status_code, harmless.json()["error"]["code"]) == (429, "too_many")
    assert harmless.headers["retry-after"] == "30"
    assert acute.status_code == 201
    assert HARMLESS not in await phone.hears()


async def test_ten_thousand_small_posts_hold_up_nobody(site, phone, behind_proxy):
    """Those over the limit are refused without work; who is elsewhere goes on meanwhile."""
    port = int(site.url.rpartition(":")[2])
    request = (
        "POST /api/v1/conversations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"X-Forwarded-For: {ADDRESS}\r\nContent-Length: 2\r\n\r\n{{}}"
    )

    async def flood(count):
        told = collections.Counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(count):
            writer.write(request.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(re.search(rb"content-length: (\d+)", head, re.I)[1]))
            told[int(head.split()[1])] += 1
        writer.close()
        return told

    floods = [asyncio.create_task(flood(500)) for _ in range(20)]
    during = [await phone.send(f"{HARMLESS} {number}") for number in range(10)]
    assert not all(flooding.done() for flooding in floods), "it was no flood while they wrote"
    told = sum(await asyncio.gather(*floods), collections.Counter())

    assert [answer.status_code for answer in during] == [201] * 10
    assert set(told) == {201, 429}
    assert told.total() == 10_000
    # A window that moves, which is not the same minute for all of a slow machine's flood.
    assert STARTS.amount <= told[201] <= 3 * STARTS.amount


async def test_words_cannot_be_guessed_at(site, phone, behind_proxy):
    """Ten tries a minute from one address; the eleventh is not even looked at."""
    words = (await phone.post("/code")).json()["words"]
    wrong = {"words": "vier woorden die niets"}
    tries = [await come_back(site, wrong) for _ in range(CODES_OF_AN_ADDRESS.amount)]

    assert {answer.status_code for answer in tries} == {404}
    assert tries[0].json()["error"]["code"] == "code_unknown"
    assert (await come_back(site, {"words": words})).status_code == 429
    elsewhere = await come_back(site, {"words": words}, "203.0.113.9")
    assert (elsewhere.status_code, elsewhere.json()["id"]) == (200, phone.id)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", ""])
async def test_our_own_machine_is_not_counted(site, behind_proxy, address):
    """A proxy that hides addresses must not make one count of everybody's."""
    limits = site.app.ctx.limits
    for _ in range(STARTS.amount + 5):
        await limits.check_start(request_of(site, address))

    assert (await begin(site, address)).status_code == 201


async def test_no_address_is_kept(site, behind_proxy):
    """Neither in what is counted nor anywhere near it."""
    await begin(site, ADDRESS)

    limits = site.app.ctx.limits
    kept = repr(vars(limits)) + "".join(repr(vars(part.storage)) for part in limits._limiters)

    assert "start" in kept
    assert ADDRESS not in kept


async def test_yesterdays_names_cannot_be_compared_with_todays(site, settings, behind_proxy):
    """The salt is renewed each day, and the old one is gone."""
    limits, request = site.app.ctx.limits, request_of(site, ADDRESS)
    today = limits._who(request)
    assert limits._who(request) == today

    settings.move(days=1)

    assert limits._who(request) != today


async def test_the_limits_are_generous(site):
    """A class of thirty behind one address, and a child that types in bursts, fit in them."""
    assert STARTS.amount >= 60
    assert LINES_OF_A_TALK.amount >= 60
    assert LINES_OF_AN_ADDRESS.amount >= 30 * 20


async def begin(site, address):
    return await site.http.post(
        "/api/v1/conversations", json={}, headers={"X-Forwarded-For": address}
    )


async def come_back(site, body, address=ADDRESS):
    headers = {"X-Forwarded-For": address}
    return await site.http.post("/api/v1/comeback", json=body, headers=headers)


def request_of(site, address):
    """A request of Sanic's own kind, as it would come from `address` through the proxy."""
    headers = Header({"X-Forwarded-For": address})
    return Request(b"/", headers, "1.1", "POST", None, site.app)


@shared_fixture
async def behind_proxy(site):
    """The app believes one proxy in front of it."""
    site.app.config.PROXIES_COUNT = 1
    yield
    site.app.config.PROXIES_COUNT = None
