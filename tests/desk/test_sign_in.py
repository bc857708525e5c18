"""The door: who gets in, who does not, and that nothing can be learned from a refusal."""

import asyncio
import datetime as dt
import time

import pyotp
import pytest

from nachtlicht.chat.staff import invite, invite_first
from nachtlicht.store import Role, SignInSession
from nachtlicht.web.desk.guard import COOKIE
from tests.desk.conftest import PASSWORD, csrf_of, next_code, try_sign_in


async def test_lets_a_counsellor_in(app, sanne):
    """Login, password and code together open the desk."""
    async with app.browser() as browser:
        answer = await try_sign_in(browser, sanne)
        page = await browser.get("/desk")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk"
    assert "Sanne" in page.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": "niemand@desk.test"},
        {"wachtwoord": "paarse fiets zingt luid"},
        {"code": "000000"},
        {"wachtwoord": ""},
        {"code": "niet zes cijfers"},
    ],
    ids=["login", "password", "code", "no password", "no digits"],
)
async def test_gives_one_answer_for_everything_that_is_wrong(app, sanne, wrong):
    """An unknown login, a wrong password and a wrong code read the same."""
    async with app.browser() as browser:
        answer = await try_sign_in(browser, sanne, **wrong)

    assert answer.status_code == 401
    assert "Aanmelden is niet gelukt" in answer.text
    assert COOKIE not in browser.cookies


async def test_an_unknown_login_takes_as_long_as_a_known_one(app, sanne):
    """Both are hashed: neither answer comes back at once."""

    async def seconds(**wrong):
        async with app.browser() as browser:
            began = time.perf_counter()
            await try_sign_in(browser, sanne, **wrong)
            return time.perf_counter() - began

    known = await seconds(wachtwoord="paarse fiets zingt luid")
    unknown = await seconds(login="niemand@desk.test")
    async with app.browser() as browser:
        began = time.perf_counter()
        await browser.get("/desk/aanmelden")
        nothing = time.perf_counter() - began

    assert unknown > known / 4
    assert unknown > nothing  # so a page without hashing does not count as slow enough


async def test_a_code_works_once(app, sanne):
    """Who looks over a shoulder has nothing: the same code is refused the second time."""
    code = pyotp.TOTP(sanne.secret).now()
    async with app.browser() as first, app.browser() as second:
        one = await try_sign_in(first, sanne, code=code)
        two = await try_sign_in(second, sanne, code=code)

    assert (one.status_code, two.status_code) == (303, 401)


async def test_of_two_browsers_with_one_code_one_gets_in(app, sanne):
    """Also when both come at the same moment."""
    code = pyotp.TOTP(sanne.secret).now()
    async with app.browser() as first, app.browser() as second:
        answers = await asyncio.gather(
            try_sign_in(first, sanne, code=code), try_sign_in(second, sanne, code=code)
        )

    assert sorted(answer.status_code for answer in answers) == [303, 401]


async def test_many_tries_are_slowed_down(app, sanne):
    """After five wrong tries from one place even the right password has to wait."""
    async with app.browser() as browser:
        wrong = [await try_sign_in(browser, sanne, wachtwoord="fout" * 5) for _ in range(5)]
        right = await try_sign_in(browser, sanne)

    assert {answer.status_code for answer in wrong} == {401}
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) > 0


async def test_a_stranger_cannot_lock_a_colleague_out(app, sanne, mila):
    """Wrong tries on one login leave the others as they are."""
    async with app.browser() as browser:
        for _ in range(6):
            await try_sign_in(browser, sanne, wachtwoord="fout" * 5)
        answer = await try_sign_in(browser, mila)

    assert answer.status_code == 303


async def test_signing_in_always_makes_a_new_token(app, sanne):
    """A cookie that was planted beforehand is worth nothing."""
    async with app.browser() as browser:
        browser.cookies[COOKIE] = "planted"
        await try_sign_in(browser, sanne)

        assert browser.cookies[COOKIE] != "planted"
        browser.cookies[COOKIE] = "planted"
        assert (await browser.get("/desk")).status_code == 303


async def test_signing_in_again_ends_the_session_before(app, sanne, enter):
    """One browser, one session: the old token does not live on."""
    browser = await enter(sanne)
    old = browser.cookies[COOKIE]
    form = {"login": sanne.login, "wachtwoord": PASSWORD, "code": pyotp.TOTP(sanne.secret).now()}
    await browser.post("/desk/aanmelden", data=form)

    assert browser.cookies[COOKIE] != old
    async with app.browser() as thief:
        thief.cookies[COOKIE] = old
        assert (await thief.get("/desk")).status_code == 303


@pytest.mark.parametrize("planted", ["__Secure-__Host-nachtlicht", "nachtlicht"])
async def test_a_cookie_of_another_name_is_no_session(app, sanne, enter, planted):
    """A neighbouring host can set other names, never one with our prefix."""
    browser = await enter(sanne)
    async with app.browser() as other:
        other.cookies[planted] = browser.cookies[COOKIE]
        assert (await other.get("/desk")).status_code == 303


