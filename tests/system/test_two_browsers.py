"""A young person on a phone and a counsellor at a desk, in two browsers, talk to each other."""

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

RISK = "hij zegt dat hij mijn foto rondstuurt als ik vanavond geen geld geef"
PHONE = {"viewport": {"width": 360, "height": 740}, "locale": "nl-NL"}
DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "nl-NL"}


def test_a_risk_message_reaches_a_counsellor_and_the_two_talk(whole, phone, desk):
    """From the first line to the close: queue, card, claim, both ways, the end."""
    phone.goto(f"{whole.origin}/chat")
    log = phone.locator("[data-ref=log]")
    expect(log).to_contain_text("chatbot")
    say(phone, RISK)

    row = desk.locator("#lijst li").first
    expect(row).to_contain_text("fpersing")
    row.get_by_role("button", name="Neem aan").click()
    expect(desk.locator("#verhaal")).to_contain_text(RISK)
    expect(desk.locator("#verhaal mark").first).to_be_visible()
    expect(phone.locator("[data-ref=standing]")).to_contain_text("Sanne")

    desk.locator("#tekst").fill("Hoi, ik ben Sanne. Ik heb gelezen wat je schreef.")
    desk.get_by_role("button", name="Verstuur").click()
    expect(log).to_contain_text("ik ben Sanne")
    say(phone, "ik ben bang dat mijn ouders het zien")
    expect(desk.locator("#verhaal")).to_contain_text("bang dat mijn ouders")

    phone.reload()
    expect(log).to_contain_text("bang dat mijn ouders")
    assert log.inner_text().count("bang dat mijn ouders") == 1


def say(page: Page, text: str) -> None:
    """Type a line and send it, as a thumb would."""
    page.locator("[data-ref=line]").fill(text)
    page.locator("[data-ref=say] button[type=submit]").click()


@pytest.fixture
def phone(browser):
    """A young person's phone."""
    context = browser.new_context(**PHONE)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser, whole):
    """A counsellor who accepted an invitation and looks at the queue."""
    context = browser.new_context(**DESK)
    page = context.new_page()
    link = whole.run("invite", "sanne@desk.test").strip().splitlines()[-1]
    page.goto(link)
    secret = re.sub(r"\s", "", page.locator("code.secret").inner_text())
    page.locator("#naam").fill("Sanne")
    page.locator("#wachtwoord").fill("paarse fiets zingt zacht")
    page.locator("#code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Maak mijn account").click()
    expect(page.get_by_role("heading", name="Wachtrij")).to_be_visible()
    yield page
    context.close()
