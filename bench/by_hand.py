"""`python -m bench.by_hand ORIGIN INVITATION`: README's two pictures, of a running `make run`.

A young person on a phone and a counsellor have one invented talk through everything that is
there: bot, actions, queue and desk. Both addresses are what `make run` prints. With the clock in
the night (`NACHTLICHT_CLOCK`) the desk is open.
"""

from __future__ import annotations

import re
import sys

import pyotp
from playwright.sync_api import Page, expect, sync_playwright

from bench.screens import DESK, SCREENS
from tests.widget.conftest import ARGUMENTS, CHROMIUM, PHONE, lines, say

SAID = [
    "hoi ben je een echt mens",
    "iemand op insta zegt dat ie mn foto naar iedereen stuurt als ik niet betaal",
]
DAYLIGHT = "document.documentElement.dataset.theme = 'light'"


def main(origin: str, invitation: str) -> None:
    """Talk, take over, talk on; keep two pictures and print what was said."""
    expect.set_options(timeout=20_000)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        phone = browser.new_context(locale="nl-NL", device_scale_factor=2, **PHONE).new_page()
        desk = browser.new_context(locale="nl-NL", viewport=DESK).new_page()
        _join(desk, invitation)
        phone.goto(f"{origin}/chat")
        phone.locator(".line[data-author=bot]").first.wait_for()
        for text in SAID:
            before = len(lines(phone))
            say(phone, text)
            expect(phone.locator(".line:not([data-draft])")).not_to_have_count(before + 1)
            phone.wait_for_timeout(2000)
        desk.goto(f"{origin}/desk")
        desk.get_by_role("button", name="Neem aan").first.click()
        _write(desk, "Hoi, ik ben Sanne. Ik heb gelezen wat je schreef. Ben je nu veilig?")
        expect(phone.locator(".line[data-author=counsellor]")).to_have_count(1)
        say(phone, "ja hoor, maar hij blijft me appen")
        expect(desk.locator("#verhaal")).to_contain_text("blijft me appen")
        _write(desk, "Goed dat je dit vertelt. Je hoeft nu niet te reageren.")
        expect(phone.locator(".line[data-author=counsellor]")).to_have_count(2)
        phone.wait_for_timeout(900)  # for what fades and scrolls
        phone.screenshot(path=SCREENS / "widget-phone.png")
        desk.locator("h1").click()
        desk.wait_for_timeout(900)
        desk.screenshot(path=SCREENS / "desk.png")
        for author, text in lines(phone):
            print(f"{author}: {text}")
        browser.close()


def _join(desk: Page, invitation: str) -> None:
    desk.goto(invitation)
    secret = re.sub(r"\s", "", desk.locator("code.secret").inner_text())
    desk.locator("#naam").fill("Sanne")
    desk.locator("#wachtwoord").fill("paarse fiets zingt zacht")
    desk.locator("#code").fill(pyotp.TOTP(secret).now())
    desk.get_by_role("button", name="Maak mijn account").click()
    desk.wait_for_load_state()


def _write(desk: Page, text: str) -> None:
    desk.locator("#tekst").fill(text)
    desk.get_by_role("button", name="Verstuur").click()


if __name__ == "__main__":
    main(*sys.argv[1:])
