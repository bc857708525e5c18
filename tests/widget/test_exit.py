"""The quick exit: one tap or three presses of Shift, and nothing is left on the screen."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import DESKTOP, PHONE, say
from tests.widget.site import EXIT


def test_one_tap_leaves_and_wipes(site, visit):
    """The page is replaced, the token is gone from the tab, and the server knows it is dead."""
    page = visit().talk()
    say(page, "iemand komt binnen")
    key = page.evaluate("sessionStorage.getItem('nachtlicht')")
    page.locator(".exit").click()
    page.wait_for_url(EXIT)
    conversation, token = key.split(".")
    path = f"/api/v1/conversations/{conversation}/events?wait=0"
    until = time.monotonic() + 30
    while time.monotonic() < until and site.status(path, token) != 410:
        time.sleep(0.05)
    assert site.status(path, token) == 410


def test_back_shows_nothing_of_the_talk(site, visit):
    """The talk is not in the history: Back leads to what was open before it."""
    page = visit().open("/v1/icon.svg")
    page.goto(f"{site.origin}/chat")
    page.locator(".line").first.wait_for()
    say(page, "niemand mag dit zien")
    page.locator(".exit").click()
    page.wait_for_url(EXIT)
    page.go_back()
    assert page.url == f"{site.origin}/v1/icon.svg"
    page.goto(f"{site.origin}/chat")
    page.locator(".line[data-author=bot]").first.wait_for()
    assert "niemand mag dit zien" not in page.content()


def test_shift_three_times_leaves(visit):
    """Each press is spoken and shown; the third one leaves."""
    page = visit(**DESKTOP).talk()
    page.locator("#line").focus()
    page.keyboard.press("Shift")
    expect(page.locator("[data-ref=exitStatus]")).to_contain_text("nog twee keer")
    assert page.locator(".exit").get_attribute("data-presses") == "1"
    page.keyboard.press("Shift")
    expect(page.locator("[data-ref=exitStatus]")).to_contain_text("nog één keer")
    page.keyboard.press("Shift")
    page.wait_for_url(EXIT)


def test_typing_capitals_does_not_leave(visit):
    """Shift with a letter is typing; a letter between two presses starts the count again."""
    page = visit(**DESKTOP).talk()
    page.locator("#line").focus()
    for key in ("Shift+A", "Shift+B", "Shift+C", "Shift", "Shift", "a", "Shift"):
        page.keyboard.press(key)
    expect(page.locator("[data-ref=exitStatus]")).to_contain_text("nog twee keer")
    assert page.url.endswith("/chat")
    assert page.locator("#line").input_value() == "ABCa"


def test_screen_is_covered_before_the_way_out_is_open(visit):
    """On a slow network nothing of the talk stays in view, nor in the title."""
    page = visit().talk()
    say(page, "niet laten zien")
    page.evaluate(
        """document.addEventListener("click", () => console.log(JSON.stringify({
             words: document.body.innerText.trim(), title: document.title,
             left: document.querySelectorAll(".line, textarea").length + sessionStorage.length,
             address: location.pathname})))"""
    )
    with page.expect_console_message() as seen:
        page.locator(".exit").click()
    page.wait_for_url(EXIT)
    assert json.loads(seen.value.text) == {
        "words": "Even geduld",
        "title": "Even geduld",
        "left": 0,
        "address": "/chat",
    }


def test_other_tabs_leave_too(visit):
    """Whoever looks at the browser afterwards finds no second tab with a talk in it."""
    person = visit()
    first, second = person.talk(), person.talk()
    first.locator(".exit").click()
    second.wait_for_url(EXIT)


def test_exit_works_without_scripts(visit):
    """It is a link: with JavaScript off it leads to the same page."""
    page = visit(**PHONE, java_script_enabled=False).open()
    page.locator(".exit").click()
    page.wait_for_url(EXIT)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_exit_is_first_and_in_view(visit, size):
    """The first press of Tab finds it; it stays at the top however far the talk is scrolled."""
    page = visit(**size).talk()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "exit"
    for number in range(8):
        say(page, f"regel {number}\n\n\n\n")
    page.locator("[data-ref=scroll]").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    box = page.locator(".exit").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] < 120
    assert box["height"] >= 44


def test_strict_leaves_no_token_in_the_browser(visit):
    """With `strict` the token lives in memory only: nothing is stored, not even for a reload."""
    page = visit().talk("/chat?strict")
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    say(page, "alleen in het geheugen")
    expect(page.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(1)
    page.reload()
    page.locator(".line[data-author=bot]").first.wait_for()
    assert page.locator(".line[data-author=youth]").count() == 0


def test_browser_keeps_one_token_and_nothing_else(visit):
    """No cookie, no localStorage, no database; one entry in sessionStorage, without any text."""
    person = visit()
    page = person.talk()
    say(page, "canarie")
    expect(page.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(1)
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "canarie" not in kept
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [1, 0]
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0
    assert person.context.cookies() == []
