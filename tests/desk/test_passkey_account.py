"""Passkeys on the account page: adding one, keeping it, removing it, and whose it is."""

import datetime as dt

import pytest
from sqlalchemy import select

from nachtlicht.chat.staff.passkeys import MOST
from nachtlicht.chat.staff.sessions import FRESH
from nachtlicht.store import Passkey, SignInSession
from tests.desk.authenticator import PRESENT, Authenticator
from tests.desk.passkeying import ASK, add, added, ask, audited, form, remove_path, sign_in


async def test_a_removed_passkey_opens_nothing(app, sanne, enter):
    """It is gone from the page and from the door."""
    browser = await enter(sanne)
    device = await added(app, browser)
    assert (await browser.post(await remove_path(app), data={})).status_code == 303

    assert "Laptop" not in (await browser.get("/desk/account")).text
    async with app.browser() as other:
        assert (await sign_in(other, device)).status_code == 401
    kinds = [action for action, _detail, _who in await audited(app)]
    assert kinds == ["passkey_added", "passkey_removed", "sign_in_refused"]


async def test_a_passkey_of_another_person_cannot_be_removed(app, sanne, mila, enter):
    """Its number alone does nothing."""
    device = await added(app, await enter(sanne))
    answer = await (await enter(mila)).post(await remove_path(app), data={})

    assert answer.status_code == 404
    async with app.browser() as browser:
        assert (await sign_in(browser, device)).status_code == 303


async def test_without_the_token_of_the_page_nothing_is_asked_or_kept(app, sanne, enter):
    """The guard stands before these routes as before all."""
    browser = await enter(sanne)
    async with app.browser() as visitor:
        await form(visitor)
        for path in (ASK, "/desk/aanmelden/passkey"):
            assert (await visitor.post(path, data={"csrf": "x" * 43})).status_code == 403
    for path in ("/desk/account/passkeys/vraag", "/desk/account/passkeys"):
        assert (await browser.post(path, data={"csrf": "x"})).status_code == 403


NEW_LIES = {
    "another origin": {"origin": "https://evil.test"},
    "another site": {"host": "evil.test"},
    "owner not verified": {"flags": PRESENT},
}


@pytest.mark.parametrize("lie", NEW_LIES.values(), ids=NEW_LIES)
async def test_a_passkey_that_was_made_elsewhere_is_not_kept(app, sanne, enter, lie):
    """With the reason on the page, and the refusal in the audit."""
    browser = await enter(sanne)
    device = Authenticator(app.settings.public_origin)
    vars(device).update(lie)
    answer = await add(browser, device)

    assert answer.status_code == 422
    assert "De passkey is niet bewaard" in answer.text
    assert await audited(app) == [("passkey_refused", None, sanne.id)]


async def test_an_answer_for_one_purpose_does_not_serve_another(app, sanne, mila, enter):
    """What was asked at the door adds no passkey; what a colleague was asked neither."""
    browser, other = await enter(sanne), await enter(mila)
    device = Authenticator(app.settings.public_origin)
    asked = (await other.post("/desk/account/passkeys/vraag", data={})).json()
    theirs = device.make(asked)
    answer = await browser.post("/desk/account/passkeys", data={"naam": "x", "antwoord": theirs})
    assert answer.status_code == 422

    async with app.browser() as visitor:
        question = await ask(visitor)
        made = device.make({**asked, "challenge": question["challenge"]})
        again = await other.post("/desk/account/passkeys", data={"naam": "x", "antwoord": made})
    assert again.status_code == 422


async def test_a_passkey_is_kept_once_and_a_person_has_ten_at_most(app, sanne, mila, enter):
    """Neither the same key twice, nor another's as one's own."""
    browser, other = await enter(sanne), await enter(mila)
    device = await added(app, browser)
    assert (await add(browser, device)).status_code == 422
    assert (await add(other, device)).status_code == 422
    for _ in range(MOST - 1):
        await added(app, browser)
    refused = await browser.post("/desk/account/passkeys/vraag", data={}, accept="application/json")

    assert refused.status_code == 422
    assert f"al {MOST} passkeys" in refused.json()["error"]["text"]


async def test_who_finds_the_desk_open_later_adds_no_passkey(app, sanne, enter):
    """Both factors must have been shown within the last quarter of an hour; the page says so."""
    browser = await enter(sanne)
    page = await browser.get("/desk/account")
    assert "Voeg een passkey toe" in page.text
    await signed_in_before(app, FRESH + dt.timedelta(seconds=1))

    page = await browser.get("/desk/account")
    asked = await browser.post("/desk/account/passkeys/vraag", data={}, accept="application/json")

    assert "Voeg een passkey toe" not in page.text
    assert "Meld je opnieuw aan" in page.text
    assert asked.status_code == 403
    assert asked.json()["error"]["code"] == "sign_in_again"


async def signed_in_before(app, ago):
    """Let every session have begun that much earlier."""
    async with app.store.write() as session:
        for one in await session.scalars(select(SignInSession)):
            one.created_at -= ago


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\x07b"])
async def test_a_passkey_has_a_name_that_can_be_read(app, sanne, enter, name):
    """What it should be is said on the page."""
    device = Authenticator(app.settings.public_origin)
    answer = await add(await enter(sanne), device, naam=name)

    assert answer.status_code == 422
    assert "naam voor je passkey" in answer.text


async def test_nothing_personal_of_a_passkey_is_stored_in_clear(app, sanne, enter):
    """Who reads the database learns neither its name nor its id."""
    device = await added(app, await enter(sanne))
    async with app.store.read() as session:
        (row,) = (await session.scalars(select(Passkey))).all()
        stored = b"".join(value for value in vars(row).values() if isinstance(value, bytes))

    assert b"Laptop" not in stored
    assert device.id not in stored
    assert row.unseal(app.store.staff_key, "name") == "Laptop"


@pytest.fixture
def app(named_app):
    return named_app
