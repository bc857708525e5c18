"""A human takes over: who is speaking is plain at every moment, and an end is no closed door."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import PHONE, Visit, lines, say
from tests.widget.test_access import assert_accessible

STANDING = "[data-ref=standing]"


@pytest.fixture
def talk_id(page):
    """A talk that waits for a human."""
    page.locator(".always [data-say]").first.click()
    expect(page.locator(STANDING)).to_contain_text("wacht")
    return uuid.UUID(page.evaluate("sessionStorage.getItem('nachtlicht').split('.')[0]"))


def test_place_in_the_queue_is_told_in_honest_words(browser, live, page, talk_id, sanne):
    """Who is in danger comes first; and no word of a turn while nobody sits at the desk."""
    standing = page.locator(STANDING)
    sanne.arrive()
    page.reload()
    expect(standing).to_contain_text("als eerste aan de beurt")
    person = Visit(browser, live, **PHONE)
    other = person.talk()
    say(other, "dit is mijn afscheid")
    expect(other.locator(STANDING)).to_contain_text("wacht op een medewerker")
    sanne.arrive()  # as an open console says again and again
    page.reload()
    expect(standing).to_contain_text("Eén ander is nog eerder aan de beurt")
    assert_accessible(page, "waiting behind another")
    other.locator(".exit").click()
    person.context.close()
    assert person.faults == []


def test_human_is_named_and_told_apart(page, talk_id, sanne):
    """The bar says who is there, her lines say so too, and no button of the bot is left."""
    sanne.claim(talk_id)
    expect(page.locator(STANDING)).to_contain_text("Sanne")
    sanne.write(talk_id, "Ik heb gelezen wat je schreef. Ben je nu veilig?")
    line = page.locator(".line[data-author=counsellor]")
    expect(line.locator(".from")).to_have_text("Sanne, medewerker")
    expect(page.locator(".choice")).to_have_count(0)
    expect(page.locator(".always button")).to_have_text(["Ik wil een mens", "Stop"])
    expect(page.locator(".always .human")).to_be_hidden()  # she is there
    assert_accessible(page, "live")


def test_words_of_a_counsellor_are_text_with_lines_to_call(page, talk_id, sanne):
    """What she types is never HTML; a number that the release knows can be tapped."""
    sanne.claim(talk_id)
    number = page.locator("#help a[href^='tel:']").nth(2).get_attribute("href").removeprefix("tel:")
    told = page.locator(f"[data-link][href='tel:{number}']").first.get_attribute("data-link")
    sanne.write(talk_id, f"<b>Bel</b> {told}.")
    line = page.locator(".line[data-author=counsellor]")
    expect(line.locator(".said")).to_have_text(f"<b>Bel</b> {told}.")
    expect(line.locator("a")).to_have_attribute("href", f"tel:{number}")


def test_talk_that_goes_back_to_the_queue_says_so(page, talk_id, sanne):
    """Nobody is left to think that a human still reads along."""
    sanne.claim(talk_id)
    expect(page.locator(STANDING)).to_contain_text("Sanne")
    sanne.give_back(talk_id)
    expect(page.locator(STANDING)).not_to_contain_text("Sanne")


def test_end_is_no_closed_door(page, talk_id, sanne):
    """The talk is closed in words; one can begin again, and still say what happened after."""
    sanne.claim(talk_id)
    sanne.end(talk_id)
    expect(page.locator("[data-ref=after]")).to_be_visible()
    expect(page.locator("[data-ref=newTalk]")).to_be_visible()
    assert_accessible(page, "closed")
    _two_taps(page)
    before = len(lines(page))
    say(page, "er is toch nog iets")
    expect(page.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(2)
    assert len(lines(page)) > before


def _two_taps(page):
    """The end question can be answered by keyboard; after it, the focus is at the way on."""
    ask = page.locator("[data-ref=ask]")
    expect(ask).to_contain_text("Had je iets aan dit gesprek?")
    ask.locator("[data-answer=bit]").focus()
    page.keyboard.press("Enter")
    expect(ask).to_contain_text("Weet je wat je nu kunt doen?")
    page.keyboard.press("Enter")
    expect(ask).to_be_hidden()
    expect(page.locator("[data-ref=askThanks]")).to_be_visible()
    expect(page.locator("[data-ref=newTalk]")).to_be_focused()
