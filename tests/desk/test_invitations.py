"""Invitations: one link, one time, one day; and what must be chosen behind it."""

import pytest

from nachtlicht.chat.staff import invite, invite_first
from nachtlicht.store import Role
from tests.desk.invitations import accept, open_by


async def test_the_first_invitation_is_made_until_somebody_is_in(desk_settings, app):
    """`make run` shows a link at each start, and none once it was used."""
    first = await invite_first(app.store, desk_settings)
    second = await invite_first(app.store, desk_settings)
    assert first != second
    assert second.startswith(f"{desk_settings.public_origin}/desk/uitnodiging#")

    async with app.browser() as browser:
        old = await open_by(browser, first.partition("#")[2])
        page = await open_by(browser, second.partition("#")[2])
        done = await accept(browser, page, second.partition("#")[2])
        queue = await browser.get("/desk")

    assert old.status_code == 404
    assert done.status_code == 303
    assert "Wachtrij" in queue.text
    assert await invite_first(app.store, desk_settings) is None


async def test_an_invitation_works_once(app, desk_settings):
    """Who finds the link later finds nothing."""
    made = await invite(app.store, "nieuw", Role.COUNSELLOR, now=desk_settings.now())
    async with app.browser() as browser, app.browser() as finder:
        page = await open_by(browser, made.token)
        await accept(browser, page, made.token)
        assert (await open_by(finder, made.token)).status_code == 404


async def test_an_invitation_ends_after_a_day(app, desk_settings):
    """And not a minute before."""
    made = await invite(app.store, "nieuw", Role.COUNSELLOR, now=desk_settings.now())
    async with app.browser() as browser:
        desk_settings.move(hours=23, minutes=59)
        assert (await open_by(browser, made.token)).status_code == 200
        desk_settings.move(minutes=2)
        assert (await open_by(browser, made.token)).status_code == 404


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
        page = await open_by(browser, made.token)
        refused = await accept(browser, page, made.token, wachtwoord=password)
        taken = await accept(browser, refused, made.token)

    assert refused.status_code == 422
    assert why in refused.text
    assert password not in refused.text
    assert taken.status_code == 303


async def test_the_authenticator_must_be_proved(app, desk_settings):
    """A wrong first code makes no account."""
    made = await invite(app.store, "nieuw", Role.COUNSELLOR, now=desk_settings.now())
    async with app.browser() as browser:
        page = await open_by(browser, made.token)
        answer = await accept(browser, page, made.token, code="000000")

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
