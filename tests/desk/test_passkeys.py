"""Signing in with a passkey: who may, and every way in which an answer can be wrong."""

import asyncio
import copy
import json

import pytest
from sqlalchemy import select

from nachtlicht.chat.staff import Site, invite
from nachtlicht.settings import Settings
from nachtlicht.store import PasskeyChallenge, Role
from nachtlicht.web.app import create_app
from nachtlicht.web.desk.guard import COOKIE
from tests.desk.authenticator import PRESENT
from tests.desk.conftest import App, csrf_of
from tests.desk.invitations import accept, open_by
from tests.desk.passkeying import ASK, added, ask, audited, form, send, sign_in
from tests.support.serve import serving


async def test_a_passkey_alone_opens_the_desk(app, sanne, enter):
    """Added once signed in, then used in another browser without password or code."""
    device = await added(app, await enter(sanne))
    async with app.browser() as browser:
        answer = await sign_in(browser, device)
        page = await browser.get("/desk/account")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk"
    assert "Laptop" in page.text
    assert "Nog niet" not in page.text  # it was used a moment ago
    assert await audited(app) == [
        ("passkey_added", None, sanne.id),
        ("sign_in", "passkey", sanne.id),
    ]


async def test_what_is_asked_names_nobody_and_wants_the_owner_present(app, sanne, enter):
    """A stranger learns of no account; a device without its owner's finger or PIN will not do."""
    await added(app, await enter(sanne))
    async with app.browser() as browser:
        asked = await ask(browser)

    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "localhost"


async def test_an_answer_works_once(app, sanne, enter):
    """Who copies it on the way has nothing; nor has who stops the first and sends the second."""
    device = await added(app, await enter(sanne))
    async with app.browser() as browser:
        signed = device.sign(await ask(browser))
        first = await send(browser, signed)
        browser.cookies.pop(COOKIE)
        again = await send(browser, signed)

    assert (first.status_code, again.status_code) == (303, 401)


async def test_a_wrong_answer_uses_the_question_up(app, sanne, enter):
    """No second try at the same challenge, not even with the right answer."""
    device = await added(app, await enter(sanne))
    async with app.browser() as browser:
        asked = await ask(browser)
        device.flags = PRESENT
        wrong = await send(browser, device.sign(asked))
        device.flags = PRESENT | 4
        right = await send(browser, device.sign(asked))

    assert (wrong.status_code, right.status_code) == (401, 401)


async def test_an_answer_after_five_minutes_is_too_late(app, sanne, enter):
    """And not a moment before; what is too old is thrown away by the next question."""
    device = await added(app, await enter(sanne))
    async with app.browser() as browser:
        early = await ask(browser)
        app.settings.move(minutes=4, seconds=59)
        in_time = await send(browser, device.sign(early))
        browser.cookies.pop(COOKIE)
        late = await ask(browser)
        app.settings.move(minutes=5)
        too_late = await send(browser, device.sign(late))
        await ask(browser)

    assert (in_time.status_code, too_late.status_code) == (303, 401)
    async with app.store.read() as session:
        assert len((await session.scalars(select(PasskeyChallenge))).all()) == 1


async def test_a_question_belongs_to_one_browser(app, sanne, enter):
    """A page that passes another's question on signs nobody in."""
    device = await added(app, await enter(sanne))
    async with app.browser() as mine, app.browser() as theirs:
        asked = await ask(theirs)
        await ask(mine)
        answer = await send(mine, device.sign(asked))

    assert answer.status_code == 401


