"""The widget on a partner's page of another origin: loader, frame, messages, and their limits."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import DESKTOP, PHONE, say
from tests.widget.site import EXIT

LAUNCHER = "nachtlicht-chat > button, nachtlicht-chat button"
# A busy machine may need longer for the frame than the eight seconds that the loader gives it.
PATIENCE = """() => {
  const real = setTimeout;
  window.setTimeout = (act, after, ...more) => real(act, after === 8000 ? 600000 : after, ...more);
}"""


@pytest.fixture
def partner(site, visit):
    """A partner's page on a desktop, and the frame of ours once it is opened."""
    page = visit(**DESKTOP).open(f"{site.partner}/demo.html")
    page.locator(LAUNCHER).first.wait_for()
    return page


def opened(page):
    """Open the chat and give the frame with a talk in it."""
    page.evaluate(PATIENCE)
    page.locator(LAUNCHER).first.click()
    frame = page.frame_locator("iframe")
    frame.locator(".line[data-author=bot]").first.wait_for()
    return frame


def test_nothing_is_asked_of_us_before_the_first_tap(site, partner):
    """A partner's visitor who doesn't open the chat loads the launcher and no more."""
    loaded = partner.evaluate("performance.getEntriesByType('resource').map(r => r.name)")
    ours = {url.removeprefix(site.origin) for url in loaded if url.startswith(site.origin)}
    assert ours == {"/v1/loader.js", "/v1/demo.css"}
    assert partner.locator("iframe").count() == 0


def test_talk_runs_in_a_frame_of_our_origin(site, partner):
    """The partner's scripts cannot look inside."""
    frame = opened(partner)
    say_in(frame, "in het venster")
    assert partner.locator("iframe").get_attribute("src").startswith(f"{site.origin}/v1/frame")
    locked = partner.evaluate(
        """() => { const frame = document.querySelector("nachtlicht-chat").shadowRoot
                     .querySelector("iframe");
                   try { return frame.contentDocument === null } catch { return true } }"""
    )
    assert locked is True


def test_closing_keeps_the_talk_and_counts_what_is_new(partner):
    """Hidden, the launcher says how many lines came; opened again, all of it is there."""
    launcher = partner.locator(LAUNCHER).first
    words = launcher.inner_text()
    frame, under_way = opened(partner), []
    partner.route("**/messages", lambda route: under_way.append(route))  # answered when hidden
    with partner.expect_request("**/messages"):
        frame.locator("#line").fill("hoe laat is het daar eigenlijk")
        frame.locator("#line").press("Enter")
    frame.locator("[data-ref=hide]").click()
    expect(partner.locator("iframe")).to_be_hidden()
    expect(launcher).to_be_focused()
    under_way[0].continue_()
    expect(launcher).to_contain_text("1 nieuw")
    launcher.click()
    expect(frame.locator(".line[data-author=youth]")).to_have_count(1)
    expect(launcher).to_have_text(words)


def test_exit_in_the_frame_takes_the_partners_page_along(partner):
    """The whole tab goes, not the frame alone."""
    frame = opened(partner)
    say_in(frame, "weg hier")
    frame.locator(".exit").click()
    partner.wait_for_url(EXIT)


def test_shift_on_the_partners_page_leaves_too(site, partner):
    """Wherever the focus is: three presses leave, and the talk's token is dead."""
    with partner.expect_response("**/api/v1/conversations") as answer:
        opened(partner)
    key = answer.value.json()
    partner.locator("h1").click()
    for _ in range(3):
        partner.keyboard.press("Shift")
    partner.wait_for_url(EXIT)
    path = f"/api/v1/conversations/{key['id']}/events?wait=0"
    until = time.monotonic() + 30
    while time.monotonic() < until and site.status(path, key["token"]) != 410:
        time.sleep(0.05)
    assert site.status(path, key["token"]) == 410


def test_shift_inside_the_frame_leaves(partner):
    """A press of Shift is no tap, so the browser may forbid the frame to go: the page goes then."""
    frame = opened(partner)
    frame.locator("#line").focus()
    for _ in range(3):
        partner.keyboard.press("Shift")
    partner.wait_for_url(EXIT)


def test_messages_of_strangers_are_not_heard(site, partner):
    """Neither side obeys a message from another window or origin."""
    frame = opened(partner)
    partner.evaluate("postMessage({nachtlicht: 'exit'}, '*')")
    stranger = partner.context.new_page()
    stranger.goto(f"{site.origin}/v1/icon.svg")
    frame.locator("body").evaluate("() => postMessage({nachtlicht: 'exit'}, '*')")
    partner.wait_for_timeout(300)
    assert partner.url.endswith("/demo.html")
    expect(frame.locator("#line")).to_be_visible()


def test_frame_that_does_not_come_leaves_the_lines_to_call(site, visit):
    """Our server is away after the loader came: the panel shows what the tag holds, and an exit."""
    person = visit(**DESKTOP)
    person.context.route("**/v1/frame*", lambda route: route.abort())
    page = person.open(f"{site.partner}/demo.html")
    page.clock.install()
    page.locator(LAUNCHER).first.click()
    page.clock.run_for(9000)
    silent = page.locator(".silent")
    expect(silent.locator("a[href^='tel:']").first).to_be_visible()
    silent.locator("a").first.click()
    page.wait_for_url(EXIT)


def test_without_the_loader_the_partners_page_keeps_lines_and_exit(site, visit):
    """What stands in the tag as plain HTML needs no script of ours."""
    person = visit(**PHONE)
    person.context.route("**/v1/loader.js", lambda route: route.abort())
    page = person.open(f"{site.partner}/demo.html")
    expect(page.locator("nachtlicht-chat a[href^='tel:']").first).to_be_visible()
    page.locator("nachtlicht-chat a.exit").click()
    page.wait_for_url(EXIT)


def test_on_a_phone_the_chat_fills_the_screen(site, visit):
    """The exit is at the top of the phone, wherever the partner's page was scrolled."""
    page = visit(**PHONE).open(f"{site.partner}/demo.html")
    page.evaluate("scrollTo(0, 300)")
    opened(page)
    box = page.locator("iframe").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)


def test_page_that_is_not_listed_cannot_hold_the_frame(site, visit):
    """`frame-ancestors` names the partners; to any other page the frame stays empty."""
    person = visit(**DESKTOP)
    person.context.route(
        "https://vreemd.example/",
        lambda route: route.fulfill(
            body=f"<iframe src='{site.origin}/v1/frame'></iframe>", content_type="text/html"
        ),
    )
    page = person.open("https://vreemd.example/")
    page.wait_for_timeout(500)
    assert page.frames[1].locator("nachtlicht-chat").count() == 0


def test_every_request_of_the_talk_goes_to_one_origin(site, visit):
    """No third party: not for fonts, not for counting, not for pictures."""
    person = visit(**DESKTOP)
    page = person.talk()
    say(page, "hoe laat is het daar eigenlijk")
    expect(page.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(1)
    assert {url.split("/api")[0].split("/v1")[0].split("/chat")[0] for url in person.asked} == {
        site.origin
    }


def say_in(frame, text):
    frame.locator("#line").fill(text)
    frame.locator("#line").press("Enter")
    frame.locator(".line[data-author=youth]:not([data-draft])").last.wait_for()