async def test_the_cookie_is_kept_from_scripts_and_other_sites(app, sanne):
    """`__Host-`, Secure, HttpOnly, SameSite=Strict; without a life beyond the browser."""
    async with app.browser() as browser:
        answer = await try_sign_in(browser, sanne)

    (line,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith(COOKIE + "=")]
    parts = {part.strip().lower() for part in line.split(";")[1:]}
    assert parts == {"path=/", "secure", "httponly", "samesite=strict"}


async def test_only_the_hash_of_a_token_is_stored(app, sanne, enter):
    """Who reads the database cannot be anybody."""
    browser = await enter(sanne)
    from sqlalchemy import select

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
    from sqlalchemy import select

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


async def test_after_signing_in_one_stays_at_the_desk(app, sanne):
    """The way back can only be a page of the desk."""
    async with app.browser() as browser:
        for onward in ("https://evil.test/desk/", "//evil.test/desk/", "/desk//evil.test", "/etc"):
            await next_code(app.store, sanne)
            answer = await try_sign_in(browser, sanne, verder=onward)
            assert answer.headers["location"] == "/desk"
            browser.cookies.clear()


async def test_the_first_invitation_is_made_until_somebody_is_in(desk_settings, app):
    """`make run` shows a link at each start, and none once it was used."""
    first = await invite_first(app.store, desk_settings)
    second = await invite_first(app.store, desk_settings)
    assert first != second
    assert second.startswith(f"{desk_settings.public_origin}/desk/uitnodiging#")

    async with app.browser() as browser:
        old = await _open(browser, first.partition("#")[2])
        page = await _open(browser, second.partition("#")[2])
        done = await _accept(browser, page, second.partition("#")[2])
        queue = await browser.get("/desk")

    assert old.status_code == 404
    assert done.status_code == 303
    assert "Wachtrij" in queue.text
    assert await invite_first(app.store, desk_settings) is None


async def test_an_invitation_works_once(app, desk_settings):
    """Who finds the link later finds nothing."""
    made = await invite(app.store, "nieuw", Role.COUNSELLOR, now=desk_settings.now())
    async with app.browser() as browser, app.browser() as finder:
        page = await _open(browser, made.token)
        await _accept(browser, page, made.token)
        assert (await _open(finder, made.token)).status_code == 404


async def test_an_invitation_ends_after_a_day(app, desk_settings):
    """And not a minute before."""
    made = await invite(app.store, "nieuw", Role.COUNSELLOR, now=desk_settings.now())
    async with app.browser() as browser:
        desk_settings.move(hours=23, minutes=59)
        assert (await _open(browser, made.token)).status_code == 200
        desk_settings.move(minutes=2)
        assert (await _open(browser, made.token)).status_code == 404


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kort", "minstens 15 tekens"),
        ("wachtwoord12345678", "te makkelijk"),
        ("correct horse battery staple", "te makkelijk"),
        ("w@chtw00rdgeheim!!", "te makkelijk"),
        ("noor zingt paarse fietsen", "eigen naam"),
    ],
)
async def test_a_weak_password_is_refused_with_the_reason(app, desk_settings, password, why):
    """And nothing of the invitation is used up."""
    made = await invite(app.store, "nieuw", Role.COUNSELLOR, now=desk_settings.now())
    async with app.browser() as browser:
        page = await _open(browser, made.token)
        refused = await _accept(browser, page, made.token, wachtwoord=password)
        taken = await _accept(browser, refused, made.token)

    assert refused.status_code == 422
    assert why in refused.text
    assert password not in refused.text
    assert taken.status_code == 303


async def test_the_authenticator_must_be_proved(app, desk_settings):
    """A wrong first code makes no account."""
    made = await invite(app.store, "nieuw", Role.COUNSELLOR, now=desk_settings.now())
    async with app.browser() as browser:
        page = await _open(browser, made.token)
        answer = await _accept(browser, page, made.token, code="000000")

    assert answer.status_code == 422
    assert "code klopt niet" in answer.text


async def test_a_lead_cannot_become_admin_by_an_invitation(app, lead, join, enter):
    """Neither by giving the role, nor by renewing an admin's account."""
    boss = await join("Wim", Role.ADMIN)
    browser = await enter(lead)
    gives = {"login": "ik@desk.test", "rol": "admin"}
    takes = {"login": boss.login, "rol": "counsellor"}

    for form in (gives, takes):
        answer = await browser.post("/desk/team/uitnodigen", data=form)
        assert answer.status_code == 404
        assert "uitnodiging#" not in answer.text


async def _open(browser, token):
    form = csrf_of(await browser.get("/desk/uitnodiging"))
    return await browser.post("/desk/uitnodiging", data={"csrf": form, "uitnodiging": token})


async def _accept(browser, page, token, **changed):
    secret = page.text.partition('class="secret">')[2].partition("<")[0].replace(" ", "")
    fields = {
        "csrf": csrf_of(page),
        "uitnodiging": token,
        "naam": "Noor",
        "wachtwoord": PASSWORD,
        "code": pyotp.TOTP(secret).at(dt.datetime.now(dt.UTC)),
    }
    return await browser.post("/desk/uitnodiging/aannemen", data={**fields, **changed})