LIES = {
    "another origin": {"origin": "https://desk-nachtlicht.test"},
    "another port": {"origin": "http://localhost:1"},
    "another site": {"host": "nachtlicht.test"},
    "owner not verified": {"flags": PRESENT},
    "another person's key": {"user": b"\x01" * 16},
    "nobody's key": {"user": b""},
    "an unknown key": {"id": b"\x07" * 32},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
async def test_every_wrong_word_reads_the_same(app, sanne, enter, lie):
    """One sentence for all, and no session; the audit has the refusal."""
    device = await added(app, await enter(sanne))
    vars(device).update(lie)
    async with app.browser() as browser:
        answer = await sign_in(browser, device)

    assert answer.status_code == 401
    assert "Aanmelden met een passkey is niet gelukt" in answer.text
    assert COOKIE not in browser.cookies
    known = None if "id" in lie else sanne.id
    assert (await audited(app))[-1] == ("sign_in_refused", "passkey", known)


async def test_the_key_of_a_colleague_opens_only_their_own_desk(app, sanne, mila, enter):
    """A device that claims to be another's is refused; as itself it signs its owner in."""
    hers, mine = await added(app, await enter(sanne)), await added(app, await enter(mila))
    own = mine.user
    async with app.browser() as browser:
        mine.user = hers.user
        assert (await sign_in(browser, mine)).status_code == 401
        mine.user, mine.id, kept = own, hers.id, mine.id
        assert (await sign_in(browser, mine)).status_code == 401
        mine.id = kept
        await sign_in(browser, mine)
        page = await browser.get("/desk/account")

    assert "Mila" in page.text


async def test_a_copied_device_is_found_by_its_count(app, sanne, enter):
    """The copy counts on from where it was made, so it comes too low."""
    device = await added(app, await enter(sanne))
    async with app.browser() as browser:
        for _ in range(2):
            assert (await sign_in(browser, device)).status_code == 303
            browser.cookies.pop(COOKIE)
        device.uses = 1
        assert (await sign_in(browser, device)).status_code == 401


async def test_a_stopped_account_is_not_opened_by_its_passkey(app, sanne, lead, enter):
    """Nor is one whose owner came back by a new invitation: the phone may be in other hands."""
    device, boss = await added(app, await enter(sanne)), await enter(lead)
    await boss.post(f"/desk/team/{sanne.id}/stoppen", data={})
    async with app.browser() as browser:
        assert (await sign_in(browser, device)).status_code == 401
    await boss.post(f"/desk/team/{sanne.id}/starten", data={})
    made = await invite(app.store, sanne.login, Role.COUNSELLOR, now=app.settings.now())
    async with app.browser() as browser:
        await accept(browser, await open_by(browser, made.token), made.token)
        page = await browser.get("/desk/account")
    async with app.browser() as browser:
        assert (await sign_in(browser, device)).status_code == 401

    assert "Laptop" not in page.text


async def test_a_session_is_made_anew(app, sanne, enter):
    """A planted cookie is worth nothing, and the session before ends."""
    before = await enter(sanne)
    device, old = await added(app, before), before.cookies[COOKIE]
    await sign_in(before, device, csrf=before.csrf)

    assert before.cookies[COOKIE] != old
    async with app.browser() as thief:
        thief.cookies[COOKIE] = old
        assert (await thief.get("/desk")).status_code == 303
        thief.cookies[COOKIE] = "planted"
        await sign_in(thief, device)
        assert thief.cookies[COOKIE] != "planted"


async def test_many_tries_are_slowed_down(app, sanne, enter):
    """As with passwords: after five wrong ones even the right one has to wait."""
    device = await added(app, await enter(sanne))
    async with app.browser() as browser:
        device.origin = "https://evil.test"
        wrong = [await sign_in(browser, device) for _ in range(5)]
        device.origin = app.settings.public_origin
        right = await sign_in(browser, device)
        asked = [await browser.post(ASK, data={"csrf": await form(browser)}) for _ in range(55)]

    assert {answer.status_code for answer in wrong} == {401}
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) > 0
    assert asked[-1].status_code == 429


async def test_an_answer_may_hold_anything(app, sanne, enter):
    """Nonsense is refused like a wrong one, never an error of ours."""
    device = await added(app, await enter(sanne))
    async with app.browser() as browser:
        sound = json.loads(device.sign(await ask(browser)))
    cut = {**sound["response"], "clientDataJSON": "bm9uc2Vuc2U", "userHandle": "é"}
    for answer in ("", "{", "[]", "[" * 20_000, "{}", json.dumps({**sound, "response": cut})):
        async with app.browser() as browser:
            assert (await send(browser, answer)).status_code in (401, 429)
        async with app.browser() as browser:
            assert COOKIE not in browser.cookies


async def test_of_a_device_and_its_copy_at_one_moment_one_gets_in(app, sanne, enter):
    """The count is the condition of the change, not only of the check before it."""
    device = await added(app, await enter(sanne))
    twin = copy.copy(device)
    async with app.browser() as first, app.browser() as second:
        one, two = device.sign(await ask(first)), twin.sign(await ask(second))
        answers = await asyncio.gather(send(first, one), send(second, two))

    assert sorted(answer.status_code for answer in answers) == [303, 401]


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://bureau.test", "bureau.test"),
        ("https://bureau.test:8443", "bureau.test"),
        ("http://localhost:8080", "localhost"),
        ("http://127.0.0.1:8080", None),
        ("https://[::1]", None),
        ("http://bureau.test", None),
    ],
)
def test_passkeys_need_a_name_and_tls(origin, host):
    """As browsers want it; this machine's own name is the exception."""
    site = Site.of(Settings(public_origin=origin))
    assert site == (Site(host, origin) if host else None)


async def test_without_a_name_for_the_desk_the_pages_offer_none(app_without_name):
    """And say on the account page why; the door is as it was."""
    async with app_without_name.browser() as browser:
        door = await browser.get("/desk/aanmelden")
        asked = await browser.post(ASK, data={"csrf": csrf_of(door)}, accept="application/json")

    assert "passkey" not in door.text
    assert asked.status_code == 401


@pytest.fixture
def app(named_app):
    return named_app


@pytest.fixture
async def app_without_name(desk_settings):
    made = create_app(desk_settings)
    async with serving(made) as url:
        yield App(url, desk_settings, made.ctx.chat, made)
