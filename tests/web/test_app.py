"""The app as a whole: it takes a new release while it runs, and its rounds never end."""

import asyncio
import contextlib
import sqlite3

import pytest

from nachtlicht.store import inline
from nachtlicht.web import app as app_module
from tests.support.small_release import publish_small
from tests.support.waiting import until

pytestmark = pytest.mark.parametrize("both", ["sqlite"], indirect=True)


async def test_a_published_release_reaches_talks_that_are_open(site, settings, phone):
    """Within a few seconds, with a poll waiting all the while; nobody is dropped."""
    before = (settings.releases / "current").readlink()
    waiting = asyncio.create_task(phone.get("after=3&wait=20"))
    publish_small(
        settings.releases,
        "20261104T000000Z-dddddd",
        texts={"utter_stop": [{"text": "nieuwe woorden"}]},
    )
    try:
        releases = site.chat.releases
        await until(lambda: releases.release.id.endswith("dddddd"), within=15)  # less than the poll
        assert (await phone.send("stop")).status_code == 201
        assert (await waiting).json()["events"]
        assert (await phone.hears())[-1] == "nieuwe woorden"
    finally:
        (settings.releases / "current").unlink()
        (settings.releases / "current").symlink_to(before)
        await site.chat.releases.refresh()


async def test_a_round_that_fails_does_not_end_the_rounds(site):
    """The sweep of the next few seconds tries again."""
    rounds = []

    async def work():
        rounds.append(None)
        raise RuntimeError

    task = asyncio.create_task(app_module._every(0.01, work))
    await until(lambda: len(rounds) > 2)
    task.cancel()


async def test_a_client_that_hangs_up_is_answered_all_the_same(site, phone, monkeypatch):
    """The line is stored, and what follows from it happens without the client."""
    arrived, receive = asyncio.Event(), site.chat.receive

    def received(*line, **how):
        arrived.set()
        return receive(*line, **how)

    monkeypatch.setattr(site.chat, "receive", received)
    sending = asyncio.create_task(phone.send("hallo daar"))
    await asyncio.wait_for(arrived.wait(), 30)
    sending.cancel()
    await asyncio.wait([sending])
    assert sending.cancelled()
    await site.idle()

    assert (await phone.hears())[2:] == ["hallo daar", "utter_bot_stil"]


async def test_while_another_process_writes_the_loop_goes_on_and_nothing_is_lost(site, phone):
    """A line waits for the lock; other requests are answered meanwhile."""
    with contextlib.closing(sqlite3.connect(sqlite_file(site), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(phone.send("hallo"))
        for _ in range(5):
            assert (await site.http.get("/healthz")).status_code == 200
        assert not waiting.done()
        other.execute("ROLLBACK")

    assert (await waiting).status_code == 201


async def test_a_database_that_stays_locked_is_told(site, phone, monkeypatch):
    """503 with a code: the client keeps the line and sends it again."""
    monkeypatch.setattr(inline, "PATIENCE", 0.05)
    with contextlib.closing(sqlite3.connect(sqlite_file(site), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = await phone.send("hallo")
        other.execute("ROLLBACK")

    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "store_unavailable")
    assert (await phone.send("hallo")).status_code == 201


@pytest.mark.parametrize("path", ["/healthz", "/desk/aanmelden"])
async def test_both_faces_are_served_by_one_process(site, path):
    """The desk and the young person's side share the app, and nothing else."""
    assert (await site.http.get(path)).status_code == 200


def sqlite_file(site):
    """The file of the store."""
    return site.app.ctx.settings.database_url.removeprefix("sqlite:///")
