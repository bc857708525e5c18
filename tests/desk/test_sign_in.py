"""The door: who gets in, who does not, and that nothing can be learned from a refusal."""

import asyncio
import time

import pyotp
import pytest

from nachtlicht.web.desk.guard import COOKIE
from tests.desk.conftest import PASSWORD, next_code, try_sign_in


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

    async def seconds(ask):
        """Our own work, at its quickest of three: what else the process does is no part of it."""
        took = []
        for _ in range(3):
            async with app.browser() as browser:
                began = time.process_time()
                await ask(browser)
                took.append(time.process_time() - began)
        return min(took)

    known = await seconds(lambda b: try_sign_in(b, sanne, wachtwoord="paarse fiets zingt luid"))
    unknown = await seconds(lambda b: try_sign_in(b, sanne, login="niemand@desk.test"))
    nothing = await seconds(lambda b: b.get("/desk/aanmelden"))

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


async def test_after_signing_in_one_stays_at_the_desk(app, sanne):
    """The way back can only be a page of the desk."""
    async with app.browser() as browser:
        for onward in ("https://evil.test/desk/", "//evil.test/desk/", "/desk//evil.test", "/etc"):
            await next_code(app.store, sanne)
            answer = await try_sign_in(browser, sanne, verder=onward)
            assert answer.headers["location"] == "/desk"
            browser.cookies.clear()
