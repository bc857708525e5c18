"""Passkeys in a real browser, with its own virtual authenticator behind it."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from nachtlicht.web.desk.guard import COOKIE


async def test_a_passkey_is_added_used_and_removed(app, sanne, sign_in):
    """As a counsellor does it; the console of the browser has no complaint."""
    page = await sign_in(sanne)
    device, complaints = await authenticator(page), []
    page.on("console", lambda said: _is_fault(said) and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{app.url}/desk/account")
    await page.get_by_label("Naam van de nieuwe passkey").fill("Laptop van het werk")
    await page.get_by_role("button", name="Voeg een passkey toe").click()
    row = page.get_by_role("row").filter(has_text="Laptop van het werk")
    await expect(row).to_contain_text("Nog niet")
    assert await faults(page) == []

    await page.get_by_text(sanne.name).first.click()
    await page.get_by_role("button", name="Afmelden").click()
    await page.get_by_role("button", name="Meld je aan met een passkey").click()
    await expect(page.get_by_role("heading", name="Wachtrij", level=1)).to_be_visible()
    assert COOKIE in {cookie["name"] for cookie in await page.context.cookies()}

    await page.goto(f"{app.url}/desk/account")
    await expect(row).not_to_contain_text("Nog niet")
    await row.get_by_role("button", name="Verwijder").click()
    await expect(row).to_have_count(0)
    assert complaints == []
    assert len(await credentials(page, device)) == 1  # the browser keeps it; the desk forgot it


async def test_a_second_passkey_on_the_same_device_is_not_made(app, sanne, sign_in):
    """The browser knows that there is one, and the page says so."""
    page = await sign_in(sanne)
    await authenticator(page)
    await page.goto(f"{app.url}/desk/account")
    for name in ("Laptop", "Nog een"):
        await page.get_by_label("Naam van de nieuwe passkey").fill(name)
        await page.get_by_role("button", name="Voeg een passkey toe").click()
        if name == "Laptop":
            await expect(page.get_by_role("row").filter(has_text=name)).to_be_visible()
    state = page.locator("[data-passkey-state]")

    await expect(state).to_have_text("Op dit apparaat staat al een passkey van jou.")


async def test_who_is_not_recognised_reads_what_to_do(app, sanne, sign_in, look):
    """A device that does not know its owner signs nothing; the form of the password is there."""
    page = await look()
    await authenticator(page, isUserVerified=False)
    await page.goto(f"{app.url}/desk/aanmelden")
    await page.get_by_role("button", name="Meld je aan met een passkey").click()

    state = page.locator("[data-passkey-state]")
    await expect(state).to_contain_text("Je passkey is niet gebruikt", timeout=30_000)
    await expect(page.get_by_label("Wachtwoord")).to_be_visible()
    assert await faults(page) == []


async def test_a_browser_without_passkeys_shows_none(app, look):
    """The door is as it was."""
    page = await look()
    await page.add_init_script("delete window.PublicKeyCredential")
    await page.goto(f"{app.url}/desk/aanmelden")

    await expect(page.get_by_role("button", name="Meld je aan", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="passkey")).to_have_count(0)


async def authenticator(page, **changed):
    """Put a virtual authenticator behind a page; gives the way to it."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = await session.send(
        "WebAuthn.addVirtualAuthenticator", {"options": {**options, **changed}}
    )
    return session, added["authenticatorId"]


async def credentials(page, device):
    session, number = device
    found = await session.send("WebAuthn.getCredentials", {"authenticatorId": number})
    return found["credentials"]


async def faults(page):
    found = await Axe().run(page, options={"resultTypes": ["violations"]})
    return [fault["id"] for fault in found.response["violations"]]


@pytest.fixture
def app(named_app):
    """The app by its name, as a browser wants it for passkeys."""
    named_app.url = named_app.settings.public_origin
    return named_app


def _is_fault(said):
    """An error in the console; not what the console asks the moment it is signed out (401)."""
    return said.type == "error" and "401" not in said.text
