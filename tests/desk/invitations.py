"""Takes an invitation as a person would: opens it, reads the secret, fills in the form."""

import datetime as dt

import pyotp

from tests.desk.conftest import PASSWORD, csrf_of


async def open_by(browser, token):
    """The page behind an invitation."""
    form = csrf_of(await browser.get("/desk/uitnodiging"))
    return await browser.post("/desk/uitnodiging", data={"csrf": form, "uitnodiging": token})


async def accept(browser, page, token, **changed):
    """Fill in the form of `page`; `changed` replaces fields."""
    secret = page.text.partition('class="secret">')[2].partition("<")[0].replace(" ", "")
    fields = {
        "csrf": csrf_of(page),
        "uitnodiging": token,
        "naam": "Noor",
        "wachtwoord": PASSWORD,
        "code": pyotp.TOTP(secret).at(dt.datetime.now(dt.UTC)),
    }
    return await browser.post("/desk/uitnodiging/aannemen", data={**fields, **changed})
