"""Alive, ready, and the numbers: for the operator, without a word of a talk."""

from tests.chat.fake_rasa import RasaThread
from tests.support.shared import shared_fixture
from tests.support.small_release import ACUTE, HARMLESS

CANARY = "kanariepiet"


async def test_alive(site):
    """The loop turns; nothing else is asked."""
    answer = await site.http.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_without_bot_and_actions_it_is_ready_but_degraded(site):
    """Lines are taken, judged and brought to the desk; each part is told apart."""
    answer = await site.http.get("/readyz")

    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "degraded")
    parts = told["parts"]
    assert [parts[name]["ok"] for name in ("store", "release", "rules")] == [True] * 3
    assert [parts[name]["ok"] for name in ("bot", "actions")] == [False] * 2
    assert parts["release"]["id"] == site.chat.releases.release.id


async def test_a_bot_that_answers_is_told_with_its_release(site, bot):
    """The bot may still run the release before."""
    parts = (await site.http.get("/readyz")).json()["parts"]

    assert parts["bot"] == {"ok": True, "release": "fake"}


async def test_without_a_store_it_is_down(site, monkeypatch):
    """503: a balancer must send nobody here."""
    engine = site.chat.store._reader
    monkeypatch.setattr(type(site.chat.store), "ping", _broken)

    answer = await site.http.get("/readyz")

    assert engine is site.chat.store._reader
    assert (answer.status_code, answer.json()["status"]) == (503, "down")
    assert answer.json()["parts"]["store"] == {"ok": False, "problem": "OperationalError"}


async def test_a_release_that_cannot_be_taken_is_told(site, settings):
    """The old one goes on; the operator can see that, and why."""
    link = settings.releases / "current"
    good = link.readlink()
    broken = settings.releases / "20261103T000000Z-cccccc"
    broken.mkdir()
    link.unlink()
    link.symlink_to(broken.name)
    try:
        await site.chat.releases.refresh()
        told = (await site.http.get("/readyz")).json()
    finally:
        link.unlink()
        link.symlink_to(good)
        await site.chat.releases.refresh()

    assert told["status"] == "degraded"
    assert "manifest" in told["parts"]["release"]["problem"]


async def test_the_numbers_hold_no_words(site, phone):
    """Lines by level, silences by reason, requests by route; no id and no text."""
    await phone.send(f"{CANARY} {HARMLESS}")
    await phone.send(f"{CANARY} {ACUTE}")

    told = (await site.http.get("/metrics")).text

    assert 'nachtlicht_lines_total{level="acute"}' in told
    assert 'nachtlicht_bot_silent_total{why="unreachable"}' in told
    assert 'route="youth.line",status="201"' in told
    assert "nachtlicht_verdicts_waiting 0.0" in told
    assert CANARY not in told
    assert phone.id not in told
    assert phone.token not in told


async def _broken(_self):
    from sqlalchemy.exc import OperationalError

    raise OperationalError("SELECT 1", None, Exception("gone"))


@shared_fixture
async def bot(site):
    """A bot that answers at the address of the app."""
    with RasaThread() as thread:
        before = site.chat.bot._http.base_url
        site.chat.bot._http.base_url = thread.url
        yield thread.fake
        site.chat.bot._http.base_url = before
