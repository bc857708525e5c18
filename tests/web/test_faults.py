"""What breaks around the web process, and what a young person and the desk notice of it.

docs/faults.md lists every fault with its test. Those of the bot are in tests/chat/test_reply.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import uuid
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from nachtlicht.store import ConversationState
from tests.support.small_release import ACUTE, HARMLESS, URGENT

ON_SQLITE = pytest.mark.parametrize("both", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("both", ["postgresql"], indirect=True)


@ON_SQLITE
async def test_a_full_disk_is_told_and_nothing_is_taken(phone, site):
    """503 and a Dutch sentence, no acknowledgement; with room again the same line goes in, once."""
    before, client_id = await phone.events(), str(uuid.uuid4())

    async with full_disk(site.chat.store):
        refused = await phone.send(f"{URGENT} {'x' * 9000}", client_id)
        assert await phone.events() == before

    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "store_unavailable")
    assert refused.json()["error"]["text"]
    taken = await phone.send(f"{URGENT} {'x' * 9000}", client_id)
    assert taken.status_code == 201
    assert len([e for e in await phone.events() if e.get("message", {}).get("client_id")]) == 1


@ON_POSTGRES
async def test_a_database_that_goes_away_comes_back(phone, site, settings):
    """503 while it is gone; `/readyz` says so; then the same line is taken, without a restart."""
    client_id = str(uuid.uuid4())

    async with gone(settings.database_url):
        refused = await phone.send(URGENT, client_id)
        ready = await site.http.get("/readyz")

    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "store_unavailable")
    assert (ready.status_code, ready.json()["status"]) == (503, "down")
    assert (await phone.send(URGENT, client_id)).status_code == 201
    assert (await site.http.get("/readyz")).status_code == 200


@ON_SQLITE
async def test_who_never_reads_holds_up_nobody(phone, site, noise):
    """A stream whose client takes nothing: others are answered, and its own talk goes on."""
    address = urlsplit(site.url)
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        deaf.connect((address.hostname, address.port))
        head = f"GET {phone.path}/events?after=0 HTTP/1.1\r\nHost: x\r\n"
        deaf.sendall(f"{head}Authorization: Bearer {phone.token}\r\n\r\n".encode())
        for _ in range(8):
            assert (await phone.send(f"{HARMLESS} {'x' * 9000}")).status_code == 201

        async with asyncio.timeout(30):
            assert (await phone.send(ACUTE)).status_code == 201
            assert (await noise.get()).status_code == 200
    assert "utter_acuut_zelfdoding" in await phone.hears()


@ON_SQLITE
async def test_who_sends_a_request_a_byte_at_a_time_holds_up_nobody(phone, site):
    """Forty open requests that are never finished: others are answered."""
    address = urlsplit(site.url)
    with contextlib.ExitStack() as slow:
        for _ in range(40):
            one = slow.enter_context(socket.create_connection((address.hostname, address.port)))
            one.sendall(
                b"POST /api/v1/conversations HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n"
            )

        async with asyncio.timeout(30):
            assert (await phone.send(URGENT)).status_code == 201
    assert site.app.config.REQUEST_TIMEOUT <= 15


@ON_SQLITE
async def test_all_come_back_at_once(phone, site, monkeypatch):
    """After a restart two thousand ask in the same second, from the number where they were."""
    for limit in ("REQUEST_TIMEOUT", "RESPONSE_TIMEOUT", "KEEP_ALIVE_TIMEOUT"):
        monkeypatch.setitem(site.app.config, limit, 600)  # how soon is for the benchmark to say
    before = await phone.events()

    answers = await asyncio.gather(*(asks_anew(site, phone) for _ in range(2000)))

    assert {status for status, _ in answers} == {200}
    assert all(events == before[1:] for _, events in answers)


async def test_with_bot_and_actions_dead_the_desk_still_gets_danger(phone, site, worker):
    """Nobody listens at their addresses: safety reply, queue, claim and talk all work."""
    await phone.send(ACUTE)
    ready = (await site.http.get("/readyz")).json()

    assert [ready["parts"][name]["ok"] for name in ("bot", "actions")] == [False, False]
    said = await phone.hears()
    assert "utter_acuut_zelfdoding" in said
    talk = _Named(phone.id)
    await worker.takes(talk)
    await worker.says(talk, "ik ben er")
    assert (await phone.hears())[-1] == "ik ben er"
    states = [event["state"]["state"] for event in await phone.events() if "state" in event]
    assert states[-1] == ConversationState.LIVE.value


async def asks_anew(site, phone):
    """A connection of its own, as each of many has; the status, and the events after the first."""
    address = urlsplit(site.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = f"GET {phone.path}/events?after=1&wait=0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    writer.write(f"{head}Authorization: Bearer {phone.token}\r\n\r\n".encode())
    told, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(told.split()[1]), json.loads(body)["events"]


class _Named:
    """What a counsellor needs of a young person: the id of the talk."""

    def __init__(self, talk_id):
        self.id = uuid.UUID(talk_id)


@contextlib.asynccontextmanager
async def full_disk(store):
    """No page can be added to the database file, and none is free, as when the disk is full."""
    await _on_writer(store, "CREATE TABLE filler (x)")
    await _set_pages(store, 1)  # SQLite takes no less than there are
    with contextlib.suppress(OperationalError):
        while True:
            await _on_writer(store, "INSERT INTO filler VALUES (zeroblob(3000))")
    try:
        yield
    finally:
        await _set_pages(store, 1073741823)
        await _on_writer(store, "DROP TABLE filler")


async def _on_writer(store, statement):
    async with store.write() as session:
        await session.execute(text(statement))


async def _set_pages(store, most):
    def limit(connection):
        connection.connection.dbapi_connection.execute(f"PRAGMA max_page_count = {most}").close()

    async with store._writer.connect() as connection:
        await connection.run_sync(limit)


@contextlib.asynccontextmanager
async def gone(address):
    """The database takes no connections, and those that there were are cut."""
    server, _, name = address.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
