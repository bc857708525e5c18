"""Real browser windows for the desk's tests."""

import asyncio
import contextlib
import os

import pytest
from playwright.async_api import async_playwright, expect

from nachtlicht.chat.staff import Person, SignIn
from nachtlicht.web.desk.guard import COOKIE

__all__ = ["look", "sign_in"]

expect.set_options(timeout=20_000)  # a busy machine is slow, and still right

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
)
WIDE, TABLET = {"width": 1280, "height": 800}, {"width": 820, "height": 1180}


@pytest.fixture
async def look():
    """Opens a browser window of its own; gives its page."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())

        async def look():
            context = await browser.new_context(
                viewport=WIDE, locale="nl-NL", reduced_motion="reduce"
            )
            context.set_default_timeout(30_000)
            return await context.new_page()

        yield look
        await browser.close()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0.1)  # let the server see that its streams are gone


@pytest.fixture
def sign_in(app, look):
    """Gives a page on which a member is signed in, standing at the queue.

    By the cookie that the door would give: the door has tests of its own, and hashing is slow.
    """

    async def sign_in(who):
        page, person = await look(), Person(who.id, who.name, who.role)
        begun = await SignIn(app.store).begin_for(person, now=app.settings.now())
        address = app.url.replace("http:", "https:")  # a secure cookie, here also sent over http
        kept = {"name": COOKIE, "value": begun.token, "url": address, "httpOnly": True}
        await page.context.add_cookies([{**kept, "secure": True, "sameSite": "Strict"}])
        await page.goto(f"{app.url}/desk")
        return page

    return sign_in


async def take(page):
    """Press the button of a talk that waits, and wait until the page behind it works."""
    await page.click("text=Neem dit gesprek aan")
    await is_ready(page, "#tekst")


async def is_ready(page, part):
    """Wait for a page by a part of its own: it is drawn before its script hears a key."""
    await expect(page.locator(part)).to_be_visible()
    await page.wait_for_load_state()
