"""What is in view when lines come: reading begins at the first, and nobody is dragged away."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import say

SCROLL = "[data-ref=scroll]"
LONG = "\n".join(f"Zin {number} van een lang bericht." for number in range(30))


@pytest.fixture
def talk_id(page, sanne):
    """A talk with a human in it."""
    page.locator(".always [data-say]").first.click()
    expect(page.locator("[data-ref=standing]")).to_contain_text("wacht")
    talk_id = uuid.UUID(page.evaluate("sessionStorage.getItem('nachtlicht').split('.')[0]"))
    sanne.claim(talk_id)
    expect(page.locator("[data-ref=standing]")).to_contain_text("Sanne")
    page.wait_for_timeout(200)
    return talk_id


def top_of(page, text):
    """How far below the top of the talk a line begins, in pixels."""
    line = page.locator(".line", has_text=text).last
    line.wait_for()
    return line.evaluate(
        "line => line.getBoundingClientRect().top"
        " - document.querySelector('[data-ref=scroll]').getBoundingClientRect().top"
    )


def test_long_answer_is_shown_from_its_beginning(page, talk_id, sanne):
    """One starts to read at the top of it, not at its end."""
    page.locator(SCROLL).evaluate("box => box.scrollTo(0, box.scrollHeight)")
    sanne.write(talk_id, f"Kop van het bericht.\n{LONG}")
    assert 0 <= top_of(page, "Kop van het bericht.") < 150
    expect(page.locator("[data-ref=newBelow]")).to_be_visible()


def test_answer_keeps_my_own_line_in_view(page, talk_id, sanne):
    """What I said stands above what is said to it."""
    say(page, "dit is mijn vraag")
    expect(page.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(2)
    sanne.write(talk_id, f"Het antwoord.\n{LONG}")
    assert 0 <= top_of(page, "dit is mijn vraag") < 40


def test_who_reads_back_is_not_dragged_away(page, talk_id, sanne):
    """The view stays, and a button leads to what is new."""
    sanne.write(talk_id, LONG)
    expect(page.locator(".line[data-author=counsellor]")).to_have_count(1)
    page.locator(SCROLL).evaluate("box => box.scrollTo(0, 0)")
    sanne.write(talk_id, "Nog iets.")
    expect(page.locator(".line[data-author=counsellor]")).to_have_count(2)
    assert page.locator(SCROLL).evaluate("box => box.scrollTop") == 0
    page.locator("[data-ref=newBelow]").click()
    expect(page.locator(".line").last).to_be_in_viewport()
    expect(page.locator("[data-ref=newBelow]")).to_be_hidden()
