"""Staying signed in: how long, how it ends, and what of it is stored."""

from sqlalchemy import select

from nachtlicht.store import SignInSession
from nachtlicht.web.desk.guard import COOKIE
from tests.desk.conftest import try_sign_in


async def test_only_the_hash_of_a_token_is_stored(app, sanne, enter):
    """Who reads the database cannot be anybody."""
    browser = await enter(sanne)
    async with app.store.read() as session:
        stored = (await session.scalars(select(SignInSession))).all()
    token = browser.cookies[COOKIE].encode()
    assert stored
    assert all(token not in row.token_hash for row in stored)
    assert len(token) >= 43  # 256 bits in base 64


async def test_idle_for_four_hours_is_signed_out(app, sanne, enter):
    """And what the page asks by itself does not count as doing something."""
    browser = await enter(sanne)
    app.settings.move(hours=2)
    assert (await browser.get("/desk")).status_code == 200
    app.settings.move(hours=3)
    assert (await browser.get("/desk/zijbalk")).status_code == 200
    app.settings.move(hours=1, minutes=1)

    answer = await browser.get("/desk")
    assert answer.status_code == 303
    assert "voorbij=1" in answer.headers["location"]


async def test_nobody_stays_longer_than_twelve_hours(app, sanne, enter):
    """Also who is busy all the time."""
    browser = await enter(sanne)
    for _ in range(4):
        app.settings.move(hours=3)
        last = await browser.get("/desk")

    assert last.status_code == 303


async def test_signing_out_ends_the_session(app, sanne, enter):
    """The token is dead, and the browser is asked to forget."""
    browser = await enter(sanne)
    token = browser.cookies[COOKIE]
    answer = await browser.post("/desk/afmelden", data={})

    assert answer.headers["location"] == "/desk/aanmelden"
    assert "storage" in answer.headers["clear-site-data"]
    async with app.browser() as other:
        other.cookies[COOKIE] = token
        assert (await other.get("/desk")).status_code == 303


async def test_sessions_can_be_seen_and_ended_from_another_browser(app, sanne, enter):
    """A laptop left behind can be signed out."""
    laptop, phone = await enter(sanne), await enter(sanne)
    page = await phone.get("/desk/account")
    assert page.text.count("Stop deze sessie") == 1

    await phone.post("/desk/account/sessies/andere/stoppen", data={})
    assert (await laptop.get("/desk")).status_code == 303
    assert (await phone.get("/desk")).status_code == 200


async def test_a_session_of_another_person_cannot_be_ended(app, sanne, mila, enter):
    """Its number alone does nothing."""
    hers, mine = await enter(sanne), await enter(mila)
    async with app.store.read() as session:
        row = await session.scalar(
            select(SignInSession).where(
                SignInSession.counsellor_id == sanne.id, SignInSession.ended_at.is_(None)
            )
        )
    await mine.post(f"/desk/account/sessies/{row.id}/stoppen", data={})

    assert (await hers.get("/desk")).status_code == 200


async def test_a_stopped_account_is_out_at_once(app, sanne, lead, enter):
    """Its sessions end, and it cannot sign in."""
    browser, boss = await enter(sanne), await enter(lead)
    await boss.post(f"/desk/team/{sanne.id}/stoppen", data={})

    assert (await browser.get("/desk")).status_code == 303
    async with app.browser() as again:
        assert (await try_sign_in(again, sanne)).status_code == 401
