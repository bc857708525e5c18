"""What the tests of passkeys do again and again: ask, sign, send, add, look at the audit."""

from sqlalchemy import select

from nachtlicht.store import Audit, Passkey
from tests.desk.authenticator import Authenticator
from tests.desk.conftest import csrf_of

ASK = "/desk/aanmelden/passkey/vraag"


async def form(browser):
    """The token of the sign-in page."""
    return csrf_of(await browser.get("/desk/aanmelden"))


async def ask(browser, csrf=None):
    answer = await browser.post(ASK, data={"csrf": csrf or await form(browser)})
    assert answer.status_code == 200
    return answer.json()


async def send(browser, signed, csrf=None):
    """Send an answer as the page does."""
    data = {"csrf": csrf or await form(browser), "antwoord": signed, "verder": "/desk"}
    return await browser.post("/desk/aanmelden/passkey", data=data)


async def sign_in(browser, device, csrf=None):
    return await send(browser, device.sign(await ask(browser, csrf)), csrf)


async def add(browser, device, naam="Laptop"):
    """Let a device make a passkey for who is signed in."""
    options = (await browser.post("/desk/account/passkeys/vraag", data={})).json()
    data = {"naam": naam, "antwoord": device.make(options)}
    return await browser.post("/desk/account/passkeys", data=data)


async def added(app, browser):
    """A new device with a passkey of who is signed in."""
    device = Authenticator(app.settings.public_origin)
    assert (await add(browser, device)).status_code == 303
    return device


async def remove_path(app):
    async with app.store.read() as session:
        (passkey_id,) = await session.scalars(select(Passkey.id))
    return f"/desk/account/passkeys/{passkey_id}/weg"


async def audited(app):
    """What the audit says of passkeys, in order."""
    async with app.store.read() as session:
        lines = await session.scalars(select(Audit).order_by(Audit.id))
        return [
            (line.action, line.detail, line.counsellor_id)
            for line in lines
            if line.action.startswith("passkey") or line.detail == "passkey"
        ]
