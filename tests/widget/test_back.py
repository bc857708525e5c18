"""Coming back by four words: asked for, shown once, and good for one talk in one place."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import DESKTOP, mine, say
from tests.widget.test_access import assert_accessible


@pytest.fixture
def words(talk):
    """A talk with one line in it, and its four words."""
    say(talk, "hoe laat is het daar eigenlijk")
    expect(talk.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(1)
    talk.locator(".note [data-panel=back]").click()
    talk.locator("[data-ref=makeCode]").click()
    expect(talk.locator("[data-ref=code]")).to_have_text(re.compile(r"^\w+( \w+){3}$"))
    return talk.locator("[data-ref=code]").inner_text()


def test_back_after_the_quick_exit_on_another_device(talk, words, visit):
    """By keyboard alone, with capitals and commas: the same talk, and one can go on in it."""
    assert_accessible(talk, "with four words")
    assert words not in talk.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    talk.locator(".exit").click()
    talk.wait_for_url("https://weer.example/**")

    page = visit(**DESKTOP).talk()
    page.locator(".note [data-panel=back]").focus()
    page.keyboard.press("Enter")
    page.locator("#code-line").focus()
    page.keyboard.type(words.title().replace(" ", ", "))
    page.keyboard.press("Enter")
    expect(page.locator("#back")).to_be_hidden()
    expect(page.locator(".line[data-author=youth]")).to_have_count(1)
    assert mine(page) == ["hoe laat is het daar eigenlijk"]
    say(page, "ik ben er weer")
    expect(page.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(2)


def test_words_are_gone_from_the_page_when_the_sheet_closes(talk, words):
    """Who takes the phone over does not find them."""
    talk.keyboard.press("Escape")
    assert words not in talk.content()


def test_opened_elsewhere_the_first_tab_lets_go(talk, words, visit):
    """A talk is open in one place; the other says so and offers a new one."""
    talk.keyboard.press("Escape")
    page = visit().talk()
    page.locator(".note [data-panel=back]").click()
    page.locator("#code-line").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator(".line[data-author=youth]")).to_have_count(1)

    say(talk, "nog iets")
    expect(talk.locator("[data-ref=afterText]")).to_contain_text("ergens anders geopend")
    expect(talk.locator("[data-ref=newTalk]")).to_be_visible()


def test_wrong_words_say_so_and_stay(visit):
    """The reason is read out, the words stand there to be mended, and the talk goes on."""
    page = visit().talk()
    page.locator(".note [data-panel=back]").click()
    page.locator("#code-line").fill("vier woorden die niets")
    page.keyboard.press("Enter")
    expect(page.locator("[data-ref=codeFailed]")).to_contain_text("openen geen gesprek")
    expect(page.locator("#code-line")).to_have_value("vier woorden die niets")
    assert_accessible(page, "wrong words")
    page.keyboard.press("Escape")
    say(page, "ik praat gewoon verder")
    expect(page.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(1)
